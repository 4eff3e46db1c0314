import { isTime, isVisible, keepGlobal, toAddress, toHost, toLanguage, cleanPageText, toTitleAttribute } from './attributes.ts';
import { putBlock, putBreak, putElement, putGap, putText, startIn, type CursorContext, type Cursor, type Inline } from './cursor.ts';
import { placeDescriptions, placeDetails, placeFigure, placeList } from './lists.ts';
import { placeImage, placePlayer } from './media.ts';
import { placeTable } from './table.ts';
import { pageAttributeOf, findAll, gatherText, isElement, makeElement, pageTextOf, type PageElement, type PageNode } from './tree.ts';

/** Blocks inside each other; deeper ones lose their tags. A deep tree is slow to lay out, and some
 *  browsers stop reading at 512. */
const MAX_BLOCKS = 32;

/** Lists, quotations and the like inside each other; deeper ones are not indented further, since no
 *  room would be left beside them on a phone. */
const MAX_INDENTS = 8;

const indented = new Set(['ul', 'ol', 'dl', 'blockquote', 'figure', 'details']);

/** Inlines inside each other, a link not counted. Each is written anew in every block inside it, so
 *  that this bounds how much longer than the entry our text can be. */
const MAX_INLINES = 6;

/** Elements of the entry inside each other that are walked through; of deeper ones the text alone
 *  is kept. */
const MAX_LEVEL = 400;

const LINKS = ['http:', 'https:', 'mailto:'];

/** Puts nodes of an entry at the cursor, so that HTML's content model holds: text and inlines stay
 *  where they are, blocks end the inlines around them, which go on inside and after them. */
export function place(nodes: readonly PageNode[], cursor: Cursor, context: CursorContext): void {
  for (const node of nodes) {
    if (isElement(node)) placeElement(node, cursor, { ...context, level: context.level + 1 });
    else putText(cursor, context.inlines, cleanPageText(pageTextOf(node) ?? ''));
  }
}

function placeElement(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const name = element.tagName;
  if (context.level > MAX_LEVEL) return putText(cursor, context.inlines, cleanPageText(gatherText([element], Infinity)));
  if (name === 'br' || name === 'wbr') return putBreak(cursor, context.inlines, name);
  if (name === 'img') return placeImage(element, cursor, context);
  if (name === 'audio' || name === 'video') return placePlayer(element, cursor, context);
  if (name === 'a') return placeLink(element, cursor, context);
  if (inlines.has(name)) return place(element.childNodes, cursor, { ...context, inlines: within(element, context) });
  if (cursor.takes === 'flow' && context.blocks < MAX_BLOCKS)
    return placeBlock(element, cursor, { ...context, blocks: context.blocks + 1 });
  putGap(cursor);
  place(element.childNodes, cursor, context);
  putGap(cursor);
}

function placeLink(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const inside = { ...context, inlines: within(element, context) };
  place(element.childNodes, cursor, inside);
  // An image that is not shown and says nothing would take its link with it.
  const href = toAddress(pageAttributeOf(element, 'href'), LINKS);
  if (!context.images && href !== null && isWordless(element)) putText(cursor, inside.inlines, toHost(href));
}

/** Whether there are images in an element and no words. */
function isWordless(element: PageElement): boolean {
  const images = findAll(element.childNodes, 'img');
  const words = [gatherText(element.childNodes, Infinity), ...images.map((image) => pageAttributeOf(image, 'alt') ?? '')];
  return images.length > 0 && !words.some(isVisible);
}

function placeBlock(element: PageElement, cursor: Cursor, around: CursorContext): void {
  const isIndented = indented.has(element.tagName);
  const context = isIndented ? { ...around, indents: around.indents + 1 } : around;
  const name = isIndented && around.indents >= MAX_INDENTS ? 'div' : element.tagName;
  switch (name) {
    case 'p': {
      const paragraph = { name, attributes: keepGlobal(element) };
      place(element.childNodes, cursor, { ...context, inlines: [paragraph, ...context.inlines.filter((inline) => inline.name !== 'p')] });
      return putGap(cursor);
    }
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return placeHeading(element, cursor, context);
    case 'pre':
      return putBlock(cursor, makeElement(name, keepGlobal(element)), (pre) => {
        place(element.childNodes, startIn(pre, 'lines'), inBlock(context));
        dropFirstLineEnd(pre);
      });
    case 'hr':
      cursor.open.length = 0;
      return putElement(cursor, [], makeElement(name, {}));
    case 'ul':
    case 'ol':
      return placeList(element, cursor, inBlock(context));
    case 'dl':
      return placeDescriptions(element, cursor, inBlock(context));
    case 'table':
      return placeTable(element, cursor, inBlock(context));
    case 'details':
      return placeDetails(element, cursor, inBlock(context));
    case 'figure':
      return placeFigure(element, cursor, inBlock(context));
    default: {
      const block = makeElement(name === 'blockquote' ? name : 'div', keepGlobal(element));
      return putBlock(cursor, block, () => place(element.childNodes, startIn(block, 'flow'), inBlock(context)));
    }
  }
}

/** A heading without visible text is none: it would be a stop without a name for who goes from
 *  heading to heading. */
function placeHeading(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const isHeading = !context.isPlain && isVisible(gatherText([element], Infinity));
  const heading = makeElement(isHeading ? element.tagName : 'div', keepGlobal(element));
  putBlock(cursor, heading, () => place(element.childNodes, startIn(heading, isHeading ? 'phrasing' : 'flow'), inBlock(context)));
}

/** A paragraph ends where another block begins; what else is around goes on inside. */
function inBlock(context: CursorContext): CursorContext {
  return { ...context, inlines: context.inlines.filter((inline) => inline.name !== 'p') };
}

/** Drops line ends at the beginning of a `pre`: a browser takes the first one as part of the markup
 *  (HTML §13.2.6.4.7), so that what we write would read back shorter. */
export function dropFirstLineEnd(pre: PageElement): void {
  const first = pre.childNodes[0];
  if (first?.nodeName !== '#text' || !('value' in first)) return;
  first.value = first.value.replace(/^\n+/, '');
  if (first.value === '') pre.childNodes.shift();
}

/** What inline elements of an entry become. `span` stays only where it says a language or a
 *  direction. */
const inlines = new Map(
  'abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var'
    .split(' ')
    .map((name) => [name, name]),
)
  .set('tt', 'code')
  .set('strike', 's')
  .set('big', 'span')
  .set('picture', 'span');

/** The inlines around the content of an inline element: the given ones when it adds nothing. */
function within(element: PageElement, context: CursorContext): readonly Inline[] {
  const around = context.inlines;
  const inline = element.tagName !== 'a' ? toInline(element, around) : context.hasControls ? toLink(element) : null;
  // The link inside wins, as when a browser reads a link that was not closed.
  if (inline?.name === 'a') return [...around.filter((other) => other.name !== 'a'), inline];
  return inline === null || around.length >= MAX_INLINES ? around : [...around, inline];
}

function toInline(element: PageElement, around: readonly Inline[]): Inline | null {
  const global = keepGlobal(element);
  const name = inlines.get(element.tagName) ?? 'span';
  const isEmpty = global['lang'] === null && global['dir'] === null;
  const plain = isEmpty ? null : { name: 'span', attributes: global };
  switch (name) {
    case 'span':
      return plain;
    case 'time': {
      const datetime = pageAttributeOf(element, 'datetime')?.trim() ?? '';
      return isTime(datetime) ? { name, attributes: { ...global, datetime } } : plain;
    }
    case 'bdo':
      return global['dir'] === null || global['dir'] === 'auto' ? plain : { name, attributes: global };
    case 'rt':
    case 'rp':
      return around.at(-1)?.name === 'ruby' ? { name, attributes: global } : plain;
    default: {
      const isTwice = around.some((other) => other.name === name);
      // A definition or a ruby may not stand in another; twice the same of the rest says nothing
      // more.
      if (isTwice && (name === 'dfn' || name === 'ruby')) return plain;
      return isTwice && isEmpty ? null : { name, attributes: global };
    }
  }
}

/** A link out of our page. `nofollow`: a search engine must not take what a hacked or spamming
 *  source links to for our word; planets like Venus or Pluto leave that out and were made link
 *  farms. `noreferrer` (which implies noopener, HTML §4.6.7.13): the address of a private feed's
 *  page can hold a token. Not `ugc`: these are the publishers' own texts, not comments. null when
 *  there is nowhere to go. */
function toLink(element: PageElement): Inline | null {
  const href = toAddress(pageAttributeOf(element, 'href'), LINKS);
  if (href === null) return null;
  const attributes = {
    href,
    hreflang: toLanguage(pageAttributeOf(element, 'hreflang')),
    title: toTitleAttribute(pageAttributeOf(element, 'title')),
    rel: 'nofollow noreferrer',
    ...keepGlobal(element),
  };
  return { name: 'a', attributes };
}
