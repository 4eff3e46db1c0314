import { htmlToText } from '../../../../../src/normalise/text/text.ts';
import type { Document } from '../../../../../src/model/feed.ts';
import { sha256Hex } from '../../../../../src/model/values/hash.ts';
import { WINDOW_MS } from '../../../../../src/publish/selection/listing.ts';
import type { Piece } from './atom.ts';
import type { FeedDocuments } from './formats.ts';

/** The documents of one visit, and the settings they were made with. */
export interface Visit {
  /** Number of the feed's chain of archives. */
  readonly chain: number;
  readonly at: Date;
  readonly settings: string;
  readonly read: FeedDocuments;
  readonly documents: readonly Document[];
}

/** Notes the tag of a document; reports a tag that stood for other bytes. */
export function noteTag(hashes: Map<string, string>, { tag, bytes, format }: Document): string[] {
  const hash = sha256Hex(bytes);
  const before = hashes.get(tag) ?? hash;
  hashes.set(tag, hash);
  return before === hash ? [] : [`the ${format} document has other bytes under the tag ${tag}`];
}

/** Finds documents that changed although nothing in them did. */
export function findIdleChanges(last: Visit, { atom, items }: FeedDocuments, documents: readonly Document[]): string[] {
  if (last.read.atom.previous !== atom.previous || last.read.items.get('atom') !== items.get('atom')) return [];
  return documents.flatMap(({ format, tag }, index) => {
    const isSame = last.documents[index]?.tag === tag || last.read.items.get(format) !== items.get(format);
    return isSame ? [] : [`the ${format} document has other bytes, but the same entries`];
  });
}

/** Posts with fewer words have no text: their words name a file or a link. */
const FEW_WORDS = 6;

/** Finds ids that stand twice in a document, and entries that differ in their id alone. */
export function findDoubles({ atom }: FeedDocuments, mayRepeat: (piece: Piece) => boolean): string[] {
  const ids = new Set<string>();
  const stories = new Map<string, string>();
  return atom.pieces.flatMap((piece) => {
    const { kind, id, title, html, link, sourceId, published } = piece;
    if (ids.has(id)) return [`${id} stands twice in the document`];
    ids.add(id);
    // Posts without a text of their own cannot be told apart.
    if (kind !== 'entry' || htmlToText(html).split(' ').length < FEW_WORDS) return [];
    const story = JSON.stringify([title, html, link, sourceId, published]);
    const other = stories.get(story);
    stories.set(story, id);
    return other === undefined || mayRepeat(piece) ? [] : [`one story stands under two ids: ${other} and ${id}`];
  });
}

/** Reports whether tombstones may have come and gone since a visit. */
export function isLate(last: Visit, at: Date): boolean {
  const elapsed = at.getTime() - last.at.getTime();
  return elapsed < 0 || elapsed > WINDOW_MS;
}

/** Finds entries that left the document and can be nowhere else, since there is no archive. A new
 *  chain has no archive with the tombstones that a client missed; nobody knows which these are when
 *  the clock was set back. */
export function findLost(last: Visit | null, { chain, at, read: { atom } }: Visit): string[] {
  if (!last || atom.previous !== null) return [];
  if (chain !== last.chain && isLate(last, at)) return [];
  const present = new Set(atom.pieces.map(({ id }) => id));
  const lost = last.read.atom.pieces.filter(({ kind, id }) => kind === 'entry' && !present.has(id));
  return lost.map(({ id }) => `${id} has left the document; there is no tombstone and no archive`);
}
