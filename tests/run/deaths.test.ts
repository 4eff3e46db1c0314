import { expect, test } from 'vitest';
import { NewsfoldError } from '../../src/model/errors.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { createReadiness } from '../../src/views/readiness.ts';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';

const words = (name: string) => Array.from({ length: 20 }, (_, n) => `${name}word${n}`).join(' ');

/** Opens sources `good` and `bad`. Runs end at a call of the store for `bad` as if the process had
 *  been killed. The item stays in hand, and the end of the run is not recorded. */
async function openDying(kills: (store: Store, killed: () => never) => Partial<Store>, size = 0) {
  const bench = await openWorkbench();
  const state = { isDeadly: true };
  bench.wrap = (context) => {
    if (!state.isDeadly) return context;
    const { store } = context;
    let isDead = false;
    const killed = () => {
      isDead = true;
      throw new NewsfoldError('test/killed', 'killed');
    };
    // A killed process does not put the item away.
    const putAway: Store['putAway'] = async (...given) => (isDead ? undefined : store.putAway(...given));
    return { ...context, store: { ...store, putAway, ...kills(store, killed) } };
  };
  const toSource = (id: string, edition: number) =>
    declare(
      'file',
      bench.write(
        `${id}.xml`,
        `${rss(`https://${id}.test/`, [[id, `https://${id}.test/1`, words(`${id}${edition}`), id]])}<!--${'x'.repeat(id === 'bad' ? size : 0)}-->`,
      ),
      { id, request: large },
    );
  const run = (edition = 1) => {
    bench.now = new Date(bench.now.getTime() + 600_000);
    return bench.run([toSource('bad', edition), toSource('good', edition)]);
  };
  return { bench, state, run, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

const large = { headers: {}, auth: null, userAgent: null, timeoutMs: null, maxBytes: 3_000_000 };
const titles = async (bench: Workbench) => (await bench.stories()).map(({ lead }) => lead.entry.revision.title).toSorted();
const overReading = (store: Store, killed: () => never): Partial<Store> => ({
  readKnown: async (source, names) => (source === 'bad' ? killed() : store.readKnown(source, names)),
});
const overFolding = (store: Store, killed: () => never): Partial<Store> => ({
  async saveFolds(batch, at) {
    const entries = await store.readEntries(batch.placements.map(({ entryNo }) => entryNo));
    return entries.some(({ sourceId }) => sourceId === 'bad') ? killed() : store.saveFolds(batch, at);
  },
});

test.for([
  ['a large document', overReading, 1_100_000, 2, 'parse'],
  ['a small document, which is noted after a first crash', overReading, 0, 3, 'parse'],
  ['entries at folding', overFolding, 0, 3, 'fold'],
] as const)('after crashes over %s its source is set aside, and the others are published', async ([, kills, size, deaths, stage]) => {
  await using dying = await openDying(kills, size);
  const { bench, state, run } = dying;
  for (let n = 0; n < deaths; n++) await expect(run()).rejects.toThrow('killed');
  const report = await run();
  expect(report.problems.map(({ source, code }) => [source, code])).toEqual([['bad', 'source/set-aside']]);
  expect(report.problems[0]?.message).toContain('2 runs have crashed');
  expect(await titles(bench)).toEqual(['good']);
  expect(await bench.store.readSetAside()).toMatchObject([{ what: 'source', sourceId: 'bad', stage, reason: 'died', tries: 1 }]);
  expect((await run()).setAside).toBe(1);
  // At the owner's request the source is tried again, and one more crash is enough.
  const retry = () =>
    bench.run(
      [
        declare('file', `${bench.folder}/bad.xml`, { id: 'bad', request: large }),
        declare('file', `${bench.folder}/good.xml`, { id: 'good' }),
      ],
      {
        retry: true,
      },
    );
  await expect(retry()).rejects.toThrow('killed');
  expect(await run()).toMatchObject({ setAside: 1 });
  expect(await bench.store.readSetAside()).toMatchObject([{ tries: 2, isOpen: false }]);
  state.isDeadly = false;
  await retry();
  expect(await titles(bench)).toEqual(['bad', 'good']);
  expect(await bench.store.countSetAside()).toBe(0);
});

test('a source that was set aside for crashes is read again when its bytes have changed', async () => {
  await using dying = await openDying(overReading, 1_000_100);
  const { bench, state, run } = dying;
  for (let n = 0; n < 2; n++) await expect(run()).rejects.toThrow('killed');
  expect(await run()).toMatchObject({ setAside: 1, failed: 1 });
  state.isDeadly = false;
  expect(await run()).toMatchObject({ setAside: 1, failed: 1 });
  expect(await run(2)).toMatchObject({ setAside: 0, failed: 0 });
  expect(await titles(bench)).toEqual(['bad', 'good']);
});

test('readiness warns of crashed runs until one has ended, and fails after three', async () => {
  await using dying = await openDying(overReading);
  const { bench, state, run } = dying;
  state.isDeadly = false;
  await run();
  const ready = () =>
    createReadiness({ store: bench.store, clock: { now: () => bench.now }, feeds: bench.feeds }, null, async () => false)();
  expect(await ready()).toEqual([]);
  state.isDeadly = true;
  const said = [];
  for (let n = 0; n < 4; n++) {
    await expect(run(2 + n)).rejects.toThrow('killed');
    said.push(await ready());
  }
  // The present run is no crashed one: the last crash is reported when another run begins.
  expect(said).toEqual([
    [],
    ['warning: the last run has not ended well'],
    ['warning: the last 2 runs have not ended well'],
    ['3 runs in a row have not ended', 'warning: 1 item is set aside'],
  ]);
  state.isDeadly = false;
  await run(9);
  expect(await ready()).toEqual([]);
});

test('a run that was told to stop does not count as a crash', async () => {
  await using dying = await openDying(overReading);
  const { bench, state } = dying;
  state.isDeadly = false;
  await bench.run([], { signal: AbortSignal.abort() });
  await bench.run([], { signal: AbortSignal.abort() });
  expect(await bench.store.countDeaths()).toBe(0);
});
