import { expect, test } from 'vitest';
import type { Store } from '../../src/ports/store/store.ts';
import { isFull, seed } from '../support/scale.ts';
import { toTest, tryWorld } from '../support/world/histories.ts';
import { openFiles } from '../support/world/places.ts';
import type { Places } from '../support/world/places.ts';

/** Lives through worlds from a seed on, until `polls` sources were polled. Returns the failures as
 *  code. */
async function findFailures(first: number, polls: number, open?: () => Promise<Places>): Promise<string[]> {
  const found: string[] = [];
  for (let [next, done] = [first, 0]; done < polls; next++) {
    const { counts, failure } = await tryWorld(next, { shrinkMs: 60_000, ...(open && { open }) });
    done += Math.max(1, counts.polls);
    if (failure) found.push(`${toTest(failure, `seed ${next}`)}\n${failure.message}`);
  }
  return found;
}

/** First seeds and numbers of polls. The long form also lives through worlds that nobody has seen
 *  yet, from the printed seed of all tests on. */
const trials: readonly (readonly [first: number, polls: number])[] = [
  [1, 200],
  ...(isFull
    ? ([
        [1000, 1500],
        [seed * 1000, 500],
      ] as const)
    : []),
];

// A failure takes a minute to shrink.
test.each(trials)('everything holds in the worlds from seed %i on, in %i polls', { timeout: 900_000 }, async (first, polls) => {
  expect(await findFailures(first, polls)).toEqual([]);
});

/** Returns places whose stores have another method in place of one. */
function breakStores(change: (store: Store) => Partial<Store>): () => Promise<Places> {
  return async () => {
    const places = await openFiles();
    const toBroken = (store: Store): Store => ({ ...store, ...change(store) });
    return {
      ...places,
      async make() {
        const place = await places.make();
        return { open: async () => toBroken(await place.open()) };
      },
      restore: null,
    };
  };
}

test.each<[string, (store: Store) => Partial<Store>]>([
  [
    'loses new entries of a batch',
    (store) => ({ saveEntries: (changes, at, backlogAt) => store.saveEntries(changes.slice(0, 1), at, backlogAt) }),
  ],
  [
    'never lists the last story',
    (store) => ({ saveListings: (slug, listings, state) => store.saveListings(slug, listings.slice(0, -1), state) }),
  ],
  ['forgets every archive', (store) => ({ saveHistory: (slug, history) => store.saveHistory(slug, { ...history, archives: [] }) })],
])('a store that %s is found', async (_, change) => {
  const open = breakStores(change);
  for (let next = 1; next < 100; next++) {
    const { failure } = await tryWorld(next, { shrinkMs: 0, open });
    if (failure) return;
  }
  expect.unreachable('nothing was found in a hundred worlds');
});
