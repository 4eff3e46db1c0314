import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderStoredArchive } from '../../../src/feeds/render-documents.ts';
import { DAY, HOUR, openHistory } from '../../support/history.ts';
import type { HistoryBench } from '../../support/history.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

test('what is taken down while an archive is being made elsewhere does not come into it', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 35; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  const { bench } = history;
  let times = 0;
  // It has been read what is to stand in it.
  const makeArchive: typeof bench.store.makeArchive = async (...archive) => {
    if (times++ === 0) await history.take('s34', true);
    return bench.store.makeArchive(...archive);
  };
  const context = { ...history.rendering(), store: { ...bench.store, makeArchive } };
  const made = new TextDecoder().decode((await renderStoredArchive(context, history.feedOf(), 1))?.bytes);
  expect([times, made.includes('s33word0 '), made.includes('s34word0 ')]).toEqual([2, true, false]);
  expect(await history.read('/archive/1.atom')).toBe(made);
});

test('a story that is pruned can be taken down by its id as long as an archive has it', async () => {
  history.use({ limit: 2 });
  const { bench } = history;
  bench.retention = { days: 10, perSource: null };
  for (let n = 0; n < 40; n++) {
    history.items.splice(0, Math.max(0, history.items.length - 4));
    history.add(`s${n}`, history.ago(0));
    await history.run();
    await history.walk();
    history.pass(DAY);
  }
  expect((await bench.stories()).map(({ id }) => id)).not.toContain('urn:x:s0');
  expect(await history.read('/archive/1.atom')).toContain('s0word0 ');
  await history.take('urn:x:s0', true);
  const after = await history.read('/archive/1.atom');
  expect(after).not.toContain('s0word0 ');
  await expect(history.take('urn:x:s0', true)).rejects.toThrow('isDone');
});
