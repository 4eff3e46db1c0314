import type { PriorEntry, KnownEntry } from '../../model/entry.ts';
import { assign } from './assign.ts';
import type { EntryMatch } from './assign.ts';
import { parseDate } from '../dates/date.ts';
import { toStoredName } from './identity.ts';
import type { IdentifiedItem } from './identity.ts';
import { SAMPLE } from './shared-names.ts';
import { toArticle, toStoredArticle } from './article.ts';
import type { Article } from './article.ts';
import { attachMoved } from './moved.ts';
import { toItemKey } from './url.ts';

/** Most entries that are compared when most ids of a document are new. No feed carries as many at
 *  once. */
const MAX_PRIOR = 1000;

/** The entries that the store must read to re-identify items: see `readPriorEntries` of the
 *  store. */
interface PriorQuery {
  readonly identities: readonly string[];
  readonly guids: readonly string[];
  readonly urlKeys: readonly string[];
  readonly dates: readonly Date[];
  /** Number of entries that the source listed last; 0 for none. */
  readonly newest: number;
}

/** Items matched with stored entries. */
export interface Reidentified {
  /** For each item, in order, the identity of its entry; null for a new article. */
  readonly matches: readonly (string | null)[];
  /** true when the source gave ids to other articles. Then no entry takes a new id from this
   *  document. */
  readonly isConfused: boolean;
  /** true when more entries should be compared: an item may be one of them, or a template may look
   *  like a text. */
  readonly isDoubtful: boolean;
}

/** Facts about a document beside its items. */
export interface ReidentifyOptions {
  /** true when the owner has declared that the source moved. Fewer matches are then enough. */
  readonly hasMoved: boolean;
  /** Time of the reading. */
  readonly seenAt: Date;
}

/** Returns the query for entries that the changed or new items could be; null when every item is
 *  stored unchanged. */
export function toPriorQuery(
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  { hasMoved }: Pick<ReidentifyOptions, 'hasMoved'>,
): PriorQuery | null {
  const open = items.filter((item) => findUnchanged(item, known) === null);
  if (open.length === 0) return null;
  const unknown = open.filter(({ identity }) => !known.has(identity));
  return {
    // The entry of an id is compared even if several items of the document have that id.
    identities: [
      ...open.flatMap(({ identity, besideLink }) => [identity, besideLink ?? identity].filter((name) => known.has(name))),
      ...open.flatMap(({ identity, guid }) => (guid === null || toStoredName(guid) === identity ? [] : toStoredName(guid))),
    ],
    guids: [...new Set(open.flatMap(({ guid }) => guid ?? []))],
    urlKeys: [...new Set(open.flatMap(({ item }) => toItemKey(item) ?? []))],
    dates: unknown.flatMap(({ item }) => (item.published === null ? [] : (parseDate(item.published) ?? []))),
    newest: hasMoved || unknown.length * 2 > items.length ? MAX_PRIOR : unknown.some(isFoundByContent) ? toLast(items) : 0,
  };
}

/** Reports whether only its content may lead from an item to its entry. Such an item has neither an
 *  id nor an address, or it has no date and both of them may be new. */
function isFoundByContent({ guid, item }: IdentifiedItem): boolean {
  return item.published === null || (guid === null && toItemKey(item) === null);
}

/** Returns how many entries, of those that a source listed last, are compared. Some of them may
 *  have left its document. */
function toLast(items: readonly IdentifiedItem[]): number {
  return Math.min(MAX_PRIOR, 4 * items.length + 50);
}

/** Returns the query with the entries that the source listed last: an article that left the
 *  document may return under any id. */
export function toWideQuery(query: PriorQuery, items: readonly IdentifiedItem[]): PriorQuery {
  return { ...query, newest: Math.max(query.newest, toLast(items)) };
}

/** Finds the entry of each item by everything that the item says. An id identifies an article only
 *  while title, link, day and text do not together contradict it (normalise/identity/likeness.ts).
 *  So nothing is published twice when ids, links or domains change, and nothing is lost when they
 *  are reused (docs/design.md §60). An item that is stored unchanged is its entry; all others are
 *  compared. Known error: when a site changes ids, addresses and titles at once, its articles count
 *  as new. So does an undated article whose title and text are both replaced under its id. */
export function reidentify(
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  priorEntries: readonly PriorEntry[],
  { hasMoved, seenAt }: ReidentifyOptions,
): Reidentified {
  const found = new Map<IdentifiedItem, string>();
  for (const item of items) {
    const unchanged = findUnchanged(item, known);
    if (unchanged !== null) found.set(item, unchanged);
  }
  if (found.size === items.length || priorEntries.length + known.size === 0)
    return { matches: items.map((item) => found.get(item) ?? null), isConfused: false, isDoubtful: false };
  const taken = new Set(found.values());
  const entries = priorEntries.map(toStoredArticle);
  const articles = new Map(items.map((item, index) => [item, toArticle(item, { withText: !found.has(item) || index < SAMPLE, seenAt })]));
  const open = items.filter((item) => !found.has(item));
  const itemOf = new Map(open.map((item) => [articles.get(item), item]));
  const addMatches = (matches: readonly EntryMatch[]) => {
    for (const [article, entry] of matches) {
      const item = itemOf.get(article);
      if (item) found.set(item, entry.identity);
      taken.add(entry.identity);
    }
  };
  const articlesOf = (list: readonly IdentifiedItem[]) => list.flatMap((item) => articles.get(item) ?? []);
  const free = () => entries.filter(({ identity }) => !taken.has(identity));
  const isNameOf = (item: Article, entry: Article) => item.identity === entry.identity;
  const assigned = assign({ items: articlesOf(open), all: [...articles.values()], free: free(), entries, isNameOf });
  addMatches(assigned.matches);
  // Deleted entries are not compared: they return by their identity alone.
  const compared = new Set(entries.map(({ identity }) => identity));
  for (const item of open) if (!found.has(item) && known.has(item.identity) && !compared.has(item.identity)) found.set(item, item.identity);
  const unknown = open.filter(({ identity }) => !known.has(identity));
  const rest = unknown.filter((item) => !found.has(item));
  if (hasMoved || unknown.length * 2 > items.length)
    addMatches(attachMoved(articlesOf(rest), { free: free(), entries, found: unknown.length - rest.length, hasMoved }));
  const isConfused = open.some((item) => known.has(item.identity) && found.get(item) !== item.identity);
  return { matches: items.map((item) => found.get(item) ?? null), isConfused, isDoubtful: isConfused || assigned.isDoubtful };
}

/** Returns the identity of the entry that equals an item in every letter; null when the entry must
 *  be searched for. */
function findUnchanged({ identity, besideLink, contentHash }: IdentifiedItem, known: ReadonlyMap<string, KnownEntry>): string | null {
  if (known.get(identity)?.contentHash === contentHash) return identity;
  return besideLink !== null && known.get(besideLink)?.contentHash === contentHash ? besideLink : null;
}
