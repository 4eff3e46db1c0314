import type { PriorEntry, KnownEntry } from '../../model/entry.ts';
import type { IdentifiedItem } from '../../normalise/identity/identity.ts';
import { nameItems } from '../../normalise/identity/naming.ts';
import { reidentify, toPriorQuery, toWideQuery } from '../../normalise/identity/reidentify.ts';
import type { ReidentifyOptions } from '../../normalise/identity/reidentify.ts';
import type { EntryReads } from '../../ports/store/entries.ts';

/** The items of a document with the stored entries of their source. */
export interface KnownEntries {
  /** The items under the identities by which the store has them. */
  readonly items: readonly IdentifiedItem[];
  /** Returns the stored entry of an item; null for a new item. */
  readonly find: (item: IdentifiedItem) => KnownEntry | null;
  /** Last stored contents, by identity, of the entries that could have changed. */
  readonly said: ReadonlyMap<string, PriorEntry>;
  /** Former identities by the new one, for items whose id has changed. */
  readonly former: ReadonlyMap<string, string>;
}

/** Reads the stored entries of a source under all identities that the items have or could have. */
export function readKnownOf(
  store: EntryReads,
  sourceId: string,
  items: readonly IdentifiedItem[],
): Promise<ReadonlyMap<string, KnownEntry>> {
  const names = items.flatMap(({ identity, besideLink }) => (besideLink === null ? [identity] : [identity, besideLink]));
  return store.readKnown(sourceId, names);
}

/** Finds the stored entry of each item, also under another id (normalise/identity/reidentify.ts has
 *  the rules). `known` is the result of `readKnownOf`. */
export async function reidentifyItems(
  store: EntryReads,
  sourceId: string,
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  options: ReidentifyOptions,
): Promise<KnownEntries> {
  const query = toPriorQuery(items, known, options);
  let priorEntries = query === null ? [] : await store.readPriorEntries(sourceId, query);
  let identities = reidentify(items, known, priorEntries, options);
  if (query !== null && identities.isDoubtful) {
    priorEntries = await store.readPriorEntries(sourceId, toWideQuery(query, items));
    identities = reidentify(items, known, priorEntries, options);
  }
  const isNew = (item: IdentifiedItem, index: number) => identities.matches[index] === null && known.has(item.identity);
  const wanted = [...items.filter(isNew).flatMap(({ otherNames }) => otherNames), ...identities.matches.flatMap((name) => name ?? [])];
  const others = await store.readKnown(sourceId, [...new Set(wanted.filter((name) => !known.has(name)))]);
  const named = nameItems(items, identities, new Set([...known.keys(), ...others.keys()]));
  const { former } = named;
  const entryOf = (name: string) => known.get(name) ?? others.get(name) ?? null;
  return {
    items: named.items,
    find: ({ identity }) => entryOf(former.get(identity) ?? identity),
    said: new Map(priorEntries.map((entry) => [entry.identity, entry])),
    former,
  };
}
