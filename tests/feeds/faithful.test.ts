import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY, HOUR, openHistory, toItem } from '../support/history.ts';
import type { HistoryBench } from '../support/history.ts';
import { createSubscriber } from '../support/world/checks/subscriber.ts';
import type { Subscriber } from '../support/world/checks/subscriber.ts';

let history: HistoryBench;
let subscriber: Subscriber;
beforeEach(async () => {
  history = await openHistory();
  subscriber = createSubscriber('all');
  for (let n = 0; n < 4; n++) history.add(`s${n}`, history.ago((n + 1) * HOUR));
});
afterEach(() => history[Symbol.asyncDispose]());

/** Lets a subscriber read the feed and its archives, and expects that they miss nothing. */
async function check(): Promise<void> {
  expect(await subscriber.visit(history.rendering(), { walks: true })).toEqual([]);
}

/** Publishes a revision of `s1`; then the clock is set back to before it. */
async function reviseAndSetClockBack(): Promise<void> {
  await history.run();
  history.pass(HOUR);
  history.revise('s1');
  await history.run();
  await check();
  history.pass(-HOUR / 2);
}

test('a tombstone is not older than its entry after the clock was set back', async () => {
  await reviseAndSetClockBack();
  await history.take('s1', true);
  await check();
});

test('a story that is shown again and hidden within one second is withdrawn', async () => {
  await history.run();
  for (const isHidden of [true, false, true, false]) {
    await history.take('s1', isHidden);
    await check();
  }
});

test('a new rule withdraws a story with a tombstone that is not older than its entry', async () => {
  await reviseAndSetClockBack();
  history.use({ exclude: [{ field: 'title', pattern: 's1' }] });
  await history.run();
  await check();
});

test('two stories of one instant keep their places when newer stories push them out of the top', async () => {
  history.use({ limit: 10 });
  const [a, b, c] = ['x', 'y', 'z'].map((name) => [toItem(name, history.ago(50 * DAY))]);
  if (!a || !b || !c) throw new Error('three sources');
  const run = () => history.run([history.toSource('a', a, { priority: 90 }), history.toSource('b', b), history.toSource('c', c)]);
  await run();
  history.pass(HOUR);
  const at = history.ago(2 * HOUR);
  // The older copy founds the story, and the copy of the preferred source leads it.
  const founder = toItem('p', new Date(at.getTime() - 60_000));
  a.push({ ...founder, name: 'lead', date: at });
  b.push(toItem('q', at));
  c.push(founder);
  await run();
  await check();
  history.pass(HOUR);
  for (let n = 0; n < 10; n++) b.push(toItem(`n${n}`, history.ago(n * 60_000)));
  await run();
  await check();
  expect((await history.shown()).slice(-2)).toEqual(['q', 'p']);
});

test('a story that was set aside reaches a reader of deltas once it is free', async () => {
  await history.run();
  const { store, ...rest } = history.rendering();
  const no = (await history.bench.stories()).find(({ id }) => id === 'urn:x:s1')?.no;
  if (no === undefined) throw new Error('no story');
  const failing = Object.assign(Object.create(store) as typeof store, {
    readStoriesByNumber: async (numbers: readonly number[]) => {
      if (numbers.includes(no)) throw new Error('no text of this story');
      return store.readStoriesByNumber(numbers);
    },
  });
  expect(await subscriber.visit({ ...rest, store: failing }, { walks: true })).toEqual([]);
  expect((await store.readSetAside()).map((item) => item.no)).toEqual([no]);
  expect(await history.shown()).toEqual(['s0', 's2', 's3']);
  await check();
  await history.bench.run([history.toSource('a', history.items)], { retry: true });
  await check();
  expect(await history.shown()).toContain('s1');
});

test('a lower maxPerSourcePerDay withdraws the stories that it leaves no room for', async () => {
  await history.run();
  await check();
  history.pass(HOUR);
  history.use({ maxPerSourcePerDay: 2 });
  await history.run();
  await check();
  expect(await history.shown()).toEqual(['s2', 's3', 's0†', 's1†']);
});

test('a longer holdBack keeps the stories that readers know, and their updated', async () => {
  await history.run();
  await check();
  for (const isHidden of [true, false]) {
    history.pass(HOUR);
    await history.take('s1', isHidden);
    await check();
  }
  history.use({ holdBackMs: DAY });
  history.add('new', history.ago(60_000));
  await history.run();
  await check();
  expect(await history.shown()).toEqual(['s0', 's1', 's2', 's3']);
  history.pass(HOUR);
  for (const isHidden of [true, false]) {
    await history.take('s2', isHidden);
    await check();
  }
  history.pass(DAY);
  await history.run();
  await check();
  expect(await history.shown()).toContain('new');
});

test('a correction after the clock was set back holds no story back', async () => {
  await history.run();
  await check();
  history.pass(-2 * DAY);
  history.use({}, { slug: 'late' });
  await history.take('s3', true);
  await check();
  history.pass(2 * DAY + HOUR);
  await history.run();
  expect(await history.shown('late')).toEqual(['s0', 's1', 's2']);
});

test('a story that comes back under a later rule is newer than a tombstone of long ago', async () => {
  await history.run();
  await check();
  const without = (...names: readonly string[]) => history.use({ exclude: names.map((pattern) => ({ field: 'title', pattern })) });
  without('s1');
  await history.run();
  await check();
  for (const others of [['s2'], ['s3'], []]) {
    history.pass(5 * DAY);
    await history.run();
    await check();
    without(...(others.length === 0 ? [] : ['s1']), ...others);
    await history.run();
    await check();
  }
  expect(await history.shown()).toEqual(['s0', 's1', 's2', 's3']);
});
