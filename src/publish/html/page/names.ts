import { isVisible, toHost } from './attributes.ts';
import { pageAttributeOf, findAll, gatherText, isElement, type PageElement, type PageNode } from './tree.ts';

/** Puts the finished tree of an entry's text in order for who does not see it: no level of headings
 *  is left out below `headingLevel`, every link has a name, and no image repeats the words beside
 *  it. */
export function resolvePageNames(root: PageElement, headingLevel: number): void {
  settleHeadings(root, headingLevel);
  settleLinks(root);
  settleAlternatives(root, null);
}

/** The first heading has the given level. One of a greater number than the one before goes one
 *  level deeper, whatever it was called; one of a smaller or the same number goes back to its
 *  like. */
function settleHeadings(root: PageElement, headingLevel: number): void {
  const open: number[] = [];
  const settle = (nodes: readonly PageNode[]) => {
    for (const node of nodes) {
      if (!isElement(node)) continue;
      const level = /^h[1-6]$/.test(node.tagName) ? Number(node.tagName[1]) : null;
      if (level === null) {
        settle(node.childNodes);
        continue;
      }
      while ((open.at(-1) ?? 0) >= level) open.pop();
      open.push(level);
      node.tagName = node.nodeName = `h${Math.min(headingLevel + open.length - 1, 6)}`;
    }
  };
  settle(root.childNodes);
}

/** A link of an image alone that says nothing is named by where it leads (WCAG H30); one with
 *  nothing to see is no link. */
function settleLinks(element: PageElement): void {
  const settled: PageNode[] = [];
  for (const child of element.childNodes) {
    if (isElement(child)) settleLinks(child);
    const kept = isElement(child) && child.tagName === 'a' && !nameLink(child) ? child.childNodes : [child];
    for (const node of kept) push(settled, node, element);
  }
  element.childNodes = settled;
}

/** Gives a link a name if it lacks one; false when there is nothing to give it to. */
function nameLink(link: PageElement): boolean {
  const images = findAll(link.childNodes, 'img');
  const words = [gatherText(link.childNodes, Infinity), ...images.map((image) => pageAttributeOf(image, 'alt') ?? '')];
  if (words.some(isVisible)) return true;
  const image = images[0];
  if (image) setAlternative(image, toHost(pageAttributeOf(link, 'href') ?? ''));
  return image !== undefined;
}

/** Text that meets text is joined, as a browser would read it. */
function push(nodes: PageNode[], node: PageNode, parent: PageElement): void {
  const last = nodes.at(-1);
  if (last?.nodeName === '#text' && 'value' in last && node.nodeName === '#text' && 'value' in node) last.value += node.value;
  else nodes.push(node);
  node.parentNode = parent;
}

/** Elements whose text an image must not repeat: it would be read aloud twice (axe
 *  image-redundant-alt). */
const holders = new Set(['a', 'p', 'li', 'td', 'th']);

/** The words around an image, gathered when the first image asks. */
interface Holder {
  readonly element: PageElement;
  words: string | null;
}

function settleAlternatives(element: PageElement, around: Holder | null): void {
  const holder = holders.has(element.tagName) ? { element, words: null } : around;
  for (const child of element.childNodes) {
    if (!isElement(child)) continue;
    if (child.tagName !== 'img') {
      settleAlternatives(child, holder);
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
