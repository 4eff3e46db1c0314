import { expect, test } from 'vitest';
import type { Stage } from '../../src/model/set-aside.ts';
import { VERSION } from '../../src/model/version.ts';
import { renderAll } from '../../src/feeds/render-documents.ts';
import type { RunOptions, RunReport } from '../../src/run/report.ts';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';
import { startLoopback } from '../support/loopback.ts';
import { plantings } from '../support/planted.ts';
import type { Planting } from '../support/planted.ts';
import { site } from '../support/story.ts';

const words = (name: string) => Array.from({ length: 20 }, (_, n) => `${name}word${n}`).join(' ');

/** Opens two sources: `good` brings good and better, `bad` brings fine and bad, each with its title
 *  as guid. A failure can be planted at a stage. */
async function openPlanted(stage: Stage) {
  const bench = await openWorkbench();
  const server = await startLoopback();
  const planting: Planting = { isThere: true, isEverywhere: false };
  bench.wrap = (context) => plantings[stage](context, planting);
  const page = (name: string) =>
    `<html><head><title>${name}</title></head><body><article><h1>${name}</h1>${Array.from({ length: 5 }, (_, n) => `<p>${words(`${name}${n}`)}</p>`).join('')}</article></body></html>`;
  const link = (name: string) =>
    stage === 'full text' ? server.answer(`/${name}`, 200, { 'content-type': 'text/html' }, page(name)) : `https://x.test/${name}`;
  const toSource = (id: string, names: readonly string[], text: (name: string) => string) => {
    const items = names.map((name) => [name, link(name), text(name), name] as const);
    const document = rss('https://x.test/', items);
    // For a local file it is unknown which network its pages may be requested from.
    return stage === 'full text'
      ? declare('feed', server.answer(`/${id}.xml`, 200, {}, document), { id, fullText: true })
      : declare('file', bench.write(`${id}.xml`, document), { id });
  };
  const run = async (options: Partial<RunOptions> & { readonly edition?: number } = {}): Promise<RunReport> => {
    const { edition = 1, ...rest } = options;
    const text = (name: string) => (stage === 'full text' ? `${words(name)} …` : words(edition === 1 ? name : `${name}edition${edition}`));
    bench.now = new Date(bench.now.getTime() + 3 * 3_600_000);
    const report = await bench.run([toSource('good', ['good', 'better'], text), toSource('bad', ['fine', 'bad'], text)], rest);
    return report;
  };
  const render = async () => {
    const options = { siteUrl: site.url, alsoPublished: 'footer' as const, titlePrefix: false, updateNotes: true };
    const { store } = bench.wrap({ store: bench.store } as Parameters<Workbench['wrap']>[0]);
    const context = { store, clock: { now: () => bench.now }, site, feeds: bench.feeds, options, version: '0', hubUrl: null };
    const document = (await renderAll(context)).find(({ format }) => format === 'json');
    const { items } = JSON.parse(new TextDecoder().decode(document?.bytes)) as { readonly items: readonly { readonly title: string }[] };
    return items.map(({ title }) => title);
  };
  const aside = async () => (await bench.store.readSetAside()).map((one) => [one.stage, one.what, one.version, one.tries, one.isOpen]);
  const end = async () => {
    await server[Symbol.asyncDispose]();
    await bench[Symbol.asyncDispose]();
  };
  return { bench, planting, run, render, aside, [Symbol.asyncDispose]: end };
}

const stages: readonly (readonly [stage: Stage, what: string, shown: readonly string[]])[] = [
  ['parse', 'source', ['better', 'good']],
  ['full text', 'entry', ['bad', 'better', 'fine', 'good']],
  ['fold', 'entry', ['better', 'fine', 'good']],
  ['settle', 'story', ['better', 'fine', 'good']],
  ['list', 'story', ['better', 'fine', 'good']],
  ['render', 'story', ['better', 'fine', 'good']],
];

test.for(stages)(
  'a failure at the stage %s fails one %s, is reported, and is tried again once by a newer version and by --retry',
  async ([stage, what, shown]) => {
    await using planted = await openPlanted(stage);
    const { bench, planting, run, render, aside } = planted;
    const problemsOf = (report: RunReport) =>
      report.problems.filter(({ code }) => code.endsWith('/set-aside')).map(({ source, code }) => [source, code]);
    const expected = stage === 'render' ? [] : [['bad', `${what}/set-aside`]];
    expect(problemsOf(await run())).toEqual(expected);
    expect((await render()).toSorted()).toEqual(shown);
    expect(await aside()).toEqual([[stage, what, VERSION, 1, false]]);
    // The next runs pass the item over, except a document that could not be parsed at all.
    const again = stage === 'parse' ? 2 : 1;
    const next = await run();
    expect(next.setAside).toBe(1);
    if (stage !== 'parse') expect(problemsOf(next)).toEqual([]);
    await render();
    expect(await aside()).toEqual([[stage, what, VERSION, again, false]]);
    const [item] = await bench.store.readSetAside();
    await bench.store.setAside([item ?? expect.fail()], '0.0.9', bench.now);
    for (const options of [{}, {}]) {
      await run(options);
      await render();
    }
    if (stage !== 'parse') expect(await aside()).toEqual([[stage, what, VERSION, again + 2, false]]);
    await run({ retry: true });
    await render();
    if (stage !== 'parse') expect(await aside()).toEqual([[stage, what, VERSION, again + 3, false]]);
    planting.isThere = false;
    await run();
    if (stage !== 'parse') expect((await render()).toSorted()).toEqual(shown);
    expect(problemsOf(await run({ retry: true }))).toEqual([]);
    expect((await render()).toSorted()).toEqual(['bad', 'better', 'fine', 'good']);
    expect(await aside()).toEqual([]);
    expect((await run()).setAside).toBe(0);
  },
);

test.for(['re-identification', 'normalise'] as const)('a failure at the stage %s only loses the revision of the entry', async (stage) => {
  await using planted = await openPlanted(stage);
  const { bench, planting, run, render, aside } = planted;
  planting.isThere = false;
  await run();
  planting.isThere = true;
  const report = await run({ edition: 2 });
  expect(report.problems.map(({ code, entry }) => [code, entry])).toEqual([['entry/set-aside', 'bad']]);
  expect(report.entriesRevised).toBe(3);
  expect((await render()).toSorted()).toEqual(['bad', 'better', 'fine', 'good']);
  expect(await aside()).toEqual([[stage, 'entry', VERSION, 1, false]]);
  expect((await run({ edition: 2 })).problems).toEqual([]);
  await run({ edition: 2, retry: true });
  expect(await aside()).toEqual([[stage, 'entry', VERSION, 2, false]]);
  // An entry that its source has changed is tried again.
  await run({ edition: 3 });
  expect(await aside()).toEqual([[stage, 'entry', VERSION, 3, false]]);
  planting.isThere = false;
  expect((await run({ edition: 3 })).entriesRevised).toBe(0);
  expect((await run({ edition: 3, retry: true })).entriesRevised).toBe(1);
  expect(await aside()).toEqual([]);
  expect(await bench.store.readPending(1)).toEqual([]);
});

test.for(['parse', 'fold', 'settle', 'list'] as const)(
  'no item is set aside if everything fails at the stage %s: the run fails, and the next one continues',
  async (stage) => {
    await using planted = await openPlanted(stage);
    const { planting, run, render, aside } = planted;
    planting.isEverywhere = true;
    await expect(run()).rejects.toThrow('planted');
    await expect(run()).rejects.toThrow('planted');
    expect(await aside()).toEqual([]);
    planting.isThere = false;
    expect((await run()).problems).toEqual([]);
    expect((await render()).toSorted()).toEqual(['bad', 'better', 'fine', 'good']);
  },
);
