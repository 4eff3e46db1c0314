import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from './support/bench.ts';
import { startLoopback } from './support/loopback.ts';

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

test('A5 asks a stranger once an hour at most: 59 minutes are too early, also with --all and after a restart', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"' }, feed(1)), { id: 'a', intervalMs: null })];
  await bench.run(sources);
  bench.now = new Date(bench.now.getTime() + 59 * 60_000);
  await bench.restart();
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
  bench.now = new Date(bench.now.getTime() + 60_000);
  expect(await bench.run(sources)).toMatchObject({ polled: 1 });
  expect(server.requests).toHaveLength(2);
});

test('A5 asks a source without validators once a day', async () => {
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

test('A7 leaves a host alone for as long as Retry-After says, all of its sources', async () => {
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

test('A11 asks no more after a 410', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 410), { id: 'a' })];
  expect(await bench.run(sources)).toMatchObject({ failed: 1, problems: [{ code: 'fetch/gone' }] });
  bench.now = new Date(bench.now.getTime() + 1000 * HOUR);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
});

test('A12 A13 names itself and sends neither Cookie nor Referer nor another address', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.on('/feed', (_, response) => response.writeHead(200, { 'set-cookie': 'a=b' }).end(feed(1)));
  const sources = [declare('feed', `${server.origin}/feed?b=2&a=1`, { id: 'a' })];
  await bench.run(sources);
  await bench.run(sources);
  expect(server.requests.map((request) => request.url)).toEqual(['/feed?b=2&a=1', '/feed?b=2&a=1']);
  for (const { headers } of server.requests) {
    expect(headers['user-agent']).toBe('Newsfold/test (+http://localhost)');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('referer');
  }
});
