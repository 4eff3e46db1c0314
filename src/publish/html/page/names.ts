import { isVisible, toHost } from './attributes.ts';
import { pageAttributeOf, findAll, gatherText, isElement, type PageElement, type PageNode } from './tree.ts';

/** Makes the finished tree accessible. No level of headings is skipped below `headingLevel`, every
 *  link has a name, and no image repeats the words beside it. */
export function resolvePageNames(root: PageElement, headingLevel: number): void {
  renumberHeadings(root, headingLevel);
  nameLinks(root);
  clearRepeatedAlternatives(root, null);
}

/** Renumbers headings, beginning with `headingLevel`. A heading of a greater number than the one
 *  before goes one level deeper. Any other goes back to the level of its kind. */
function renumberHeadings(root: PageElement, headingLevel: number): void {
  const open: number[] = [];
  const renumber = (nodes: readonly PageNode[]) => {
    for (const node of nodes) {
      if (!isElement(node)) continue;
      const level = /^h[1-6]$/.test(node.tagName) ? Number(node.tagName[1]) : null;
      if (level === null) {
        renumber(node.childNodes);
        continue;
      }
      while ((open.at(-1) ?? 0) >= level) open.pop();
      open.push(level);
      node.tagName = node.nodeName = `h${Math.min(headingLevel + open.length - 1, 6)}`;
    }
  };
  renumber(root.childNodes);
}

/** Names a link of an image without alternative text by the link's host (WCAG H30). A link with
 *  nothing to see is replaced by its content. */
function nameLinks(element: PageElement): void {
  const children: PageNode[] = [];
  for (const child of element.childNodes) {
    if (isElement(child)) nameLinks(child);
    const kept = isElement(child) && child.tagName === 'a' && !nameLink(child) ? child.childNodes : [child];
    for (const node of kept) push(children, node, element);
  }
  element.childNodes = children;
}

/** Gives a link a name if it lacks one; false when the link has nothing to see. */
function nameLink(link: PageElement): boolean {
  const images = findAll(link.childNodes, 'img');
  const words = [gatherText(link.childNodes, Infinity), ...images.map((image) => pageAttributeOf(image, 'alt') ?? '')];
  if (words.some(isVisible)) return true;
  const image = images[0];
  if (image) setAlternative(image, toHost(pageAttributeOf(link, 'href') ?? ''));
  return image !== undefined;
}

/** Adds a node; text after text is joined, as a browser would read it. */
function push(nodes: PageNode[], node: PageNode, parent: PageElement): void {
  const last = nodes.at(-1);
  if (last?.nodeName === '#text' && 'value' in last && node.nodeName === '#text' && 'value' in node) last.value += node.value;
  else nodes.push(node);
  node.parentNode = parent;
}

/** Elements whose text an image must not repeat, since it would be read aloud twice (axe
 *  image-redundant-alt). */
const holders = new Set(['a', 'p', 'li', 'td', 'th']);

/** The words around an image, gathered at the first image. */
interface Holder {
  readonly element: PageElement;
  words: string | null;
}

function clearRepeatedAlternatives(element: PageElement, around: Holder | null): void {
  const holder = holders.has(element.tagName) ? { element, words: null } : around;
  for (const child of element.childNodes) {
    if (!isElement(child)) continue;
    if (child.tagName !== 'img') {
      clearRepeatedAlternatives(child, holder);
      continue;
    }
    const alt = pageAttributeOf(child, 'alt') ?? '';
    if (holder === null || alt === '') continue;
    holder.words ??= toWords(gatherText(holder.element.childNodes, MAX_WORDS));
    if (holder.words === toWords(alt)) setAlternative(child, '');
  }
}

/** Characters of text that are compared: more than any alternative text has. */
const MAX_WORDS = 4000;

function toWords(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}

function setAlternative(image: PageElement, alt: string): void {
  image.attrs = image.attrs.flatMap(({ name, value }) => {
    if (name === 'title' && alt === '') return [];
    return [{ name, value: name === 'alt' ? alt : value }];
  });
}
