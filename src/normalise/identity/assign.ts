import { toStoredName } from './identity.ts';
import { compare } from './likeness.ts';
import { createPairReader, findShared } from './shared-names.ts';
import { toLinkName } from './article.ts';
import type { Shared } from './shared-names.ts';
import type { Article } from './article.ts';

/** An item and the entry that it is. */
export type EntryMatch = readonly [item: Article, entry: Article];

/** Items and entries that are to be matched. */
interface Assignment {
  /** Items to be matched, and all items of their document: a name on several of them identifies
   *  none. */
  readonly items: readonly Article[];
  readonly all: readonly Article[];
  /** Entries without an item, and all known entries. */
  readonly free: readonly Article[];
  readonly entries: readonly Article[];
  /** Reports whether the entry was stored under the item's id or name. */
  readonly isNameOf: (item: Article, entry: Article) => boolean;
}

/** Most pairs of one name that are always compared. Larger names are combined with others: one id
 *  on twenty thousand items would make four hundred million pairs. */
const ALWAYS_COMPARED = 64;
/** Characters of a text by which an entry is found. */
const NAMING_TEXT = 300;
/** Most further pairs of one document. */
const MAX_PAIRS = 20_000;
/** Least number of items with ids of other articles. From it on, no id of the document is
 *  trusted. */
const MIN_CONTRADICTED = 2;

/** Matches items with entries, one to one. Of all pairs with something in common, pairs with most
 *  points come first. The time is linear in the number of items. */
export function assign({ items, all, free, entries, isNameOf }: Assignment): Assigned {
  const pairsOf = createPairReader();
  const shared = findShared(all, entries, pairsOf);
  const pairs = findPairs(items, free);
  const named = pairs.filter(([item, entry]) => isNameOf(item, entry));
  const isTwinElsewhere = createTwinCheck(all, entries);
  const areMoved = (candidates: readonly EntryMatch[]) => {
    const twins = candidates.filter(([item, entry]) => isTwinElsewhere(item, entry));
    const contradicted = candidates.filter(
      ([item, entry]) => isTwinElsewhere(item, entry) || compare(item, entry, shared, pairsOf).contradicts,
    );
    const least = twins.length > 0 ? 1 : MIN_CONTRADICTED;
    return contradicted.length >= least && contradicted.length * 2 + (twins.length > 0 ? 1 : 0) > candidates.length;
  };
  const isById = ([item]: EntryMatch) => item.guid !== null && toStoredName(item.guid) === item.identity;
  const areGuidsMoved = areMoved(named.filter(isById));
  const areLinksMoved = areMoved(named.filter((pair) => !isById(pair)));
  const first = match(pairs, { ...shared, areGuidsMoved, areLinksMoved }, pairsOf);
  const found = new Map(first.matches);
  const taken = new Set(found.values());
  const isMoved = named.some(([item, entry]) => found.get(item) !== entry);
  if (!isMoved || areGuidsMoved) return { ...first, isDoubtful: first.isDoubtful || isMoved };
  // The source gave an id to another article, so the remaining pairs are compared without trusting
  // any id of this document.
  const rest = pairs.filter(([item, entry]) => !found.has(item) && !taken.has(entry));
  const second = match(rest, { ...shared, areGuidsMoved: true, areLinksMoved }, pairsOf);
  return { matches: [...first.matches, ...second.matches], isDoubtful: true };
}

/** Returns a function that detects a reused name: the item repeats word for word another entry than
 *  the one with its name. */
function createTwinCheck(all: readonly Article[], entries: readonly Article[]): (item: Article, entry: Article) => boolean {
  const [items, said] = [Map.groupBy(all, ({ hash }) => hash), Map.groupBy(entries, ({ hash }) => hash)];
  return ({ hash, text }, entry) => {
    if (hash === entry.hash || text === '') return false;
    return items.get(hash)?.length === 1 && said.get(hash)?.length === 1;
  };
}

/** Items with their entries. */
interface Assigned {
  readonly matches: readonly EntryMatch[];
  /** true when the source gave ids to other articles, or may have. More entries should then be
   *  compared. */
  readonly isDoubtful: boolean;
}

function match(pairs: readonly EntryMatch[], shared: Shared, pairsOf: ReturnType<typeof createPairReader>): Assigned {
  const weighed = pairs.map((pair) => ({ pair, ...compare(...pair, shared, pairsOf) })).filter(({ points }) => points > 0);
  const [items, entries] = [new Set<Article>(), new Set<Article>()];
  // The sort is stable: among equals the earlier item wins, and for one item the newest entry.
  const chosen = weighed
    .toSorted((a, b) => b.points - a.points)
    .filter(({ pair: [item, entry] }) => {
      if (items.has(item) || entries.has(entry)) return false;
      items.add(item);
      entries.add(entry);
      return true;
    });
  return { matches: chosen.map(({ pair }) => pair), isDoubtful: chosen.some(({ isDoubtful }) => isDoubtful) };
}

/** Names by which an item may find its entry. The last ones combine two names, for names that many
 *  share. */
const namings: readonly ((article: Article) => string | null)[] = [
  ({ identity }) => identity,
  ({ guid }) => guid,
  toLinkName,
  ({ urlKey }) => urlKey,
  ({ title }) => title || null,
  ({ hash }) => hash || null,
  ({ text }) => text.slice(0, NAMING_TEXT) || null,
  ({ published }) => join(published?.getTime() ?? null),
  ({ guid, title }) => join(guid, title || null),
  ({ guid, published }) => join(guid, published?.getTime() ?? null),
  ({ urlKey, title }) => join(urlKey, title || null),
  ({ urlKey, published }) => join(urlKey, published?.getTime() ?? null),
  ({ title, published }) => join(title || null, published?.getTime() ?? null),
];

function join(...names: readonly (string | number | null)[]): string | null {
  return names.includes(null) ? null : JSON.stringify(names);
}

function findPairs(items: readonly Article[], entries: readonly Article[]): EntryMatch[] {
  const found = new Map<Article, Set<Article>>(items.map((item) => [item, new Set<Article>()]));
  let remaining = MAX_PAIRS;
  for (const nameOf of namings) {
    const byName = Map.groupBy(entries, nameOf);
    byName.delete(null);
    for (const [name, sharers] of Map.groupBy(items, nameOf)) {
      const named = byName.get(name) ?? [];
      const count = sharers.length * named.length;
      if (count > ALWAYS_COMPARED && count > remaining) continue;
      if (count > ALWAYS_COMPARED) remaining -= count;
      for (const item of sharers) for (const entry of named) found.get(item)?.add(entry);
    }
  }
  return [...found].flatMap(([item, others]) => [...others].map((entry): EntryMatch => [item, entry]));
}
