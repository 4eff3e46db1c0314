import { isVisible, keepGlobal, toAddress, cleanPageText, toTitleAttribute, toWhole } from './attributes.ts';
import { putElement, putText, withoutLink, type CursorContext, type Cursor } from './cursor.ts';
import { append, appendText, pageAttributeOf, gatherText, isElement, makeElement, type PageElement } from './tree.ts';

/** Most pixels; a larger number is no picture's size, and `max-width` of the stylesheet applies
 *  anyway. */
const MAX_SIZE = 20_000;

/** Most characters of an alternative text; a longer one belongs in the entry's text. */
const MAX_ALT = 2000;

/** Puts an image at the cursor. It is loaded only near the screen, and its host does not learn
 *  which page shows it. Tracking pixels are left out. Without `images` it becomes a link to the
 *  picture, or inside another link its alternative text. */
export function placeImage(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const alt = toAlt(pageAttributeOf(element, 'alt'));
  const src = toAddress(pageAttributeOf(element, 'src'), ['http:', 'https:']);
  if (isPixel(element)) return;
  if (src === null) return alt === '' ? undefined : putText(cursor, context.inlines, alt);
  if (!context.images) return placeSubstitute(src, alt, cursor, context);
  const image = makeElement('img', {
    src,
    alt,
    // Without alternative text, a screen reader would read the title instead (WCAG H67).
    title: alt === '' ? null : toTitleAttribute(pageAttributeOf(element, 'title')),
    width: toWhole(pageAttributeOf(element, 'width'), MAX_SIZE),
    height: toWhole(pageAttributeOf(element, 'height'), MAX_SIZE),
    loading: 'lazy',
    decoding: 'async',
    referrerpolicy: 'no-referrer',
    ...keepGlobal(element),
  });
  putElement(cursor, context.inlines, image);
}

/** Puts a player of sound or video at the cursor, which loads nothing before it is started. A
 *  player is a control, so a link around it ends. Without `images` it becomes a link to the
 *  recording. Its content, meant for browsers without players, stays as text. */
export function placePlayer(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const src = toAddress(pageAttributeOf(element, 'src'), ['http:', 'https:']);
  const sources = findSources(element);
  const address = src ?? (sources[0] ? pageAttributeOf(sources[0], 'src') : null);
  const fallback = cleanPageText(gatherText(element.childNodes, Infinity)).trim();
  if (address === null) return context.place(element.childNodes, cursor, context);
  if (!context.images || !context.hasControls) {
    placeSubstitute(address, '', cursor, context);
    if (isVisible(fallback)) putText(cursor, context.inlines, ` ${fallback}`);
    return;
  }
  const isVideo = element.tagName === 'video';
  const player = makeElement(element.tagName, {
    src,
    poster: isVideo ? toAddress(pageAttributeOf(element, 'poster'), ['http:', 'https:']) : null,
    width: isVideo ? toWhole(pageAttributeOf(element, 'width'), MAX_SIZE) : null,
    height: isVideo ? toWhole(pageAttributeOf(element, 'height'), MAX_SIZE) : null,
    controls: '',
    preload: 'none',
    ...keepGlobal(element),
  });
  if (src === null) for (const source of sources) append(player, source);
  appendText(player, fallback);
  putElement(cursor, withoutLink(context.inlines), player);
}

/** Puts a link to a file that is not loaded, named by its alternative text, else by its file name.
 *  Inside a link it puts only the words. */
function placeSubstitute(address: string, alt: string, cursor: Cursor, context: CursorContext): void {
  if (context.inlines.some((inline) => inline.name === 'a')) return putText(cursor, context.inlines, alt);
  const words = isVisible(alt) ? alt : toFileName(address);
  if (!context.hasControls) return putText(cursor, context.inlines, words);
  const link = { name: 'a', attributes: { href: address, rel: 'nofollow noreferrer' } };
  putText(cursor, [...context.inlines, link], words);
}

/** Returns the last part of an address's path, decoded; without a path, the host. */
function toFileName(address: string): string {
  const url = new URL(address);
  const last = url.pathname.split('/').findLast((part) => part !== '') ?? url.host;
  try {
    const name = cleanPageText(decodeURIComponent(last)).slice(0, 100).toWellFormed();
    return isVisible(name) ? name : url.host;
  } catch (error) {
    // Not valid UTF-8: the name as it was sent.
    if (error instanceof URIError) return last.slice(0, 100);
    throw error;
  }
}

function toAlt(alt: string | null): string {
  const text = cleanPageText(alt ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return isVisible(text) ? text.slice(0, MAX_ALT).toWellFormed() : '';
}

/** Reports whether an image is too small to be seen: a tracking pixel. */
function isPixel(element: PageElement): boolean {
  return ['width', 'height'].some((name) => {
    const size = Number.parseFloat(pageAttributeOf(element, name) ?? '');
    return size >= 0 && size <= 1;
  });
}

function findSources(element: PageElement): PageElement[] {
  return element.childNodes.filter(isElement).flatMap((child) => {
    const src = child.tagName === 'source' ? toAddress(pageAttributeOf(child, 'src'), ['http:', 'https:']) : null;
    if (src === null) return [];
    const type = pageAttributeOf(child, 'type')?.trim() ?? '';
    return [makeElement('source', { src, type: /^[a-z]+\/[\w.+-]+(;\s*codecs="?[\w., -]+"?)?$/i.test(type) ? type : null })];
  });
}
