import { escapeXml, measureXml } from './xml-text.ts';
import { sanitise } from './sanitise.ts';

/** Most bytes of one text in a document, after escaping: a book of 500 pages. A longer text is cut.
 *  Each document exists in three formats, and each of these in memory plain and compressed
 *  twice. */
export const MOST_TEXT_BYTES = 1_000_000;
/** Most bytes of a summary. */
const MOST_SUMMARY_BYTES = 100_000;
/** Most bytes of all texts in one document. Fifty very long articles have nine megabytes. */
const MOST_DOCUMENT_BYTES = 16_000_000;

/** Most bytes of a text on a page, since a browser lays out each of its elements. */
const MOST_PAGE_BYTES = 250_000;

/** Returns sanitised HTML within the bound of one text. A longer text is cut and ends with a link
 *  to the rest, if its address is known. */
export function boundText(html: string, address: string | null): string {
  return isWithin(html, MOST_TEXT_BYTES) ? html : cutText(html, MOST_TEXT_BYTES, address);
}

/** Returns HTML within the bound of a page. HTML that fits is returned as sent; longer HTML is
 *  sanitised and cut like boundText. */
export function boundPage(html: string, base: string | null, address: string | null): string {
  if (html.length * 2 <= MOST_PAGE_BYTES) return html;
  const clean = sanitise(html, base);
  return isWithin(clean, MOST_PAGE_BYTES) ? html : cutText(clean, MOST_PAGE_BYTES, address);
}

/** Returns a sanitised summary within its bound; a cut one has no link. */
export function boundSummary(html: string): string {
  return isWithin(html, MOST_SUMMARY_BYTES) ? html : takeBeginning(html, MOST_SUMMARY_BYTES);
}

/** Returns the length in bytes of a source's text as a document would write it, if the text would
 *  be cut; else null. */
export function findCut(html: string): number | null {
  // Sanitising shortens a text, except for characters that become entities.
  if (isWithin(html, MOST_TEXT_BYTES / GROWTH)) return null;
  const bytes = measureXml(sanitise(html, null));
  return bytes > MOST_TEXT_BYTES ? bytes : null;
}

/** Returns the most bytes that each text may have, so that all have at most `most` together.
 *  Infinity: all fit uncut. Only the longest texts are cut, so one publisher's books do not shorten
 *  other articles. */
export function findLevel(sizes: readonly number[], most: number = MOST_DOCUMENT_BYTES): number {
  let room = most;
  for (const [index, size] of sizes.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(room / (sizes.length - index));
    if (size > share) return share;
    room -= size;
  }
  return Infinity;
}

/** Returns the beginning of sanitised HTML and a link to the rest: at most `bytes`, the link not
 *  counted. */
export function cutText(html: string, bytes: number, address: string | null): string {
  const target = address === null ? 'its source' : `<a href="${escapeXml(address)}">${escapeXml(hostOf(address))}</a>`;
  return `${takeBeginning(html, bytes)}\n<p class="newsfold-cut">The text goes on at ${target}.</p>`;
}

/** Most growth of a character: `&` becomes `&amp;`, and then `&amp;amp;`. */
const GROWTH = 9;
/** Most bytes of a character, as UTF-8 or as an entity. */
const MOST_BYTES_A_CHARACTER = 6;

function isWithin(html: string, bytes: number): boolean {
  return html.length * MOST_BYTES_A_CHARACTER <= bytes || measureXml(html) <= bytes;
}

function takeBeginning(html: string, bytes: number): string {
  // A character takes an unknown number of bytes: shorten by the ratio until the piece fits.
  let length = Math.min(html.length, bytes);
  for (let piece = html.slice(0, length); ; piece = html.slice(0, length)) {
    const size = measureXml(piece);
    if (size <= bytes) break;
    length = Math.min(length - 1, Math.floor((length * bytes) / size));
  }
  // Do not cut inside a tag. Prefer the end of a word or an entity if one is near.
  const tag = html.lastIndexOf('<', length - 1);
  const end = tag > html.lastIndexOf('>', length - 1) ? tag : length;
  const space = Math.max(html.lastIndexOf(' ', end - 1), html.lastIndexOf('>', end - 1) + 1, html.lastIndexOf(';', end - 1) + 1);
  return sanitise(html.slice(0, space > end - NEAR_CHARACTERS ? space : end), null);
}

const NEAR_CHARACTERS = 200;

function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address;
}
