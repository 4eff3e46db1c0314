import { toStoredName } from './identity.ts';
import { compare } from './likeness.ts';
import { createPairReader, findShared } from './shared-names.ts';
import { toLinkName } from './article.ts';
import type { Shared } from './shared-names.ts';
import type { Article } from './article.ts';

/** An item and the entry that it is. */
export type EntryMatch = readonly [item: Article, entry: Article];

/** All that is known before an item is compared. */
interface Assignment {
  /** Items that are to be found, and all of their document: what stands on several of them names
   *  none. */
  readonly items: readonly Article[];
  readonly all: readonly Article[];
  /** Entries that no item has yet, and all that are known. */
  readonly free: readonly Article[];
  readonly entries: readonly Article[];
  /** Whether an item has the id, or the name, that this entry was stored under. */
  readonly isNameOf: (item: Article, entry: Article) => boolean;
}

/** So many pairs of one name are compared in any case. Beyond, names are joined with others: one id
 *  on twenty thousand items would be four hundred million pairs. */
const ALWAYS_COMPARED = 64;
/** Characters of a text by which an entry is looked for. */
const NAMING_TEXT = 300;
/** Pairs beyond that, of one document. */
const MAX_PAIRS = 20_000;
/** Items with ids of other articles, from which on no id of the document is believed. */
const MIN_CONTRADICTED = 2;

/** Finds the entries that items are, each entry for one item: of all pairs that have something in
 *  common, those with most points first. Linear in the number of items. */
export function assign({ items, all, free, entries, isNameOf }: Assignment): Assigned {
  const pairsOf = createPairReader();
  const shared = findShared(all, entries, pairsOf);
  const pairs = findPairs(items, free);
  const named = pairs.filter(([item, entry]) => isNameOf(item, entry));
  const isTwinElsewhere = createTwinCheck(all, entries);
  const areMoved = (some: readonly EntryMatch[]) => {
    const twins = some.filter(([item, entry]) => isTwinElsewhere(item, entry));
    const contradicted = some.filter(([item, entry]) => isTwinElsewhere(item, entry) || compare(item, entry, shared, pairsOf).contradicts);
    const least = twins.length > 0 ? 1 : MIN_CONTRADICTED;
    return contradicted.length >= least && contradicted.length * 2 + (twins.length > 0 ? 1 : 0) > some.length;
  };
  const isById = ([item]: EntryMatch) => item.guid !== null && toStoredName(item.guid) === item.identity;
  const areGuidsMoved = areMoved(named.filter(isById));
  const areLinksMoved = areMoved(named.filter((pair) => !isById(pair)));
  const first = match(pairs, { ...shared, areGuidsMoved, areLinksMoved }, pairsOf);
  const found = new Map(first.matches);
  const taken = new Set(found.values());
  const isMoved = named.some(([item, entry]) => found.get(item) !== entry);
  if (!isMoved || areGuidsMoved) return { ...first, isDoubtful: first.isDoubtful || isMoved };
  // An id has been given to another article: what is left is compared without believing any id of
  // this document.
  const rest = pairs.filter(([item, entry]) => !found.has(item) && !taken.has(entry));
  const second = match(rest, { ...shared, areGuidsMoved: true, areLinksMoved }, pairsOf);
  return { matches: [...first.matches, ...second.matches], isDoubtful: true };
}

/** Tells an item that says word for word what one entry said, and not the entry of its name. Its
 *  name has been given to it anew. */
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
  /** true when ids have been given to other articles, or may have been: more entries should be
   *  looked through. */
  readonly isDoubtful: boolean;
}

function match(pairs: readonly EntryMatch[], shared: Shared, pairsOf: ReturnType<typeof createPairReader>): Assigned {
  const weighed = pairs.map((pair) => ({ pair, ...compare(...pair, shared, pairsOf) })).filter(({ points }) => points > 0);
  const [items, entries] = [new Set<Article>(), new Set<Article>()];
  // A stable sort: of equals the earlier item, and of its entries the newest.
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

/** The names under which an item may find its entry; the last ones are for names that stand for
 *  many. */
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
  let left = MAX_PAIRS;
  for (const nameOf of namings) {
    const byName = Map.groupBy(entries, nameOf);
    byName.delete(null);
    for (const [name, sharers] of Map.groupBy(items, nameOf)) {
      const named = byName.get(name) ?? [];
      const count = sharers.length * named.length;
      if (count > ALWAYS_COMPARED && count > left) continue;
      if (count > ALWAYS_COMPARED) left -= count;
      for (const item of sharers) for (const entry of named) found.get(item)?.add(entry);
    }
  }
  return [...found].flatMap(([item, others]) => [...others].map((entry): EntryMatch => [item, entry]));
}
