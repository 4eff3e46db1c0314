import { append, appendText, isElement, makeElement, type PageElement, type PageNode } from './tree.ts';

/** An inline element around a run of text, which is written only where it has content. A block
 *  inside it ends it, and it goes on after the block. Each element of the entry makes its own
 *  object, so that two equal neighbours stay separate. */
export interface Inline {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** The position of the next node, which changes while an element is filled. */
export interface Cursor {
  /** The block that is being filled. */
  readonly parent: PageElement;
  /** `flow` takes blocks and text, `phrasing` text and inlines, `lines` text with spaces (pre). */
  readonly takes: 'flow' | 'phrasing' | 'lines';
  /** Inlines open inside `parent`, outermost first. */
  readonly open: { readonly inline: Inline; readonly element: PageElement }[];
  /** Number of line breaks at the end. */
  breaks: number;
  /** true when the last thing put was a gap. */
  isGap: boolean;
}

/** The surroundings of the nodes that are being placed. */
export interface CursorContext {
  /** true: images and recordings may be loaded from other hosts. */
  readonly images: boolean;
  /** Outermost first; only the first can be `p`. */
  readonly inlines: readonly Inline[];
  /** Number of surrounding blocks, which bounds the depth of our output. */
  readonly blocks: number;
  /** Number of surrounding blocks that indent the text. */
  readonly indents: number;
  /** Number of surrounding elements of the entry, which bounds the recursion. */
  readonly level: number;
  /** true: headings become plain blocks here, since the content model allows none (HTML §4.4.9,
   *  §4.9.10). */
  readonly isPlain: boolean;
  /** true: links and players may stand here. They may not stand inside another control. */
  readonly hasControls: boolean;
  /** Tables that are used for layout. */
  readonly layouts: ReadonlySet<PageElement>;
  /** Puts nodes of the entry at the cursor. It is passed on so that lists and tables need not
   *  import flow.ts. */
  readonly place: (nodes: readonly PageNode[], cursor: Cursor, context: CursorContext) => void;
}

/** Most line breaks in a row: more would push the next story off the screen. */
const MAX_BREAKS = 2;

/** Returns a cursor at the beginning of an element. */
export function startIn(parent: PageElement, takes: Cursor['takes']): Cursor {
  return { parent, takes, open: [], breaks: 0, isGap: false };
}

/** Puts an element without content of ours, such as an image, at the cursor, inside the given
 *  inlines. */
export function putElement(cursor: Cursor, inlines: readonly Inline[], element: PageElement): void {
  append(openTo(cursor, inlines), element);
  resetBreaks(cursor);
}

/** Puts text at the cursor. Spaces alone open no inline, and vanish between blocks. */
export function putText(cursor: Cursor, inlines: readonly Inline[], text: string): void {
  if (cursor.takes !== 'lines' && /^\s*$/.test(text)) {
    const into = closeTo(cursor, inlines);
    if (!isAtEdge(into)) appendText(into, text);
    return;
  }
  appendText(openTo(cursor, inlines), text);
  resetBreaks(cursor);
}

/** Puts `br` or `wbr` at the cursor, except at the edge of a block, where it would be an empty
 *  line. */
export function putBreak(cursor: Cursor, inlines: readonly Inline[], name: string): void {
  const into = closeTo(cursor, inlines);
  if ((isAtEdge(into) && cursor.takes !== 'lines') || cursor.breaks >= MAX_BREAKS) return;
  append(into, makeElement(name, {}));
  cursor.breaks++;
  cursor.isGap = false;
}

/** Puts a block, which `fill` fills, at a cursor that takes flow. A block that stays empty is left
 *  out. */
export function putBlock(cursor: Cursor, element: PageElement, fill: (element: PageElement) => void): void {
  fill(element);
  if (element.childNodes.length === 0) return putGap(cursor);
  cursor.open.length = 0;
  append(cursor.parent, element);
  resetBreaks(cursor);
}

/** Marks the edge of a block that cannot be one here, so that the words at either side stay
 *  apart. */
export function putGap(cursor: Cursor): void {
  const into = closeTo(cursor, []);
  if (isAtEdge(into) || cursor.isGap) return;
  appendText(into, cursor.takes === 'lines' ? '\n' : ' ');
  cursor.isGap = true;
}

/** Returns the inlines that may surround a player: all but links, since a player is a control (HTML
 *  §4.5.1). */
export function withoutLink(inlines: readonly Inline[]): readonly Inline[] {
  return inlines.filter((inline) => inline.name !== 'a');
}

function resetBreaks(cursor: Cursor): void {
  cursor.breaks = 0;
  cursor.isGap = false;
}

function openTo(cursor: Cursor, inlines: readonly Inline[]): PageElement {
  // A paragraph is a block: where only text may stand, its tag is dropped.
  const wanted = cursor.takes === 'flow' ? inlines : inlines.filter((inline) => inline.name !== 'p');
  let into = closeTo(cursor, wanted);
  for (const inline of wanted.slice(cursor.open.length)) {
    const element = makeElement(inline.name, inline.attributes);
    append(into, element);
    cursor.open.push({ inline, element });
    into = element;
  }
  return into;
}

/** Closes the open inlines that are not among the given ones. Returns the innermost element that
 *  stays open. */
function closeTo(cursor: Cursor, inlines: readonly Inline[]): PageElement {
  const wanted = cursor.takes === 'flow' ? inlines : inlines.filter((inline) => inline.name !== 'p');
  const common = cursor.open.findIndex(({ inline }, index) => inline !== wanted[index]);
  if (common !== -1) cursor.open.length = common;
  return cursor.open.at(-1)?.element ?? cursor.parent;
}

/** Elements that stand inside a line of text. */
const inText = new Set(
  'a abbr audio b bdi bdo br cite code del dfn em i img ins kbd mark q ruby s samp small span strong sub sup time u var video wbr'.split(
    ' ',
  ),
);

function isAtEdge(element: PageElement): boolean {
  const last = element.childNodes.at(-1);
  return last === undefined || (isElement(last) && !inText.has(last.tagName));
}
