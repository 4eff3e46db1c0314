import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY, HOUR, namesOf, openHistory, toItem } from '../support/history.ts';
import type { HistoryBench, HistoryItem } from '../support/history.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

const list = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}${n}`);

/** Returns sixty stories of the last sixty hours, which fill every document. */
const fill = (): HistoryItem[] => list(60, 's').map((name, n) => toItem(name, history.ago(n * HOUR)));
const late = (count: number, name: string, days = 20): HistoryItem[] =>
  list(count, name).map((one, n) => toItem(one, history.ago(days * DAY + n * HOUR)));
const lateOf = async (slug?: string) => (await history.shown(slug)).filter((name) => !name.startsWith('s'));

test('a late post of a known source is in the document for three days, then in an archive', async () => {
  history.use({ limit: 50 });
  const items = fill();
  await history.run([history.toSource('a', items)]);
  history.pass(HOUR);
  items.push(...late(1, 'late'));
  await history.run([history.toSource('a', items)]);
  expect(await lateOf()).toEqual(['late0']);
  history.pass(2.9 * DAY);
  await history.run([history.toSource('a', items)]);
  expect(await lateOf()).toEqual(['late0']);
  history.pass(0.2 * DAY);
  await history.run([history.toSource('a', items)]);
  expect(await lateOf()).toEqual([]);
  expect(namesOf((await history.walk()).entries)).toContain('late0');
});

test('the newest five late posts per source and day are shown; the others go to the archive alone', async () => {
  history.use({ limit: 50 });
  const items = fill();
  const others = [toItem('t0', history.ago(HOUR))];
  const run = () => history.run([history.toSource('a', items), history.toSource('b', others)]);
  await run();
  history.pass(HOUR);
  items.push(...late(3, 'p'));
  await run();
  history.pass(HOUR);
  // Another run on the same day; the other source has a quota of its own.
  items.push(...late(60, 'q', 21));
  others.push(...late(7, 'r', 22));
  await run();
  expect(await lateOf()).toEqual(['t0', 'p0', 'p1', 'p2', 'q0', 'q1', ...list(5, 'r')]);
  // No late post is lost: stories outside the documents are in an archive.
  expect(namesOf((await history.walk()).entries)).toHaveLength((await history.bench.stories()).length);
  // The next day allows five more.
  history.pass(DAY);
  items.push(...late(6, 'v', 23));
  await run();
  expect((await lateOf()).filter((name) => name.startsWith('v'))).toEqual(list(5, 'v'));
});

test('late posts respect the limit, maxPerSource and order of each feed', async () => {
  history.use(
    { limit: 5 },
    { slug: 'few', limit: 50, maxPerSource: 3 },
    { slug: 'moving', limit: 50, order: 'updated' },
    { slug: 'inner', private: true },
  );
  const items = fill();
  const others = [toItem('t0', history.ago(30 * 60_000))];
  await history.run([history.toSource('a', items), history.toSource('b', others)]);
  history.pass(HOUR);
  others.push(...late(9, 'p'));
  await history.run([history.toSource('a', items), history.toSource('b', others)]);
  expect(await lateOf()).toEqual(['t0', ...list(5, 'p')]);
  expect(await lateOf('few')).toEqual(['t0', 'p0', 'p1']);
  expect(await lateOf('moving')).toEqual(['t0', ...list(5, 'p')]);
  expect(await lateOf('inner')).toEqual(['t0', ...list(5, 'p')]);
});

test('a story seen long ago that a feed takes only now is no late post', async () => {
  history.use({ limit: 5 }, { slug: 'tagged', limit: 5, tags: ['harbour'] });
  const items = [...fill(), ...late(9, 'p')];
  await history.run([history.toSource('a', items), history.toSource('b', [toItem('t0', history.bench.now)], { tags: ['harbour'] })]);
  history.pass(5 * DAY);
  const tagged = [
    history.toSource('a', items, { tags: ['harbour'] }),
    history.toSource('b', [toItem('t0', history.ago(5 * DAY))], { tags: ['harbour'] }),
  ];
  await history.run(tagged);
  expect((await history.shown('tagged')).filter((name) => name.startsWith('p'))).toEqual([]);
});

test('after a run that was killed before listing late posts, the next run lists five of them', async () => {
  history.use({ limit: 50 });
  const items = fill();
  await history.run([history.toSource('a', items)]);
  history.pass(HOUR);
  items.push(...late(8, 'p'));
  const { store } = history.bench;
  const saveListings = store.saveListings.bind(store);
  store.saveListings = () => Promise.reject(new Error('killed'));
  await expect(history.bench.run([history.toSource('a', items)])).rejects.toThrow('killed');
  store.saveListings = saveListings;
  history.pass(HOUR);
  await history.run([history.toSource('a', items)]);
  expect(await lateOf()).toEqual(list(5, 'p'));
});
