import { defaultTreeAdapter, html as names, parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5';

/** An element of a page's tree; in what we build, its attributes are the ones that are written. */
export type PageElement = DefaultTreeAdapterTypes.Element;

/** Anything that stands in an element: of ours, elements and text alone. */
export type PageNode = DefaultTreeAdapterTypes.ChildNode;

/** Formatting elements that may be open at once before parsing. HTML opens all of them anew in
 *  every paragraph that follows a wrongly nested one (§13.2.4.3), so a hundred in front of 100,000
 *  paragraphs would become ten million; three or four is what people write. */
const MAX_FORMATTING = 6;

/** What a browser makes of sanitised HTML as the content of a `div` (HTML §13.2, §13.4), in time
 *  linear in its length. */
export function parseTree(html: string): readonly PageNode[] {
  return parseFragment(makeElement('div', {}), withoutDeepFormatting(html), { treeAdapter: linearAdapter }).childNodes;
}

/** The tree below `root` as HTML, which a browser reads back as the same tree. */
export function writeTree(root: PageElement): string {
  return serialize(root);
}

/** A new element without content; attributes with the value null are left out. */
export function makeElement(name: string, attributes: Readonly<Record<string, string | null>>): PageElement {
  const attrs = Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [{ name: key, value }]));
  return defaultTreeAdapter.createElement(name, names.NS.HTML, attrs);
}

/** Puts a node last in an element. */
export function append(parent: PageElement, child: PageElement): void {
  defaultTreeAdapter.appendChild(parent, child);
}

/** Puts text last in an element, joined to text that stands there already: a browser reads
 *  neighbours as one. */
export function appendText(parent: PageElement, text: string): void {
  if (text !== '') defaultTreeAdapter.insertText(parent, text);
}

/** Whether a node is an element. */
export function isElement(node: PageNode): node is PageElement {
  return 'tagName' in node;
}

/** Text of a text node; null for every other node. */
export function pageTextOf(node: PageNode): string | null {
  return node.nodeName === '#text' && 'value' in node ? node.value : null;
}

/** An attribute's value; null when there is none. */
export function pageAttributeOf(element: PageElement, name: string): string | null {
  return element.attrs.find((attribute) => attribute.name === name)?.value ?? null;
}

/** All text in these nodes, in order, up to about `length` characters. It does not recurse: depth
 *  is the sender's choice. */
export function gatherText(nodes: readonly PageNode[], length: number): string {
  const open = nodes.toReversed();
  let text = '';
  for (let node = open.pop(); node !== undefined && text.length < length; node = open.pop()) {
    text += pageTextOf(node) ?? '';
    if (isElement(node)) for (const child of node.childNodes.toReversed()) open.push(child);
  }
  return text;
}

/** All elements of a name in these nodes, in order; it does not recurse. */
export function findAll(nodes: readonly PageNode[], name: string): PageElement[] {
  const open = nodes.toReversed();
  const found: PageElement[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isElement(node)) continue;
    if (node.tagName === name) found.push(node);
    for (const child of node.childNodes.toReversed()) open.push(child);
  }
  return found;
}

/** parse5 looks for a child from the front, which makes 100,000 elements wrongly put into a table
 *  cost ten thousand million steps. What it looks for is in fact the first or nearly the last
 *  one. */
const linearAdapter: typeof defaultTreeAdapter = {
  ...defaultTreeAdapter,
  insertBefore(parent, child, before) {
    parent.childNodes.splice(parent.childNodes.lastIndexOf(before), 0, child);
    child.parentNode = parent;
  },
  insertTextBefore(parent, text, before) {
    const previous = parent.childNodes[parent.childNodes.lastIndexOf(before) - 1];
    if (previous?.nodeName === '#text' && 'value' in previous) previous.value += text;
    else linearAdapter.insertBefore(parent, defaultTreeAdapter.createTextNode(text), before);
  },
  detachNode(node) {
    const siblings = node.parentNode?.childNodes;
    if (!siblings) return;
    if (siblings[0] === node) siblings.shift();
    else siblings.splice(siblings.lastIndexOf(node), 1);
    node.parentNode = null;
  },
};

/** Tags of the elements that HTML opens anew (§13.2.4.3). sanitise writes balanced tags and escapes
 *  `>` in attributes, so a pattern suffices. */
const formattingTag = /<(\/?)(?:a|b|big|code|em|i|s|small|strike|strong|tt|u)(?:\s[^>]*)?>/g;

function withoutDeepFormatting(html: string): string {
  let open = 0;
  return html.replace(formattingTag, (tag, slash: string) => {
    if (slash === '') return open++ < MAX_FORMATTING ? tag : '';
    return --open < MAX_FORMATTING ? tag : '';
  });
}
