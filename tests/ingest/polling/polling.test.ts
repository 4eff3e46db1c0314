import { toShownPolls } from '../../../src/model/values/shown-polls.ts';
import { readSourceViews } from '../../../src/views/sources.ts';
import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';

const HOUR = 3_600_000;
const feed = (n: number) => rss('https://a.test/', [[`Title number ${n} here`, `https://a.test/${n}`, `Text of number ${n}.`]]);

test('A1 A2 A3 sends both validators back byte for byte, also after a restart', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const url = server.answer('/feed', 200, { etag: 'W/"a \\ b"', 'last-modified': 'Mon, 09 Mar 2026 10:00:00 +0000' }, feed(1));
  const sources = [declare('feed', url, { id: 'a' })];
  await bench.run(sources);
  server.answer('/feed', 304, { etag: 'W/"a \\ b"' });
  await bench.restart();
  expect(await bench.run(sources)).toMatchObject({ polled: 1, notModified: 1, failed: 0, entriesNew: 0 });
  expect(server.requests[0]?.headers).not.toHaveProperty('if-none-match');
  expect(server.requests[1]?.headers).toMatchObject({
    'if-none-match': 'W/"a \\ b"',
    'if-modified-since': 'Mon, 09 Mar 2026 10:00:00 +0000',
  });
  expect(bench.log).toContainEqual(
    expect.objectContaining({ sentEtag: 'W/"a \\ b"', sentLastModified: 'Mon, 09 Mar 2026 10:00:00 +0000', status: 304 }),
  );
});

test('A3 keeps a new ETag that comes with an unchanged body, and one that comes with a 304', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"' }, feed(1)), { id: 'a' })];
  await bench.run(sources);
  server.answer('/feed', 200, { etag: '"two"', 'last-modified': 'Mon, 09 Mar 2026 10:00:00 GMT' }, feed(1));
  await bench.run(sources);
  server.answer('/feed', 304, { etag: '"three"' });
  await bench.run(sources);
  await bench.run(sources);
  expect(server.requests.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']])).toEqual([
    [undefined, undefined],
    ['"one"', undefined],
    ['"two"', 'Mon, 09 Mar 2026 10:00:00 GMT'],
    ['"three"', 'Mon, 09 Mar 2026 10:00:00 GMT'],
  ]);
});

test('A4 keeps no validator of a body that could not be read', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"broken"' }, '<rss version="2.0"><channel>'), { id: 'a' })];
  expect(await bench.run(sources)).toMatchObject({ failed: 1, problems: [{ source: 'a', code: 'feed/broken-xml' }] });
  bench.now = new Date(bench.now.getTime() + 2 * HOUR);
  server.answer('/feed', 200, { etag: '"good"' }, feed(1));
  expect(await bench.run(sources)).toMatchObject({ failed: 0, entriesNew: 1 });
  expect(server.requests[1]?.headers).not.toHaveProperty('if-none-match');
});

test("A5 polls a stranger's site once an hour at most: 59 minutes are too early, also with --all and after a restart", async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"' }, feed(1)), { id: 'a', intervalMs: null })];
  await bench.run(sources);
  bench.now = new Date(bench.now.getTime() + 59 * 60_000);
  await bench.restart();
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
  bench.now = new Date(bench.now.getTime() + 60_000);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 1 });
  expect(server.requests).toHaveLength(2);
});

test('A5 lets owners poll sources of their own more often, and says so', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"' }, feed(1)), { id: 'a', intervalMs: 10 * 60_000 })];
  await bench.run(sources);
  bench.now = new Date(bench.now.getTime() + 9 * 60_000);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
  bench.now = new Date(bench.now.getTime() + 60_000);
  expect(await bench.run(sources)).toMatchObject({ polled: 1 });
  expect((await bench.store.readPolls('a', 9)).map(({ reason }) => reason)).toEqual(['owner', 'owner']);
});

test('A5 polls a source without validators once a day', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, {}, feed(1)), { id: 'a', intervalMs: null })];
  await bench.run(sources);
  bench.now = new Date(bench.now.getTime() + 24 * HOUR - 1000);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
  bench.now = new Date(bench.now.getTime() + 1000);
  expect(await bench.run(sources)).toMatchObject({ polled: 1 });
});

test('A6 waits until max-age has passed, whatever interval the owner has set', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"', 'cache-control': 'max-age=7200' }, feed(1)), { id: 'a' })];
  await bench.run(sources);
  bench.now = new Date(bench.now.getTime() + 2 * HOUR - 1000);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
  bench.now = new Date(bench.now.getTime() + 1000);
  expect(await bench.run(sources)).toMatchObject({ polled: 1 });
});

test('A7 polls no source of a host before its Retry-After has passed', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const a = declare('feed', server.answer('/a', 429, { 'retry-after': '9000' }), { id: 'a' });
  const b = declare('feed', server.answer('/b', 200, {}, feed(1)), { id: 'b' });
  await bench.run([a]);
  bench.now = new Date(bench.now.getTime() + 8_999_000);
  expect(await bench.run([a, b], { all: true })).toMatchObject({ polled: 0 });
  bench.now = new Date(bench.now.getTime() + 1000);
  expect(await bench.run([a, b], { all: true })).toMatchObject({ polled: 2 });
});

test('A7 Retry-After holds at once: later sources of the host in the same run are not polled', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = ['a', 'b', 'c', 'd', 'e'].map((id) =>
    declare('feed', server.answer(`/${id}`, 503, { 'retry-after': 'Tue, 10 Mar 2026 15:00:00 GMT' }), { id }),
  );
  expect(await bench.run(sources)).toMatchObject({ sources: 5, polled: 2, failed: 2 });
  bench.now = new Date('2026-03-10T14:59:59Z');
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
});

test('A8 backs off ever longer after failures, with jitter, and not any more after a success', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 500), { id: 'a', intervalMs: null })];
  const waits: number[] = [];
  for (let n = 0; n < 7; n++) {
    const before = bench.now.getTime();
    expect(await bench.run(sources)).toMatchObject({ polled: 1, failed: 1 });
    const next = (await bench.store.readSources())[0]?.poll.nextPollAt?.getTime() ?? 0;
    waits.push((next - before) / HOUR);
    bench.now = new Date(next);
  }
  [2, 4, 8, 16, 24, 24, 24].forEach((hours, n) => {
    expect(waits[n]).toBeGreaterThanOrEqual(hours);
    expect(waits[n]).toBeLessThan(hours * 1.25);
  });
  expect(new Set(waits).size).toBe(waits.length);
  server.answer('/feed', 200, { etag: '"one"' }, feed(1));
  await bench.run(sources);
  expect((await bench.store.readSources())[0]?.poll).toMatchObject({ failures: 0, problem: null });
});

test.each<[what: string, head: string, hours: number]>([
  ['ttl', '<ttl>180</ttl>', 3],
  ['skipHours', '<skipHours><hour>13</hour><hour>14</hour></skipHours>', 3],
  ['skipDays', '<skipDays><day>Tuesday</day></skipDays>', 12],
  ['sy:updatePeriod and sy:updateFrequency', '<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>', 6],
])('A9 waits as long as %s asks, also when the next answer is a 304', async (_, head, hours) => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const text = feed(1)
    .replace('<channel>', `<channel>${head}`)
    .replace('<rss ', '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ');
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"' }, text), { id: 'a', intervalMs: null })];
  const start = bench.now.getTime();
  await bench.run(sources);
  server.answer('/feed', 304);
  bench.now = new Date(start + hours * HOUR - 1000);
  expect(await bench.run(sources)).toMatchObject({ polled: 0 });
  const first = (await bench.store.readSources())[0]?.poll.nextPollAt ?? bench.now;
  expect(first.getTime()).toBeLessThan(start + (hours * 1.1 + 0.25) * HOUR);
  bench.now = first;
  expect(await bench.run(sources)).toMatchObject({ polled: 1, notModified: 1 });
  expect((await bench.store.readSources())[0]?.poll.nextPollAt?.getTime()).toBeGreaterThan(bench.now.getTime() + HOUR);
});

test.each([
  ['seconds', '99999999999'],
  ['a date', 'Fri, 31 Dec 2100 23:59:59 GMT'],
])('A7 no Retry-After holds a host for more than 31 days, and each of its sources shows until when: %s', async (_name, wait) => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const a = declare('feed', server.answer('/a', 429, { 'retry-after': wait }), { id: 'a', intervalMs: null });
  const b = declare('feed', server.answer('/b', 200, { etag: '"b"' }, feed(1)), { id: 'b', intervalMs: null });
  const c = declare('file', bench.write('c.xml', feed(2)), { id: 'c' });
  await bench.run([b, c]);
  await bench.run([a, b, c]);
  const shown = async () =>
    toShownPolls(await bench.store.readSources(), await bench.store.readHolds(bench.now)).map(({ poll }) => poll.nextPollAt);
  const until = new Date(bench.now.getTime() + 31 * 24 * HOUR);
  expect((await shown()).slice(0, 2)).toEqual([until, until]);
  const { sources } = await readSourceViews({ store: bench.store, clock: { now: () => bench.now } });
  expect(sources.filter(({ status }) => status.source.kind === 'feed').map(({ status }) => status.poll.nextPollAt)).toEqual([until, until]);
  bench.now = new Date(until.getTime() - 1000);
  expect(await bench.run([a, b, c], { all: true })).toMatchObject({ polled: 1 });
  bench.now = until;
  expect(await bench.run([a, b, c])).toMatchObject({ polled: 3 });
});
