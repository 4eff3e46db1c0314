import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import { faultsOf, load } from '../../support/config.ts';
import { openFetcher } from '../../support/http-fetcher.ts';
import { startLoopback } from '../../support/loopback.ts';

const HOUR = 3_600_000;
const feed = (n: number) => rss('https://a.test/', [[`Title number ${n} here`, `https://a.test/${n}`, `Text of number ${n}.`]]);

test('A10 follows 301 at once, adopts it after proof over days with identity kept, and never adopts 302', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/new', 200, {}, feed(1));
  const old = server.answer('/old', 301, { location: '/new' });
  const passing = server.answer('/passing', 302, { location: '/new' });
  const sources = [declare('feed', old, { id: 'a' }), declare('feed', passing, { id: 'b' })];
  for (let day = 0; day < 3; day++) {
    expect(await bench.run(sources)).toMatchObject({ polled: 2, failed: 0, entriesNew: day === 0 ? 2 : 0 });
    bench.now = new Date(bench.now.getTime() + 24 * HOUR);
  }
  const before = server.requests.length;
  expect(await bench.run(sources)).toMatchObject({ polled: 2, entriesNew: 0, storiesNew: 0 });
  expect(
    server.requests
      .slice(before)
      .map(({ url }) => url)
      .toSorted(),
  ).toEqual(['/new', '/new', '/passing']);
  const [a, b] = await bench.store.readSources();
  expect(a).toMatchObject({
    source: { id: 'a', address: old },
    entries: 1,
    poll: { move: { to: `${server.origin}/new`, isAdopted: true } },
  });
  expect(a?.poll.notice?.code).toBe('source/moved');
  expect(b?.poll.move).toBeNull();
});

test('A10 gives up an adopted address that fails, and requests the configured one', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/new', 200, {}, feed(1));
  const sources = [declare('feed', server.answer('/old', 301, { location: '/new' }), { id: 'a' })];
  for (let day = 0; day < 3; day++) {
    await bench.run(sources);
    bench.now = new Date(bench.now.getTime() + 24 * HOUR);
  }
  server.answer('/new', 404);
  server.answer('/old', 200, {}, feed(2));
  for (let day = 0; day < 3; day++) {
    expect(await bench.run(sources)).toMatchObject({ failed: 1 });
    bench.now = new Date(bench.now.getTime() + 48 * HOUR);
  }
  expect(await bench.run(sources)).toMatchObject({ failed: 0, entriesNew: 1 });
});

test('A11 backs off after a 404 and requests again', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 404), { id: 'a' })];
  expect(await bench.run(sources)).toMatchObject({ failed: 1, problems: [{ code: 'fetch/status' }] });
  bench.now = new Date(bench.now.getTime() + 48 * HOUR);
  expect(await bench.run(sources)).toMatchObject({ polled: 1 });
});

test('A11 sends no request after a 410', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 410), { id: 'a' })];
  expect(await bench.run(sources)).toMatchObject({ failed: 1, problems: [{ code: 'fetch/gone' }] });
  bench.now = new Date(bench.now.getTime() + 1000 * HOUR);
  expect(await bench.run(sources, { all: true })).toMatchObject({ polled: 0 });
});

test('A12 A13 names itself, and sends no Cookie, no Referer and no other address', async () => {
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

test('A14 requests gzip and br, and decodes them within the limit', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const gzip = declare('feed', server.answer('/gzip', 200, { 'content-encoding': 'gzip' }, gzipSync(feed(1))), { id: 'a' });
  const bomb = declare('feed', server.answer('/bomb', 200, { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(5_000_000, 32))), {
    id: 'b',
  });
  expect(await bench.run([gzip, bomb])).toMatchObject({ entriesNew: 1, failed: 1, problems: [{ source: 'b', code: 'fetch/too-large' }] });
  expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['gzip, br, deflate', 'gzip, br, deflate']);
});

test('A15 opens two connections to a host at most, and continues with another host meanwhile', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  let open = 0;
  let most = 0;
  const arrivals: string[] = [];
  const add = (host: string, id: string) => {
    const path = `/${id}`;
    server.on(path, (_, response) => {
      arrivals.push(host);
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end(feed(1));
      }, 20);
    });
    return declare('feed', `http://${host}:${server.port}${path}`, { id });
  };
  const many = Array.from({ length: 8 }, (_, n) => add('127.0.0.1', `a${n}`));
  await bench.run(many);
  expect(most).toBe(2);
  arrivals.length = 0;
  await bench.run([...many, add('localhost', 'b')]);
  expect(arrivals.slice(0, 3).toSorted()).toEqual(['127.0.0.1', '127.0.0.1', 'localhost']);
});

test('A15 leaves time between two requests to one host', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ spacingMs: () => 150 });
  const url = server.answer('/feed', 200, {}, feed(1));
  await Promise.all([fetcher.ask(url), fetcher.ask(url), fetcher.ask(url)]);
  const [first, second, third] = server.requests.map(({ at }) => at);
  // A timer may fire a millisecond early; a busy machine may delay the first request.
  expect((third ?? 0) - (first ?? 0)).toBeGreaterThan(200);
  expect(second).toBeLessThan(third ?? 0);
});

test('A16 sends A-IM only with an ETag, and merges a delta: entries that it lacks stay', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 200, { etag: '"one"' }, feed(1)), { id: 'a' })];
  await bench.run(sources);
  server.answer('/feed', 226, { etag: '"two"', im: 'feed' }, feed(2));
  expect(await bench.run(sources)).toMatchObject({ failed: 0, entriesNew: 1, storiesWithdrawn: 0 });
  server.answer('/feed', 226, { etag: '"three"', im: 'feed' }, 'no feed at all');
  expect(await bench.run(sources)).toMatchObject({ failed: 1 });
  bench.now = new Date(bench.now.getTime() + 48 * HOUR);
  server.answer('/feed', 200, { etag: '"four"' }, feed(1));
  expect(await bench.run(sources)).toMatchObject({ failed: 0, entriesNew: 0 });
  expect(server.requests.map(({ headers }) => [headers['a-im'], headers['if-none-match']])).toEqual([
    [undefined, undefined],
    ['feed', '"one"'],
    ['feed', '"two"'],
    [undefined, '"two"'],
  ]);
  expect(await bench.stories()).toHaveLength(2);
});

test('A16 rejects a 226 that was not requested', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [declare('feed', server.answer('/feed', 226, { im: 'feed' }, feed(1)), { id: 'a' })];
  expect(await bench.run(sources)).toMatchObject({ failed: 1, problems: [{ code: 'fetch/status' }] });
});

test('A17 fetches a source once in a run, however many feeds select it; a configuration that lists it twice is refused', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const url = server.answer('/feed', 200, {}, feed(1));
  await bench.run([declare('feed', url, { id: 'a', tags: ['x', 'y'] })]);
  expect(server.requests).toHaveLength(1);
  const yaml = `site: { title: T, url: "http://localhost" }\nstore: sqlite:a.db\nsources:\n  - { feed: "${url}" }\n  - { feed: "${url}", tags: [y] }\n`;
  expect(faultsOf(() => load(yaml)).map(({ line, key }) => [line, key])).toEqual([[5, 'sources[1].feed']]);
});

test('A18 refuses any other than a public web address, before and after a redirect', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const sources = [
    declare('feed', 'http://[::1]:1/feed', { id: 'a' }),
    declare('feed', server.answer('/b', 302, { location: 'http://169.254.169.254/latest' }), { id: 'b' }),
    declare('feed', server.answer('/c', 302, { location: 'file:///etc/passwd' }), { id: 'c' }),
  ];
  const { problems } = await bench.run(sources);
  expect(problems.map(({ source, code }) => `${source} ${code}`)).toEqual([
    'a fetch/private-address',
    'b fetch/private-address',
    'c fetch/redirect-refused',
  ]);
});

test('A19 requests the feed and nothing else: no linked page, no image, no robots.txt', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/robots.txt', 200, {}, 'User-agent: *\nDisallow: /');
  const text = rss(`${server.origin}/`, [['A title of words', `${server.origin}/page`, `<img src="${server.origin}/image.png">`]]);
  expect(await bench.run([declare('feed', server.answer('/feed', 200, {}, text), { id: 'a' })])).toMatchObject({ entriesNew: 1 });
  expect(server.requests.map(({ url }) => url)).toEqual(['/feed']);
});
