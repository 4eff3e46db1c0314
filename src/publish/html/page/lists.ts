import { isVisible, keepGlobal, toWhole } from './attributes.ts';
import { putBlock, startIn, withoutLink, type CursorContext, type Cursor } from './cursor.ts';
import {
  append,
  appendText,
  pageAttributeOf,
  gatherText,
  isElement,
  makeElement,
  pageTextOf,
  type PageElement,
  type PageNode,
} from './tree.ts';

/** Puts a list at the cursor, which may contain only items (HTML §4.4.5). A list directly inside it
 *  belongs to the item before, as browsers show it. Anything else becomes an item. */
export function placeList(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const isOrdered = element.tagName === 'ol';
  const list = makeElement(element.tagName, {
    start: isOrdered ? toWhole(pageAttributeOf(element, 'start'), 1e9) : null,
    reversed: isOrdered && pageAttributeOf(element, 'reversed') !== null ? '' : null,
    ...keepGlobal(element),
  });
  let into: Cursor | null = null;
  let isStray = false;
  const begin = (from: PageElement | null) => {
    const item = makeElement('li', from ? keepGlobal(from) : {});
    append(list, item);
    isStray = from === null;
    return (into = startIn(item, 'flow'));
  };
  for (const child of element.childNodes) {
    if (isBlank(child) && !isStray) continue;
    const isList = isElement(child) && (child.tagName === 'ul' || child.tagName === 'ol');
    if (isElement(child) && child.tagName === 'li') context.place(child.childNodes, begin(child), context);
    else context.place([child], into !== null && (isStray || isList) ? into : begin(null), context);
  }
  putBlock(cursor, list, () => {
    if (list.childNodes.every((item) => isElement(item) && item.childNodes.length === 0)) list.childNodes.length = 0;
  });
}

/** Puts a list of terms and descriptions at the cursor (HTML §4.4.9). If a term or a description
 *  lacks its counterpart, the list is used for layout and becomes plain blocks. */
export function placeDescriptions(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const items: { readonly name: string; readonly attributes: Readonly<Record<string, string | null>>; readonly nodes: PageNode[] }[] = [];
  const collect = (nodes: readonly PageNode[], depth: number) => {
    for (const node of nodes) {
      if (isBlank(node) && items.length === 0) continue;
      if (isElement(node) && (node.tagName === 'dt' || node.tagName === 'dd'))
        items.push({ name: node.tagName, attributes: keepGlobal(node), nodes: [...node.childNodes] });
      else if (isElement(node) && node.tagName === 'div' && depth === 0) collect(node.childNodes, 1);
      else if (items.length > 0) items.at(-1)?.nodes.push(node);
      else items.push({ name: 'dd', attributes: {}, nodes: [node] });
    }
  };
  collect(element.childNodes, 0);
  const isProper = items[0]?.name === 'dt' && items.at(-1)?.name === 'dd';
  const list = makeElement(isProper ? 'dl' : 'div', keepGlobal(element));
  putBlock(cursor, list, () => {
    for (const item of items) {
      const block = makeElement(isProper ? item.name : 'div', item.attributes);
      context.place(item.nodes, startIn(block, 'flow'), item.name === 'dt' && isProper ? { ...context, isPlain: true } : context);
      if (isProper || block.childNodes.length > 0) append(list, block);
    }
    if (list.childNodes.every((item) => isElement(item) && item.childNodes.length === 0)) list.childNodes.length = 0;
  });
}

/** Puts a `details` element at the cursor (HTML §4.11.1). Its summary comes first and contains no
 *  other control; without words it reads "Details". */
export function placeDetails(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const from = element.childNodes.find((child) => isElement(child) && child.tagName === 'summary') ?? null;
  const details = makeElement('details', keepGlobal(element));
  putBlock(cursor, details, () => {
    const summary = makeElement('summary', from && isElement(from) ? keepGlobal(from) : {});
    append(details, summary);
    if (from && isElement(from))
      context.place(from.childNodes, startIn(summary, 'phrasing'), {
        ...context,
        inlines: withoutLink(context.inlines),
        hasControls: false,
      });
    if (!isVisible(gatherText([summary], Infinity))) appendText(summary, 'Details');
    const rest = element.childNodes.filter((child) => child !== from);
    context.place(rest, startIn(details, 'flow'), context);
  });
}

/** Puts a figure at the cursor. A caption at its beginning or end is kept (HTML §4.4.12); any other
 *  becomes a plain block. */
export function placeFigure(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const solid = element.childNodes.filter((child) => !isBlank(child));
  const isCaption = (node: PageNode | undefined): node is PageElement =>
    node !== undefined && isElement(node) && node.tagName === 'figcaption';
  const [first, last] = [solid[0], solid.at(-1)];
  const caption = isCaption(first) ? first : isCaption(last) ? last : null;
  const figure = makeElement('figure', keepGlobal(element));
  const putCaption = () => {
    if (caption === null) return;
    const block = makeElement('figcaption', keepGlobal(caption));
    context.place(caption.childNodes, startIn(block, 'flow'), context);
    if (block.childNodes.length > 0) append(figure, block);
  };
  putBlock(cursor, figure, () => {
    if (caption === first) putCaption();
    const rest = element.childNodes.filter((child) => child !== caption);
    context.place(rest, startIn(figure, 'flow'), context);
    if (caption !== first) putCaption();
  });
}

/** Reports whether a node is only space between elements. */
function isBlank(node: PageNode): boolean {
  return !isElement(node) && /^\s*$/.test(pageTextOf(node) ?? '');
}
