import { escapeXml, measureXml } from './xml-text.ts';
import { sanitise } from './sanitise.ts';

/** Bytes of one text as a document has it, escaped: a book of 500 pages. A longer text is cut,
 *  since a document has it in three formats, each of them in memory plain and compressed twice. */
export const MOST_TEXT_BYTES = 1_000_000;
/** Bytes of a short text beside the whole one. */
const MOST_SUMMARY_BYTES = 100_000;
/** Bytes of all texts of one document. Fifty very long articles have nine megabytes. */
const MOST_DOCUMENT_BYTES = 16_000_000;

/** Bytes of a text that a page shows; a browser lays out each of its elements. */
const MOST_PAGE_BYTES = 250_000;

/** Sanitised HTML that is no longer than one text of a document may be. A longer text is its
 *  beginning, with a link to the rest of it, if that is known. */
export function boundText(html: string, address: string | null): string {
  return isWithin(html, MOST_TEXT_BYTES) ? html : cutText(html, MOST_TEXT_BYTES, address);
}

/** HTML as sent, no longer than a page shows: what is longer is cleaned, and cut in the same
 *  way. */
export function boundPage(html: string, base: string | null, address: string | null): string {
  if (html.length * 2 <= MOST_PAGE_BYTES) return html;
  const clean = sanitise(html, base);
  return isWithin(clean, MOST_PAGE_BYTES) ? html : cutText(clean, MOST_PAGE_BYTES, address);
}

/** The same of a short text beside it, which needs no link. */
export function boundSummary(html: string): string {
  return isWithin(html, MOST_SUMMARY_BYTES) ? html : takeBeginning(html, MOST_SUMMARY_BYTES);
}

/** The length of a text of a source as a document would have it, bytes, if it is cut there; null
 *  if it is not. */
export function findCut(html: string): number | null {
  // A cleaned text is shorter, but for signs that stand for themselves.
  if (isWithin(html, MOST_TEXT_BYTES / GROWTH)) return null;
  const bytes = measureXml(sanitise(html, null));
  return bytes > MOST_TEXT_BYTES ? bytes : null;
}

/** The room for each text, bytes, when all of them have `most` together: Infinity when they have
 *  room. The longest are cut, so that one publisher's books cost nobody else's articles a word. */
export function findLevel(sizes: readonly number[], most: number = MOST_DOCUMENT_BYTES): number {
  let room = most;
  for (const [index, size] of sizes.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(room / (sizes.length - index));
    if (size > share) return share;
    room -= size;
  }
  return Infinity;
}

/** The beginning of sanitised HTML, and a link to the rest of it; at most `bytes`, but for the
 *  link. */
export function cutText(html: string, bytes: number, address: string | null): string {
  const place = address === null ? 'its source' : `<a href="${escapeXml(address)}">${escapeXml(nameOf(address))}</a>`;
  return `${takeBeginning(html, bytes)}\n<p class="newsfold-cut">The text goes on at ${place}.</p>`;
}

/** `&` becomes `&amp;`, and that `&amp;amp;`. */
const GROWTH = 9;
/** A character as UTF-8, or as an entity. */
const MOST_OF_ONE = 6;

function isWithin(html: string, bytes: number): boolean {
  return html.length * MOST_OF_ONE <= bytes || measureXml(html) <= bytes;
}

function takeBeginning(html: string, bytes: number): string {
  // Some bytes for a character: half of what is left too long is taken away until it is not.
  let length = Math.min(html.length, bytes);
  for (let piece = html.slice(0, length); ; piece = html.slice(0, length)) {
    const size = measureXml(piece);
    if (size <= bytes) break;
    length = Math.min(length - 1, Math.floor((length * bytes) / size));
  }
  // Not in the middle of a tag, nor of a word or an entity where one ends near.
  const tag = html.lastIndexOf('<', length - 1);
  const end = tag > html.lastIndexOf('>', length - 1) ? tag : length;
  const space = Math.max(html.lastIndexOf(' ', end - 1), html.lastIndexOf('>', end - 1) + 1, html.lastIndexOf(';', end - 1) + 1);
  return sanitise(html.slice(0, space > end - NEAR ? space : end), null);
}

const NEAR = 200;

function nameOf(address: string): string {
  return URL.parse(address)?.host ?? address;
}
