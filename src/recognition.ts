import type { Kin, KnownEntry } from './model/entry.ts';
import type { IdentifiedItem } from './normalise/identity.ts';
import { recognise, toKinQuery } from './normalise/recognise.ts';
import type { RecognitionOptions } from './normalise/recognise.ts';
import type { Store } from './ports/store.ts';

/** The items of a document beside what the store has of their source. */
export interface Recognition {
  readonly items: readonly IdentifiedItem[];
  /** The entry that an item is; null for a new one. */
  readonly find: (item: IdentifiedItem) => KnownEntry | null;
  /** What an entry said when it was last stored, by identity, for those that could have changed. */
  readonly said: ReadonlyMap<string, Kin>;
  /** Items whose entry had another id, by the new one. */
  readonly former: ReadonlyMap<string, string>;
}

/** Entries of a source by the identities that items have or could have. */
export function readKnownOf(store: Store, sourceId: string, items: readonly IdentifiedItem[]): Promise<ReadonlyMap<string, KnownEntry>> {
  const names = items.flatMap(({ identity, besideLink }) => (besideLink === null ? [identity] : [identity, besideLink]));
  return store.readKnown(sourceId, names);
}

/** Finds the entries that items are, also under other ids (normalise/recognise.ts says how). `known` is what readKnownOf has read. */
export async function recogniseItems(
  store: Store,
  sourceId: string,
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  options: RecognitionOptions,
): Promise<Recognition> {
  const query = toKinQuery(items, known, options);
  const kin = query === null ? [] : await store.readKin(sourceId, query);
  const recognised = recognise(items, known, kin, options);
  const before = await store.readKnown(sourceId, [...recognised.former.values()]);
  return {
    items: recognised.items,
    find: ({ identity }) => known.get(identity) ?? before.get(recognised.former.get(identity) ?? '') ?? null,
    said: new Map(kin.map((entry) => [entry.identity, entry])),
    former: recognised.former,
  };
}
