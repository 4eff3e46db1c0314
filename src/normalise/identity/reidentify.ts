import type { PriorEntry, KnownEntry } from '../../model/entry.ts';
import { assign } from './assign.ts';
import type { EntryMatch } from './assign.ts';
import { parseDate } from '../dates/date.ts';
import type { IdentifiedItem } from './identity.ts';
import { SAMPLE } from './shared-names.ts';
import { toArticle, toStoredArticle } from './article.ts';
import type { Article } from './article.ts';
import { attachMoved } from './moved.ts';
import { toItemKey } from './url.ts';

/** Entries that are looked through when most ids of a document are new: more than any feed carries
 *  at once. */
const MAX_KIN = 1000;

/** What to read of the store to recognise items: see `Store.readKin`. */
interface KinQuery {
  readonly identities: readonly string[];
  readonly guids: readonly string[];
  readonly urlKeys: readonly string[];
  readonly dates: readonly Date[];
  readonly newest: number;
}

/** Items beside what the store has. */
export interface Reidentified {
  /** The identity of the entry that each item is, in their order; null for a new one. */
  readonly matches: readonly (string | null)[];
  /** true when ids have been given to other articles: no entry takes a new id from this
   *  document. */
  readonly isConfused: boolean;
  /** true when more entries should be looked through: some item may be one of them, or a template
   *  is taken for a text. */
  readonly isDoubtful: boolean;
}

/** What is known of a document beside its items. */
export interface ReidentifyOptions {
  /** true when its owner says that the source has moved: then fewer matches are enough. */
  readonly hasMoved: boolean;
}

/** The entries that could be meant by items that are not stored as they are; null when all is as
 *  it was. */
export function toPriorQuery(
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  { hasMoved }: ReidentifyOptions,
): KinQuery | null {
  const open = items.filter((item) => findSettled(item, known) === null);
  if (open.length === 0) return null;
  const unknown = open.filter(({ identity }) => !known.has(identity));
  return {
    identities: open.flatMap(({ identity, besideLink }) => [identity, besideLink ?? identity].filter((name) => known.has(name))),
    guids: [...new Set(open.flatMap(({ guid }) => guid ?? []))],
    urlKeys: [...new Set(open.flatMap(({ item }) => toItemKey(item) ?? []))],
    dates: unknown.flatMap(({ item }) => (item.published === null ? [] : (parseDate(item.published) ?? []))),
    newest: hasMoved || unknown.length * 2 > items.length ? MAX_KIN : unknown.some(isNameless) ? toLast(items) : 0,
  };
}

/** Reports whether an item has neither an id nor an address: only what it says can tell which entry
 *  it is. */
function isNameless({ guid, item }: IdentifiedItem): boolean {
  return guid === null && toItemKey(item) === null;
}

/** The number of entries that a source has listed last; some of them may have left its document. */
function toLast(items: readonly IdentifiedItem[]): number {
  return Math.min(MAX_KIN, 4 * items.length + 50);
}

/** The same, with what the source has listed last: an article that has left the document may come
 *  back under any id. */
export function toWideQuery(query: KinQuery, items: readonly IdentifiedItem[]): KinQuery {
  return { ...query, newest: Math.max(query.newest, toLast(items)) };
}

/** Finds the entry that each item is, by all that it says. An id names an article only while
 *  title, link, day and text do not together say otherwise (normalise/likeness.ts weighs them).
 *  So nothing is published twice when ids, links or domains change, and nothing is lost when
 *  they are used again (docs/design.md §60). An item that is stored to the letter is its entry; the
 *  others are compared. Known exceptions: a site that changes ids, addresses and titles at once
 *  is read as new. So is an article without a date whose title and text are both replaced under
 *  its id. */
export function reidentify(
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  kin: readonly PriorEntry[],
  { hasMoved }: ReidentifyOptions,
): Reidentified {
  const found = new Map<IdentifiedItem, string>();
  for (const item of items) {
    const settled = findSettled(item, known);
    if (settled !== null) found.set(item, settled);
  }
  if (found.size === items.length || kin.length + known.size === 0)
    return { matches: items.map((item) => found.get(item) ?? null), isConfused: false, isDoubtful: false };
  const taken = new Set(found.values());
  const entries = kin.map(toStoredArticle);
  const articles = new Map(items.map((item, index) => [item, toArticle(item, { withText: !found.has(item) || index < SAMPLE })]));
  const open = items.filter((item) => !found.has(item));
  const itemOf = new Map(open.map((item) => [articles.get(item), item]));
  const note = (matches: readonly EntryMatch[]) => {
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
  note(assigned.matches);
  // A deleted entry is not among those that are compared: it comes back by its name alone.
  const compared = new Set(entries.map(({ identity }) => identity));
  for (const item of open) if (!found.has(item) && known.has(item.identity) && !compared.has(item.identity)) found.set(item, item.identity);
  const unknown = open.filter(({ identity }) => !known.has(identity));
  const rest = unknown.filter((item) => !found.has(item));
  if (hasMoved || unknown.length * 2 > items.length)
    note(attachMoved(articlesOf(rest), { free: free(), entries, found: unknown.length - rest.length, hasMoved }));
  const isConfused = open.some((item) => known.has(item.identity) && found.get(item) !== item.identity);
  return { matches: items.map((item) => found.get(item) ?? null), isConfused, isDoubtful: isConfused || assigned.isDoubtful };
}

/** The entry that an item is to the letter; null when it has to be looked for. */
function findSettled({ identity, besideLink, contentHash }: IdentifiedItem, known: ReadonlyMap<string, KnownEntry>): string | null {
  if (known.get(identity)?.contentHash === contentHash) return identity;
  return besideLink !== null && known.get(besideLink)?.contentHash === contentHash ? besideLink : null;
}
