import type { Listing } from '../../../src/model/listing.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { after, change, noon, publishAll } from '../store-bench.ts';

/** Returns a story as a feed lists it. */
export const toListing = (storyNo: number, at: Date, said: Partial<Listing> = {}): Listing => ({
  storyNo,
  kind: 'new',
  seq: storyNo,
  at,
  updated: noon,
  accountedFor: noon,
  loggedAt: noon,
  isInWindow: false,
  ...said,
});

/** Lists stories in a feed. */
export const save = (store: Store, slug: string, listings: readonly Listing[]) =>
  store.saveListings(slug, listings, { seq: 99, changeSeq: 0 });

/** Opens a store with published stories of these titles, listed in `all` one second apart.
 *  Returns their numbers by title. */
export function createListed(openBound: () => Promise<Store>) {
  return async (entries: readonly (readonly [title: string, entry?: Parameters<typeof change>[0], text?: string])[]) => {
    const store = await openBound();
    const stored = await publishAll(
      store,
      entries.map(([title, entry, text], n) =>
        change({ identity: `e${n}`, position: n, ...entry }, { title, ...(text !== undefined && { text }) }),
      ),
    );
    for (const slug of ['all', 'other', 'third']) await store.bindFeed(slug, noon);
    const numbers = new Map(stored.map(({ no, revision }) => [revision.title, no]));
    const no = (title: string) => numbers.get(title) ?? 0;
    await save(
      store,
      'all',
      entries.map(([title], n) => toListing(no(title), after(n * 1000))),
    );
    return { store, no, stored };
  };
}
