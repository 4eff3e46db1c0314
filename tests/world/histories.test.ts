import { expect, test } from 'vitest';
import type { Store } from '../../src/ports/store/store.ts';
import { isFull, seed } from '../support/scale.ts';
import { toTest, tryWorld } from '../support/world/histories.ts';
import { live } from '../support/world/life.ts';
import type { Step } from '../support/world/life.ts';
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
  ['loses new entries of a batch', (store) => ({ saveEntries: (changes, at, rest) => store.saveEntries(changes.slice(0, 1), at, rest) })],
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

/** Short histories in which something once did not hold, or in which nobody outside could tell. */
const once: readonly (readonly [label: string, history: readonly Step[]])[] = [
  [
    'an entry is taken down after it was split from a story that stands in an archive',
    [
      ['write', 0, 1],
      ['write', 0, 2],
      ['run', 0, 0],
      ['write', 0, 2],
      ['run', 0, 0],
      ['merge', 2, 0],
      ['write', 0, 1],
      ['run', 0, 0],
      ['run', 0, 0],
      ['wait', 0, 0],
      ['split', 0, 0],
      ['hideEntry', 94, 0],
    ],
  ],
  [
    'an entry is taken down after folding anew has parted it from a story that stands in an archive',
    [
      ['write', 0, 0],
      ['copy', 0, 1],
      ['write', 0, 2],
      ['write', 0, 2],
      ['write', 0, 2],
      ['run', 0, 0],
      ['level', 0, 0],
      ['refold', 0, 0],
      ['hideEntry', 10, 0],
    ],
  ],
  [
    'a removed article comes back under another title and date',
    [
      ['ruleFeed', 1, 1],
      ['write', 0, 0],
      ['run', 0, 0],
      ['stayAway', 0, 0],
      ['retain', 1, 0],
      ['run', 0, 0],
      ['giveDate', 0, 0],
      ['retitle', 0, 0],
    ],
  ],
  [
    'merged articles have exchanged their titles and lost their texts',
    [
      ['write', 1, 1],
      ['write', 0, 1],
      ['swapTitles', 1, 0],
      ['run', 0, 0],
      ['hide', 0, 0],
      ['dropTexts', 1, 0],
      ['merge', 0, 1],
      ['titleAgain', 1, 0],
    ],
  ],
  [
    'a site moves while its document is cut off',
    [
      ['write', 0, 0],
      ['run', 0, 0],
      ['fail', 0, 0],
      ['moveSite', 0, 0],
      ['run', 0, 0],
      ['run', 0, 0],
      ['run', 0, 0],
      ['run', 0, 0],
    ],
  ],
  [
    'an article that stands twice in its document moves after weeks',
    [
      ['writeUndated', 0, 0],
      ['twice', 0, 0],
      ['run', 0, 0],
      ['wait', 99, 0],
      ['wait', 99, 0],
      ['wait', 99, 0],
      ['wait', 99, 0],
      ['moveSite', 0, 0],
    ],
  ],
  [
    'an article without a link stands twice in its document after weeks',
    [
      ['write', 2, 0],
      ['dropLinks', 2, 0],
      ['run', 0, 0],
      ['stayAway', 0, 0],
      ['twice', 2, 1],
    ],
  ],
  [
    'a source that is back after a month has changed an entry that was known',
    [
      ['write', 0, 0],
      ['run', 0, 0],
      ['retitle', 0, 0],
      ['write', 0, 0],
      ['write', 0, 0],
      ['stayAway', 0, 2],
    ],
  ],
  [
    'an article is revised and comes under a second id in one run',
    [
      ['writeUndated', 1, 0],
      ['dropLink', 1, 0],
      ['run', 0, 0],
      ['number', 1, 0],
      ['twice', 1, 1],
    ],
  ],
  [
    'a post without a title comes under two ids',
    [
      ['write', 0, 0],
      ['dropTitle', 0, 0],
      ['twice', 0, 0],
      ['homeLinks', 0, 0],
      ['renewId', 0, 0],
    ],
  ],
  [
    'a story with a headline alone is merged with another one, and everything is folded anew',
    [
      ['run', 0, 0],
      ['writeUndated', 2, 0],
      ['push', 0, 0],
      ['headline', 2, 0],
      ['run', 0, 0],
      ['merge', 0, 1],
      ['refold', 0, 0],
    ],
  ],
];

test.each(once)('everything holds when %s', async (_, history) => {
  await expect(live(history)).resolves.toBeUndefined();
});
