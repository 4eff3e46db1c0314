import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import { startLoopback } from '../support/loopback.ts';

const DAY = 86_400_000;
const start = new Date('2026-03-10T12:00:00Z');
const at = (days: number) => new Date(start.getTime() + days * DAY);
const items = (count: number) =>
  rss(
    'https://a.test/',
    Array.from(
      { length: count },
      (_, n) => [`Title ${n} of its own ${n * 7}`, `https://a.test/${n}`, `word${n} other${n * 3}`, `g${n}`] as const,
    ),
  );

test.for([365, -365])('a clock that is wrong by %i days for some hours gives no entry a false date', async (jump) => {
  await using bench = await openWorkbench();
  const declarations = [declare('file', bench.write('a.xml', items(1)), { id: 'a' })];
  for (const day of [0, 1, 2]) {
    bench.now = at(day);
    await bench.run(declarations);
  }
  // Two hours by the wrong clock, each with a new undated entry.
  for (const hour of [0, 1, 2]) {
    bench.now = new Date(at(2 + jump).getTime() + hour * 3_600_000);
    bench.write('a.xml', items(2 + hour));
    expect(await bench.run(declarations)).toMatchObject({ entriesNew: 1, storiesUpdated: 0 });
  }
  bench.now = new Date(at(2).getTime() + 3 * 3_600_000);
  bench.write('a.xml', items(5));
  await bench.run(declarations);
  const stories = await bench.stories();
  expect(stories).toHaveLength(5);
  for (const { updated } of stories) {
    expect(updated.getTime()).toBeGreaterThanOrEqual(start.getTime());
    expect(updated.getTime()).toBeLessThanOrEqual(bench.now.getTime());
  }
  expect(stories.find(({ lead }) => lead.entry.identity === 'g4')?.updated).toEqual(bench.now);
  expect(await bench.store.readClock()).toMatchObject({ offsetMs: 0 });
});

test('a new time that stays is trusted after a day', async () => {
  await using bench = await openWorkbench();
  const declarations = [declare('file', bench.write('a.xml', items(1)), { id: 'a' })];
  await bench.run(declarations);
  for (const [hours, count] of [
    [0, 2],
    [23, 3],
    [25, 4],
  ] as const) {
    bench.now = new Date(at(400).getTime() + hours * 3_600_000);
    bench.write('a.xml', items(count));
    await bench.run(declarations);
  }
  const updated = new Map((await bench.stories()).map((story) => [story.lead.entry.identity, story.updated]));
  expect(updated.get('g2')?.getTime()).toBeLessThan(at(2).getTime());
  expect(updated.get('g3')).toEqual(bench.now);
});

test('a clock that was trusted some months ahead is trusted at once when it is corrected', async () => {
  await using bench = await openWorkbench();
  const declarations = [declare('file', bench.write('a.xml', items(1)), { id: 'a' })];
  await bench.run(declarations);
  bench.now = at(100);
  await bench.run(declarations);
  bench.now = at(1);
  bench.write('a.xml', items(2));
  await bench.run(declarations);
  bench.now = new Date(at(1).getTime() + 3_600_000);
  bench.write('a.xml', items(3));
  await bench.run(declarations);
  const updated = new Map((await bench.stories()).map((story) => [story.lead.entry.identity, story.updated]));
  expect([updated.get('g1'), updated.get('g2')]).toEqual([at(1), bench.now]);
});

test('a wait that was planned while the clock was ahead ends when it would have ended by the right time', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/feed', 200, {}, items(1));
  const declarations = [declare('feed', `${server.origin}/feed`, { id: 'a' })];
  bench.now = at(100);
  await bench.run(declarations);
  // The clock is corrected. Without a shift, the next poll would wait for a hundred days.
  bench.now = at(1);
  await bench.run(declarations);
  bench.now = at(3);
  expect(await bench.run(declarations)).toMatchObject({ polled: 1 });
});
