import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hideStory, purgeSource } from '../../src/run/corrections/corrections.ts';
import type { CorrectionContext } from '../../src/run/corrections/corrections.ts';
import { findAlerts } from '../../src/alerts/findings.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { createReadiness } from '../../src/views/readiness.ts';
import type { RunReport } from '../../src/run/report.ts';
import { readSourceViews } from '../../src/views/sources.ts';
import { openPostgres } from '../../src/store/engine/postgres.ts';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';
import { plantings } from '../support/planted.ts';
import type { Planting } from '../support/planted.ts';
import { sharePostgres } from '../support/shared-postgres.ts';

const server = sharePostgres();
const words = (name: string) => Array.from({ length: 60 }, (_, n) => `${name}word${n}`).join(' ');
const toldOf = (report: RunReport) => report.problems.map(({ source, entry, code }) => [source, entry, code]);
const titles = async (bench: Workbench) => (await bench.stories()).map(({ lead }) => lead.entry.revision.title).toSorted();
const toParts = (bench: Workbench): CorrectionContext => ({
  store: bench.store,
  clock: { now: () => bench.now },
  settings: { feeds: bench.feeds, rules: { level: 'careful', windowMs: 14 * 86_400_000 } },
  holder: { command: 'test', pid: 1, host: 'here' },
  checkConfig: async () => undefined,
});

/** Declares a source of entries by name. The part before the colon is the title, the part after it
 *  selects the text. */
function feed(bench: Workbench, id: string, names: readonly string[]) {
  bench.now = new Date(bench.now.getTime() + 3_600_000);
  const items = names.map(
    (name) => [name.split(':')[0] ?? '', `https://${id}.test/${name}`, words(name.split(':').at(-1) ?? ''), name] as const,
  );
  return declare('file', bench.write(`${id}.xml`, rss(`https://${id}.test/`, items)), { id });
}

function plant(bench: Workbench, stage: keyof typeof plantings): Planting {
  const planting = { isThere: true, isEverywhere: false };
  bench.wrap = (context) => plantings[stage](context, planting);
  return planting;
}

test('a single failing entry is set aside if something is published already; in an empty store the run fails', async () => {
  await using bench = await openWorkbench();
  plant(bench, 'fold');
  await expect(bench.run([feed(bench, 'a', ['bad'])])).rejects.toThrow('planted');
  expect(await bench.store.countSetAside()).toBe(0);
  expect(toldOf(await bench.run([feed(bench, 'a', ['bad', 'one'])]))).toMatchObject([['a', expect.any(String), 'entry/set-aside']]);
  await using other = await openWorkbench();
  plant(other, 'fold');
  await other.run([feed(other, 'a', ['one'])]);
  expect(toldOf(await other.run([feed(other, 'a', ['one', 'bad'])]))).toMatchObject([['a', expect.any(String), 'entry/set-aside']]);
  expect(await titles(other)).toEqual(['one']);
});

test('only the bad entries among many good ones are set aside', async () => {
  await using bench = await openWorkbench();
  plant(bench, 'fold');
  const good = Array.from({ length: 600 }, (_, n) => `good${n}`);
  const bad = Array.from({ length: 7 }, (_, n) => `bad:bad${n}`);
  const mixed = good.flatMap((name, n) => (n % 90 === 0 ? [name, bad[n / 90] ?? ''] : [name]));
  const report = await bench.run([feed(bench, 'a', mixed)]);
  expect([report.setAside, report.storiesNew]).toEqual([7, 600]);
  expect((await bench.run([feed(bench, 'b', ['one'])])).setAside).toBe(7);
});

test('a row that the database refuses fails its entry alone, in both stores', async () => {
  const opened = [
    await openWorkbench(),
    await openWorkbench(
      await (
        async (url) => () =>
          openPostgres(url)
      )(await server.createDatabase()),
    ),
  ];
  for (const bench of opened) {
    bench.wrap = (context) => ({
      ...context,
      store: {
        ...context.store,
        async saveFolds(batch, at) {
          const entries = await context.store.readEntries(batch.decided);
          const bad = new Set(entries.filter(({ revision }) => revision.title === 'bad').map(({ no }) => no));
          const placements = batch.placements.map((one) => (bad.has(one.entryNo) ? { ...one, storyNo: 1_000_000 } : one));
          return context.store.saveFolds({ ...batch, placements }, at);
        },
      } satisfies Store,
    });
    const report = await bench.run([feed(bench, 'a', ['one', 'bad', 'two'])]);
    expect(toldOf(report)).toMatchObject([['a', expect.any(String), 'entry/set-aside']]);
    expect(await titles(bench)).toEqual(['one', 'two']);
    bench.wrap = (context) => context;
    await bench.run([feed(bench, 'a', ['one', 'bad', 'two'])], { retry: true });
    expect(await titles(bench)).toEqual(['bad', 'one', 'two']);
    await bench[Symbol.asyncDispose]();
  }
});

test('a failure of the store, the disk or the memory, or an abort, ends the run and sets nothing aside', async () => {
  const errors = [
    Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 }),
    Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' }),
    Object.assign(new Error('deadlock detected'), { code: '40P01', severity: 'ERROR' }),
    Object.assign(new Error('stopped'), { name: 'AbortError' }),
    new RangeError('Array buffer allocation failed'),
  ];
  await using bench = await openWorkbench();
  const source = feed(bench, 'a', ['one', 'bad']);
  for (const error of errors) {
    bench.wrap = (context) => ({
      ...context,
      store: {
        ...context.store,
        async saveFolds(batch, at) {
          const entries = await context.store.readEntries(batch.decided);
          if (entries.some(({ revision }) => revision.title === 'bad')) throw error;
          return context.store.saveFolds(batch, at);
        },
      },
    });
    await expect(bench.run([source])).rejects.toThrow(error.message);
    expect(await bench.store.countSetAside()).toBe(0);
  }
});

test('a failing entry leaves the others of its story unchanged, and joins them once it succeeds', async () => {
  await using bench = await openWorkbench();
  const planting = plant(bench, 'fold');
  await bench.run([feed(bench, 'a', ['one:same']), feed(bench, 'b', ['two:same'])]);
  await bench.run([feed(bench, 'c', ['bad:same'])]);
  const [story] = await bench.stories();
  expect(story?.members).toHaveLength(2);
  planting.isThere = false;
  await bench.run([], { retry: true });
  expect((await bench.stories()).map(({ no, members }) => [no, members.length])).toEqual([[story?.no, 3]]);
});

test('a story that was set aside while its lead was chosen can still be hidden', async () => {
  await using bench = await openWorkbench();
  const planting = plant(bench, 'settle');
  planting.isThere = false;
  await bench.run([feed(bench, 'a', ['one']), feed(bench, 'b', ['bad'])]);
  planting.isThere = true;
  const key = (await bench.stories()).find(({ lead }) => lead.entry.revision.title === 'bad')?.key ?? '';
  // The entry is revised, and choosing the lead fails: readers keep the published version.
  const written = rss('https://b.test/', [['bad', 'https://b.test/bad', `${words('bad')} ${words('more')}`, 'bad']]);
  bench.write('b.xml', written);
  const source = declare('file', join(bench.folder, 'b.xml'), { id: 'b' });
  expect(toldOf(await bench.run([source]))).toEqual([['b', key, 'story/set-aside']]);
  expect(await titles(bench)).toEqual(['bad', 'one']);
  planting.isThere = false;
  expect(await hideStory(toParts(bench), key, { isHidden: true })).toMatchObject({ isDone: true });
  expect(await titles(bench)).toEqual(['one']);
  expect(await bench.store.readPendingStories(5)).toEqual([]);
  expect(await bench.store.countSetAside()).toBe(0);
});

test('purging a source removes its set-aside items for good', async () => {
  await using bench = await openWorkbench();
  plant(bench, 'fold');
  await bench.run([feed(bench, 'a', ['one']), feed(bench, 'b', ['two', 'bad'])]);
  expect(await bench.store.countSetAside()).toBe(1);
  expect(await purgeSource(toParts(bench), 'b')).toMatchObject({ isDone: true });
  expect(await bench.run([feed(bench, 'a', ['one'])], { retry: true })).toMatchObject({ setAside: 0, problems: [] });
  expect(await titles(bench)).toEqual(['one']);
});

test('an article whose reading fails keeps its published version, and the other files are read', async () => {
  await using bench = await openWorkbench();
  let isThere = false;
  bench.wrap = (context) => ({
    ...context,
    files: {
      ...context.files,
      async readFolder(path, maxBytes) {
        const folder = await context.files.readFolder(path, maxBytes);
        if (folder.kind === 'failed' || !isThere) return folder;
        const files = folder.files.map((file) =>
          file.location === 'bad.txt'
            ? {
                ...file,
                content: {
                  ...file.content,
                  get url(): string {
                    throw new TypeError('planted');
                  },
                },
              }
            : file,
        );
        return { ...folder, files };
      },
    },
  });
  const folder = declare('articles', join(bench.folder, 'own'), { id: 'own' });
  for (const name of ['one', 'bad']) bench.write(`own/${name}.txt`, `${name}\n\n${words(name)}\n`);
  await bench.run([folder]);
  isThere = true;
  for (const name of ['one', 'bad']) bench.write(`own/${name}.txt`, `${name}\n\n${words(name)} ${words('new')}\n`);
  const pass = () => void (bench.now = new Date(bench.now.getTime() + 3_600_000));
  pass();
  const report = await bench.run([folder]);
  expect([toldOf(report), report.entriesRevised]).toEqual([[['own', 'bad.txt', 'entry/set-aside']], 1]);
  for (let n = 0; n < 3; n++) {
    pass();
    expect((await bench.run([folder])).problems).toEqual([]);
  }
  expect(await titles(bench)).toEqual(['bad', 'one']);
  isThere = false;
  expect(await bench.run([folder], { retry: true })).toMatchObject({ entriesRevised: 1, setAside: 0 });
});

test('set-aside items are shown by name to the owner, and as a number to everybody', async () => {
  await using bench = await openWorkbench();
  plant(bench, 'fold');
  await bench.run([feed(bench, 'a', ['one', 'bad'])]);
  const { store } = bench;
  const context = { store, clock: { now: () => bench.now }, feeds: bench.feeds };
  expect(await createReadiness(context, null, async () => false)()).toEqual(['warning: 1 item is set aside']);
  const [item] = await store.readSetAside();
  const alerts = findAlerts({ sources: [], feeds: [], setAside: [item ?? expect.fail()] }, bench.now);
  expect(alerts).toMatchObject([{ code: 'entry/set-aside', source: 'a', message: expect.stringContaining(item?.name ?? '') }]);
  const { sources } = await readSourceViews(context);
  expect(JSON.stringify(sources.map(({ problem }) => problem))).not.toContain('planted');
});
