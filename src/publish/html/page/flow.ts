import { isTime, isVisible, keepGlobal, toAddress, toHost, toLanguage, cleanPageText, toTitleAttribute } from './attributes.ts';
import { putBlock, putBreak, putElement, putGap, putText, startIn, type CursorContext, type Cursor, type Inline } from './cursor.ts';
import { placeDescriptions, placeDetails, placeFigure, placeList } from './lists.ts';
import { placeImage, placePlayer } from './media.ts';
import { placeTable } from './table.ts';
import { pageAttributeOf, findAll, gatherText, isElement, makeElement, pageTextOf, type PageElement, type PageNode } from './tree.ts';

/** Most nested blocks; deeper ones lose their tags. A deep tree is slow to lay out, and some
 *  browsers stop reading at 512. */
const MAX_BLOCKS = 32;

/** Most nested lists, quotations and the like. Deeper ones are not indented further, or a phone
 *  would have no room for the text. */
const MAX_INDENTS = 8;

const indented = new Set(['ul', 'ol', 'dl', 'blockquote', 'figure', 'details']);

/** Most nested inlines, a link not counted. Each is repeated in every block inside it, so this
 *  bounds the growth of our text. */
const MAX_INLINES = 6;

/** Most nested elements of the entry that are walked through; deeper ones are kept as text
 *  alone. */
const MAX_LEVEL = 400;

const LINKS = ['http:', 'https:', 'mailto:'];

/** Puts nodes of an entry at the cursor, within HTML's content model. Text and inlines stay in
 *  place. A block ends the inlines around it, which go on inside and after it. */
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
  if (inlineNames.has(name)) return place(element.childNodes, cursor, { ...context, inlines: within(element, context) });
  if (cursor.takes === 'flow' && context.blocks < MAX_BLOCKS)
    return placeBlock(element, cursor, { ...context, blocks: context.blocks + 1 });
  putGap(cursor);
  place(element.childNodes, cursor, context);
  putGap(cursor);
}

function placeLink(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const inside = { ...context, inlines: within(element, context) };
  place(element.childNodes, cursor, inside);
  // A hidden image without alternative text would leave an empty link.
  const href = toAddress(pageAttributeOf(element, 'href'), LINKS);
  if (!context.images && href !== null && isWordless(element)) putText(cursor, inside.inlines, toHost(href));
}

/** Reports whether an element contains images and no words. */
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

/** Puts a heading at the cursor, or a plain block when the heading has no visible text. Users who
 *  jump between headings would stop at one without a name. */
function placeHeading(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const isHeading = !context.isPlain && isVisible(gatherText([element], Infinity));
  const heading = makeElement(isHeading ? element.tagName : 'div', keepGlobal(element));
  putBlock(cursor, heading, () => place(element.childNodes, startIn(heading, isHeading ? 'phrasing' : 'flow'), inBlock(context)));
}

/** Returns the context inside a block: it ends the paragraph around it, other inlines go on. */
function inBlock(context: CursorContext): CursorContext {
  return { ...context, inlines: context.inlines.filter((inline) => inline.name !== 'p') };
}

/** Drops line ends at the beginning of a `pre`. A browser takes the first one as part of the markup
 *  (HTML §13.2.6.4.7), so our output would read back shorter. */
export function dropFirstLineEnd(pre: PageElement): void {
  const first = pre.childNodes[0];
  if (first?.nodeName !== '#text' || !('value' in first)) return;
  first.value = first.value.replace(/^\n+/, '');
  if (first.value === '') pre.childNodes.shift();
}

/** Inline elements and their replacements. `span` stays only with a language or a direction. */
const inlineNames = new Map(
  'abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var'
    .split(' ')
    .map((name) => [name, name]),
)
  .set('tt', 'code')
  .set('strike', 's')
  .set('big', 'span')
  .set('picture', 'span');

/** Returns the inlines around the content of an inline element; unchanged when the element adds
 *  nothing. */
function within(element: PageElement, context: CursorContext): readonly Inline[] {
  const around = context.inlines;
  const inline = element.tagName !== 'a' ? toInline(element, around) : context.hasControls ? toLink(element) : null;
  // The inner link wins, as when a browser reads an unclosed link.
  if (inline?.name === 'a') return [...around.filter((other) => other.name !== 'a'), inline];
  return inline === null || around.length >= MAX_INLINES ? around : [...around, inline];
}

function toInline(element: PageElement, around: readonly Inline[]): Inline | null {
  const global = keepGlobal(element);
  const name = inlineNames.get(element.tagName) ?? 'span';
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
      // A definition or a ruby may not stand in another one. Repeating any other inline without
      // attributes adds nothing.
      if (isTwice && (name === 'dfn' || name === 'ruby')) return plain;
      return isTwice && isEmpty ? null : { name, attributes: global };
    }
  }
}

/** Returns a link to another site; null without a usable address. `nofollow`: a search engine must
 *  not take a spamming source's links as our recommendation. Planets like Venus or Pluto lack it
 *  and were used as link farms. `noreferrer` (it implies noopener, HTML §4.6.7.13): the address of
 *  a private feed's page can contain a token. Not `ugc`: these are publishers' own texts, not
 *  comments. */
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
