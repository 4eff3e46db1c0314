import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';

const DAY = 86_400_000;
const subjects = ['harbour', 'lighthouse', 'ferry', 'market', 'library', 'orchard', 'railway', 'theatre'];
/** Returns a feed whose entries are equal at every address, under ids of its own. */
const feedAt = (host: string, ids: string, count = subjects.length) =>
  rss(
    `https://${host}/`,
    subjects
      .slice(0, count)
      .map((subject, n) => [
        `The ${subject} opens again after ${n + 2} years`,
        `https://${host}/2026/${subject}-opens`,
        `For ${n + 2} years the ${subject} was shut; on Monday it was opened by ${subject} people, ${n} of them singing.`,
        `${ids}-${n}`,
      ]),
  );

async function later(bench: Workbench, days: number): Promise<void> {
  bench.now = new Date(bench.now.getTime() + days * DAY);
}

test('a moved feed continues under its id: nothing is published again, and the re-identified entries are reported', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const [old, young] = [
    server.answer('/old', 200, {}, feedAt('old.test', 'a', 7)),
    server.answer('/new', 200, {}, feedAt('new.test', 'b')),
  ];
  await bench.run([declare('feed', old)]);
  const before = await bench.stories();
  const [{ source } = { source: { id: '' } }] = await bench.store.readSources();
  await later(bench, 1);
  const report = await bench.run([declare('feed', young, { previous: old })]);
  expect(report).toMatchObject({ entriesNew: 1, storiesNew: 1, storiesWithdrawn: 0, failed: 0 });
  const statuses = await bench.store.readSources();
  expect(statuses.map((status) => [status.source.id, status.source.address, status.entries, status.active])).toEqual([
    [source.id, young, 8, true],
  ]);
  const message = `7 of 8 entries are known from ${old} and are not published again; 1 are new`;
  expect(statuses[0]?.poll.notice).toMatchObject({ code: 'source/previous', message });
  expect(report.problems).toContainEqual({ source: source.id, code: 'source/previous', message, at: expect.any(Date) as Date });
  const after = await bench.stories();
  for (const story of before) expect(after.find(({ id }) => id === story.id)?.updated).toEqual(story.updated);
  await later(bench, 1);
  server.answer('/new', 200, {}, feedAt('new.test', 'b').replace('singing', 'singing loudly'));
  expect((await bench.run([declare('feed', young, { previous: old })])).problems).toEqual([]);
});

test('only the first document after a move counts as moved: in a later delta, a known title may be a new entry', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const [old, young] = [
    server.answer('/old', 200, {}, feedAt('old.test', 'a')),
    server.answer('/new', 200, { etag: '"1"' }, feedAt('new.test', 'b')),
  ];
  await bench.run([declare('feed', old)]);
  const sources = [declare('feed', young, { previous: old })];
  const title = `The ${subjects[0]} opens again after 2 years`;
  const items = (n: number) =>
    rss('https://new.test/', [
      [title, `https://new.test/again-${n}`, `Another text, number ${n}, about quite other things than before.`, `c-${n}`],
    ]);
  const report = async () => {
    await later(bench, 1);
    return bench.run(sources);
  };
  await report();
  for (const n of [1, 2]) {
    server.answer('/new', 226, { etag: `"d${n}"`, im: 'feed' }, items(n));
    expect(await report()).toMatchObject({ entriesNew: 1, entriesRevised: 0, problems: [] });
  }
});

test('a page replaces a feed that was listed before, and keeps an id that the owner gave', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const old = server.answer('/old', 200, {}, feedAt('old.test', 'a'));
  const page = server.answer(
    '/',
    200,
    { 'content-type': 'text/html' },
    '<html><link rel="alternate" type="application/rss+xml" href="/new">',
  );
  server.answer('/new', 200, {}, feedAt('new.test', 'b'));
  await bench.run([declare('feed', old)]);
  await later(bench, 1);
  expect(await bench.run([declare('page', page, { previous: old, id: 'mine' })])).toMatchObject({ entriesNew: 0, storiesNew: 0 });
  expect((await bench.store.readSources()).map(({ source, entries }) => [source.id, source.kind, entries])).toEqual([['mine', 'page', 8]]);
});

test('a source added again within 30 days of its removal sends its validators; later it requests the whole document', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const url = server.answer('/feed', 200, { etag: '"1"' }, feedAt('a.test', 'a'));
  const sources = [declare('feed', url, { id: 'a', intervalMs: null })];
  await bench.run(sources);
  const stories = await bench.stories();
  const leave = async (days: number) => {
    await bench.run([]);
    await later(bench, days);
    return bench.run(sources);
  };
  expect(await leave(29)).toMatchObject({ polled: 1, entriesNew: 0 });
  expect(server.requests[1]?.headers['if-none-match']).toBe('"1"');
  expect(await leave(31)).toMatchObject({ polled: 1, entriesNew: 0, storiesNew: 0 });
  expect(server.requests[2]?.headers).not.toHaveProperty('if-none-match');
  expect((await bench.stories()).map(({ id }) => id)).toEqual(stories.map(({ id }) => id));
});

test('A5 removing a source and adding it again does not reset its interval', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"1"' }, feedAt('a.test', 'a')), { intervalMs: null })];
  await bench.run(sources);
  await bench.run([]);
  bench.now = new Date(bench.now.getTime() + 30 * 60_000);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
  expect(server.requests).toHaveLength(1);
});
