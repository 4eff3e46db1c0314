import { expect, test } from 'vitest';
import { mergeStories, splitStory } from '../../../src/run/corrections/corrections.ts';
import { declare, openWorkbench, rss } from '../../support/bench.ts';

test('merging two stories that were first seen together keeps the same one, whichever source was read first', async () => {
  await using bench = await openWorkbench();
  const [a, z] = ['a', 'z'].map((id) =>
    declare('file', bench.write(`${id}.xml`, rss(`https://${id}.test/`, [[`Of ${id}`, `https://${id}.test/1`, `Words of ${id} alone.`]])), {
      id,
    }),
  );
  if (!a || !z) throw new Error('two sources are declared');
  // Both are first seen at one instant, and z gets the lower number.
  await bench.run([z]);
  await bench.run([a, z]);
  const [first, second] = (await bench.stories()).map(({ key }) => key);
  const idOf = async (source: string) => (await bench.stories()).find(({ lead }) => lead.entry.sourceId === source)?.id;
  const id = await idOf('a');
  const settings = { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 1_209_600_000 } };
  const holder = { command: 'test', pid: process.pid, host: 'here' };
  const context = { store: bench.store, clock: { now: () => bench.now }, checkConfig: async () => undefined, holder, settings };
  expect(await mergeStories(context, first ?? '', second ?? '')).toMatchObject({ isDone: true });
  expect((await bench.stories()).map((story) => story.id)).toEqual([id]);
});

test('entries that were merged with one another stay together when one of them is split off', async () => {
  await using bench = await openWorkbench();
  const sources = ['a', 'b', 'c'].map((id) =>
    declare('file', bench.write(`${id}.xml`, rss(`https://${id}.test/`, [[`Of ${id}`, `https://${id}.test/1`, `Words of ${id} alone.`]])), {
      id,
    }),
  );
  await bench.run(sources);
  const settings = { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 1_209_600_000 } };
  const holder = { command: 'test', pid: process.pid, host: 'here' };
  const context = { store: bench.store, clock: { now: () => bench.now }, checkConfig: async () => undefined, holder, settings };
  const keyOf = async (id: string) =>
    (await bench.stories()).flatMap(({ members }) => members).find(({ entry }) => entry.sourceId === id)?.entry.key ?? '';
  for (const other of ['b', 'c']) await mergeStories(context, await keyOf('a'), await keyOf(other));
  const [story] = await bench.stories();
  expect(await splitStory(context, story?.key ?? '', await keyOf('a'))).toMatchObject({ isDone: true });
  const numbers = new Map((await bench.stories()).flatMap(({ members }) => members).map(({ entry }) => [entry.sourceId, entry.no]));
  const pins = (await bench.store.readPins()).map(({ entryNo, otherNo, kind }) => `${entryNo} ${otherNo} ${kind}`);
  const pair = (one: string, other: string) => [numbers.get(one) ?? 0, numbers.get(other) ?? 0].toSorted((x, y) => x - y).join(' ');
  expect(pins.toSorted()).toEqual([`${pair('a', 'b')} apart`, `${pair('a', 'c')} apart`, `${pair('b', 'c')} together`].toSorted());
});
