import type { PriorEntry, KnownEntry } from '../../model/entry.ts';
import type { IdentifiedItem } from '../../normalise/identity/identity.ts';
import { nameItems } from '../../normalise/identity/naming.ts';
import { reidentify, toPriorQuery, toWideQuery } from '../../normalise/identity/reidentify.ts';
import type { ReidentifyOptions } from '../../normalise/identity/reidentify.ts';
import type { EntryReads } from '../../ports/store/entries.ts';

/** The items of a document beside what the store has of their source. */
export interface KnownEntries {
  /** Under the identities that they are stored under. */
  readonly items: readonly IdentifiedItem[];
  /** The entry that an item is; null for a new one. */
  readonly find: (item: IdentifiedItem) => KnownEntry | null;
  /** What an entry said when it was last stored, by identity, for those that could have changed. */
  readonly said: ReadonlyMap<string, PriorEntry>;
  /** Items whose entry had another id, by the new one. */
  readonly former: ReadonlyMap<string, string>;
}

/** Entries of a source by the identities that items have or could have. */
export function readKnownOf(
  store: EntryReads,
  sourceId: string,
  items: readonly IdentifiedItem[],
): Promise<ReadonlyMap<string, KnownEntry>> {
  const names = items.flatMap(({ identity, besideLink }) => (besideLink === null ? [identity] : [identity, besideLink]));
  return store.readKnown(sourceId, names);
}

/** Finds the entries that items are, also under other ids (normalise/recognise.ts says how).
 *  `known` is what readKnownOf has read. */
export async function reidentifyItems(
  store: EntryReads,
  sourceId: string,
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  options: ReidentifyOptions,
): Promise<KnownEntries> {
  const query = toPriorQuery(items, known, options);
  let kin = query === null ? [] : await store.readPriorEntries(sourceId, query);
  let recognised = reidentify(items, known, kin, options);
  if (query !== null && recognised.isDoubtful) {
    kin = await store.readPriorEntries(sourceId, toWideQuery(query, items));
    recognised = reidentify(items, known, kin, options);
  }
  const isNew = (item: IdentifiedItem, index: number) => recognised.matches[index] === null && known.has(item.identity);
  const wanted = [...items.filter(isNew).flatMap(({ otherNames }) => otherNames), ...recognised.matches.flatMap((name) => name ?? [])];
  const others = await store.readKnown(sourceId, [...new Set(wanted.filter((name) => !known.has(name)))]);
  const named = nameItems(items, recognised, new Set([...known.keys(), ...others.keys()]));
  const { former } = named;
  const entryOf = (name: string) => known.get(name) ?? others.get(name) ?? null;
  return {
    items: named.items,
    find: ({ identity }) => entryOf(former.get(identity) ?? identity),
    said: new Map(kin.map((entry) => [entry.identity, entry])),
    former,
  };
}
