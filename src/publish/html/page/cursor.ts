import { append, appendText, isElement, makeElement, type PageElement, type PageNode } from './tree.ts';

/** An element that stands around a run of text and is opened only where there is something to put
 *  in it: it can so be taken apart by a block and go on after it. Each element of the entry makes
 *  one, so that two neighbours stay two. */
export interface Inline {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** Where the next node goes. It changes while an element is filled. */
export interface Cursor {
  /** The block that is being filled. */
  readonly parent: PageElement;
  /** `flow` takes blocks and text, `phrasing` text alone, `lines` text whose spaces count (pre). */
  readonly takes: 'flow' | 'phrasing' | 'lines';
  /** What is open inside `parent`, outermost first. */
  readonly open: { readonly inline: Inline; readonly element: PageElement }[];
  /** Line breaks that stand at the end. */
  breaks: number;
  /** Whether the last thing put was a gap. */
  isGap: boolean;
}

/** What surrounds the nodes that are being placed. */
export interface CursorContext {
  /** Whether anything may be loaded from elsewhere. */
  readonly images: boolean;
  /** Outermost first; `p` can only be the first. */
  readonly inlines: readonly Inline[];
  /** Blocks around, which bounds the depth of what we write. */
  readonly blocks: number;
  /** Those of them that the text is indented by. */
  readonly indents: number;
  /** Elements of the entry around, which bounds how deep we recurse. */
  readonly level: number;
  /** Whether headings become plain blocks here, since the content model has none (HTML §4.4.9,
   *  §4.9.10). */
  readonly isPlain: boolean;
  /** Whether links and players may stand here: not in what is itself pressed. */
  readonly hasControls: boolean;
  /** Tables that are there for their looks. */
  readonly layouts: ReadonlySet<PageElement>;
  /** Puts nodes of the entry at the cursor. It is passed on so that lists and tables need not know
   *  who fills them. */
  readonly place: (nodes: readonly PageNode[], cursor: Cursor, context: CursorContext) => void;
}

/** Line breaks in a row that stay: more are an attempt to push the next story off the screen. */
const MAX_BREAKS = 2;

/** A cursor at the beginning of an element. */
export function startIn(parent: PageElement, takes: Cursor['takes']): Cursor {
  return { parent, takes, open: [], breaks: 0, isGap: false };
}

/** Puts an element of its own, an image or such, at the cursor, inside the given inlines. */
export function putElement(cursor: Cursor, inlines: readonly Inline[], element: PageElement): void {
  append(openTo(cursor, inlines), element);
  settle(cursor);
}

/** Puts text at the cursor. Spaces alone open nothing, and vanish between blocks. */
export function putText(cursor: Cursor, inlines: readonly Inline[], text: string): void {
  if (cursor.takes !== 'lines' && /^\s*$/.test(text)) {
    const into = closeTo(cursor, inlines);
    if (!isAtEdge(into)) appendText(into, text);
    return;
  }
  appendText(openTo(cursor, inlines), text);
  settle(cursor);
}

/** Puts a line break or a place to break (`br`, `wbr`) at the cursor; at the edge of a block it
 *  would be an empty line. */
export function putBreak(cursor: Cursor, inlines: readonly Inline[], name: string): void {
  const into = closeTo(cursor, inlines);
  if ((isAtEdge(into) && cursor.takes !== 'lines') || cursor.breaks >= MAX_BREAKS) return;
  append(into, makeElement(name, {}));
  cursor.breaks++;
  cursor.isGap = false;
}

/** Puts a block at the cursor, which must take flow; `fill` puts in its content. A block that stays
 *  empty is left out. */
export function putBlock(cursor: Cursor, element: PageElement, fill: (element: PageElement) => void): void {
  fill(element);
  if (element.childNodes.length === 0) return putGap(cursor);
  cursor.open.length = 0;
  append(cursor.parent, element);
  settle(cursor);
}

/** Marks where a block would begin or end that cannot be one here: the words at either side must
 *  not grow together. */
export function putGap(cursor: Cursor): void {
  const into = closeTo(cursor, []);
  if (isAtEdge(into) || cursor.isGap) return;
  appendText(into, cursor.takes === 'lines' ? '\n' : ' ');
  cursor.isGap = true;
}

/** The inlines that may be around a player, which is a control: all but links (HTML §4.5.1). */
export function withoutLink(inlines: readonly Inline[]): readonly Inline[] {
  return inlines.filter((inline) => inline.name !== 'a');
}

function settle(cursor: Cursor): void {
  cursor.breaks = 0;
  cursor.isGap = false;
}

function openTo(cursor: Cursor, inlines: readonly Inline[]): PageElement {
  // A paragraph is a block: where only text may stand, it can be nothing but its text.
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

/** Closes what the given inlines do not have in common with what is open; gives the innermost
 *  element that stays. */
function closeTo(cursor: Cursor, inlines: readonly Inline[]): PageElement {
  const wanted = cursor.takes === 'flow' ? inlines : inlines.filter((inline) => inline.name !== 'p');
  const common = cursor.open.findIndex(({ inline }, index) => inline !== wanted[index]);
  if (common !== -1) cursor.open.length = common;
  return cursor.open.at(-1)?.element ?? cursor.parent;
}

/** Elements that a line of text goes around or on after. */
const inText = new Set(
  'a abbr audio b bdi bdo br cite code del dfn em i img ins kbd mark q ruby s samp small span strong sub sup time u var video wbr'.split(
    ' ',
  ),
);

function isAtEdge(element: PageElement): boolean {
  const last = element.childNodes.at(-1);
  return last === undefined || (isElement(last) && !inText.has(last.tagName));
}
