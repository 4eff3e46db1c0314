import { expect, test } from 'vitest';
import { mergeStories } from '../../../src/run/corrections/corrections.ts';
import { declare, openWorkbench, rss } from '../../support/bench.ts';

test('of stories of two sources that were seen at once the same one stays, whichever source was read first', async () => {
  await using bench = await openWorkbench();
  const [a, z] = ['a', 'z'].map((id) =>
    declare('file', bench.write(`${id}.xml`, rss(`https://${id}.test/`, [[`Of ${id}`, `https://${id}.test/1`, `Words of ${id} alone.`]])), {
      id,
    }),
  );
  if (!a || !z) throw new Error('two sources are declared');
  // At one instant, and z has the lower number.
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
