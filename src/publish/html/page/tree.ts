import { defaultTreeAdapter, html as names, parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5';

/** An element of a page's tree. All attributes of an element that we build are written. */
export type PageElement = DefaultTreeAdapterTypes.Element;

/** A child of an element. Our own elements contain only elements and text. */
export type PageNode = DefaultTreeAdapterTypes.ChildNode;

/** Most formatting elements open at once before parsing; people write three or four. HTML reopens
 *  all of them in every paragraph after a wrongly nested one (§13.2.4.3). A hundred before 100,000
 *  paragraphs would become ten million. */
const MAX_FORMATTING = 6;

/** Parses sanitised HTML as a browser parses the content of a `div` (HTML §13.2, §13.4), in linear
 *  time. */
export function parseTree(html: string): readonly PageNode[] {
  return parseFragment(makeElement('div', {}), withoutDeepFormatting(html), { treeAdapter: linearAdapter }).childNodes;
}

/** Returns the tree below `root` as HTML, which a browser reads back as the same tree. */
export function writeTree(root: PageElement): string {
  return serialize(root);
}

/** Returns a new, empty element; null attributes are left out. */
export function makeElement(name: string, attributes: Readonly<Record<string, string | null>>): PageElement {
  const attrs = Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [{ name: key, value }]));
  return defaultTreeAdapter.createElement(name, names.NS.HTML, attrs);
}

/** Appends an element. */
export function append(parent: PageElement, child: PageElement): void {
  defaultTreeAdapter.appendChild(parent, child);
}

/** Appends text, joined to text at the end: a browser reads neighbouring texts as one. */
export function appendText(parent: PageElement, text: string): void {
  if (text !== '') defaultTreeAdapter.insertText(parent, text);
}

/** Reports whether a node is an element. */
export function isElement(node: PageNode): node is PageElement {
  return 'tagName' in node;
}

/** Returns the text of a text node; null for any other node. */
export function pageTextOf(node: PageNode): string | null {
  return node.nodeName === '#text' && 'value' in node ? node.value : null;
}

/** Returns an attribute's value; null when the element lacks it. */
export function pageAttributeOf(element: PageElement, name: string): string | null {
  return element.attrs.find((attribute) => attribute.name === name)?.value ?? null;
}

/** Returns the text in these nodes, in order, up to about `length` characters. It does not recurse,
 *  since the depth is the publisher's choice. */
export function gatherText(nodes: readonly PageNode[], length: number): string {
  const open = nodes.toReversed();
  let text = '';
  for (let node = open.pop(); node !== undefined && text.length < length; node = open.pop()) {
    text += pageTextOf(node) ?? '';
    if (isElement(node)) for (const child of node.childNodes.toReversed()) open.push(child);
  }
  return text;
}

/** Returns all elements of a name in these nodes, in order. It does not recurse. */
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

/** parse5 searches for a child from the front: 100,000 elements misplaced in a table would take ten
 *  thousand million steps. The child is in fact the first or nearly the last one. */
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

/** Tags of the elements that HTML reopens (§13.2.4.3). sanitise writes balanced tags and escapes
 *  `>` in attributes, so a regular expression suffices. */
const formattingTag = /<(\/?)(?:a|b|big|code|em|i|s|small|strike|strong|tt|u)(?:\s[^>]*)?>/g;

function withoutDeepFormatting(html: string): string {
  let open = 0;
  return html.replace(formattingTag, (tag, slash: string) => {
    if (slash === '') return open++ < MAX_FORMATTING ? tag : '';
    return --open < MAX_FORMATTING ? tag : '';
  });
}
