import { expect, test } from 'vitest';
import { staysWith } from '../../../src/ingest/http/redirects.ts';
import { codeOf, openFetcher, textOf } from '../../support/http-fetcher.ts';
import { findClosedPort, type Loopback, startLoopback } from '../../support/loopback.ts';

/** Scripts /0 > /1 > … with these statuses; the last path answers with a feed. */
function chain(server: Loopback, statuses: readonly number[]): string {
  for (const [index, status] of statuses.entries()) server.answer(`/${index}`, status, { location: `/${index + 1}` }, 'moved');
  server.answer(`/${statuses.length}`, 200, { etag: '"end"' }, 'feed');
  return `${server.origin}/0`;
}

test.each([
  [[301], '/1'],
  [[308], '/1'],
  [[301, 308, 301], '/3'],
  [[302], null],
  [[303], null],
  [[307], null],
  [[302, 301], null],
  [[301, 302], '/1'],
  [[301, 308, 307, 301], '/2'],
  [[301, 301, 301, 301, 301], '/5'],
])('A10 follows %j and takes %s as the new address', async (statuses, movedTo) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const result = await fetcher.ask(chain(server, statuses));
  const end = `${server.origin}/${statuses.length}`;
  expect(textOf(result)).toBe('feed');
  expect(result).toMatchObject({
    etag: '"end"',
    content: { url: end },
    hints: { status: 200, finalUrl: end, movedTo: movedTo && server.origin + movedTo },
  });
});

test('A10 does not follow a sixth redirect', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const result = await fetcher.ask(chain(server, [301, 301, 301, 301, 301, 301]));
  expect(result).toMatchObject({
    problem: { code: 'fetch/redirect-loop' },
    hints: { status: 301, finalUrl: `${server.origin}/5`, movedTo: null },
  });
  expect(server.requests).toHaveLength(6);
});

test.each([
  ['itself', '/a'],
  ['itself with a fragment', '/a#x'],
  ['one that comes back', '/b'],
])('A10 treats a redirect to %s as a loop', async (_, location) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/a', 302, { location });
  server.answer('/b', 302, { location: '/a' });
  expect(codeOf(await fetcher.ask(url))).toBe('fetch/redirect-loop');
  expect(server.requests.length).toBeLessThanOrEqual(2);
});

test.each([
  ['a file', 'file:///etc/passwd', 'fetch/redirect-refused'],
  ['another scheme', 'gopher://127.0.0.1/', 'fetch/redirect-refused'],
  ['data', 'data:text/xml,<rss/>', 'fetch/redirect-refused'],
  ['nonsense', 'http://[', 'fetch/redirect-refused'],
  ['a private address', 'http://10.0.0.1/feed', 'fetch/private-address'],
  ['a metadata service', 'http://169.254.169.254/latest/', 'fetch/private-address'],
  ['a mapped address', 'http://[::ffff:a9fe:a9fe]/', 'fetch/private-address'],
  ['a private address in disguise', 'http://0xa000001/', 'fetch/private-address'],
])('A18 does not follow a redirect to %s', async (_, location, code) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/feed', 301, { location });
  expect(await fetcher.ask(url)).toMatchObject({ kind: 'failed', problem: { code }, hints: { finalUrl: url, movedTo: null } });
});

test('reports a redirect without a usable target', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  expect(codeOf(await fetcher.ask(server.answer('/feed', 302)))).toBe('fetch/redirect-refused');
});

test('A10 adopts no new address from a redirect to a failing page', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const gone = server.answer('/new', 410);
  const result = await fetcher.ask(server.answer('/feed', 301, { location: '/new' }));
  expect(result).toMatchObject({ gone: true, problem: { code: 'fetch/gone' }, hints: { status: 410, finalUrl: gone, movedTo: null } });
});

test('names the hop that failed and the server that answered last', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const closed = `http://127.0.0.1:${await findClosedPort()}/new`;
  const url = server.answer('/feed', 301, { location: closed });
  const result = await fetcher.ask(url);
  expect(result).toMatchObject({
    problem: { code: 'fetch/refused', message: expect.stringContaining(closed) },
    hints: { status: null, finalUrl: url, movedTo: null },
  });
});

test('resolves a relative address with query, and one in UTF-8, and drops its userinfo', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/blog/feed', 302, { location: '../neu?x=1' });
  server.answer('/neu', 302, { location: Buffer.from('/ü').toString('latin1') });
  server.answer('/%C3%BC', 302, { location: `http://a:b@127.0.0.1:${server.port}/end` });
  const end = server.answer('/end', 200, {}, 'feed');
  expect(await fetcher.ask(url)).toMatchObject({ kind: 'content', hints: { finalUrl: end } });
  expect(server.requests.map((request) => request.url)).toEqual(['/blog/feed', '/neu?x=1', '/%C3%BC', '/end']);
  expect(server.requests[3]?.headers.authorization).toBeUndefined();
});

test('keeps credentials and validators on a redirect within the origin', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  server.answer('/new', 304);
  const options = { headers: { 'x-key': 'k' }, auth: { user: 'a', password: 'b' } };
  const result = await fetcher.ask(server.answer('/feed', 301, { location: '/new' }), { etag: '"a"', lastModified: 'then', options });
  expect(result).toMatchObject({ kind: 'notModified', hints: { movedTo: `${server.origin}/new` } });
  expect(server.requests[1]?.headers).toMatchObject({
    'if-none-match': '"a"',
    'if-modified-since': 'then',
    'x-key': 'k',
    authorization: 'Basic YTpi',
  });
});

test('A1 keeps validators, and drops credentials and fields of the owner for good, when a redirect leaves the origin', async () => {
  await using server = await startLoopback();
  await using stranger = await startLoopback();
  await using fetcher = openFetcher();
  const back = server.answer('/back', 302, { location: '/back/end' });
  server.answer('/back/end', 200, {}, 'feed');
  const away = stranger.answer('/new', 302, { location: back });
  const url = server.answer('/feed', 302, { location: away }).replace('://', '://u:p@');
  for (const auth of [{ user: 'a', password: 'b' }, null]) {
    const options = { headers: { 'X-Key': 'k', Cookie: 'c=1' }, auth, userAgent: 'Mine/1' };
    expect(codeOf(await fetcher.ask(url, { etag: '"a"', lastModified: 'then', options }))).toBe('content');
  }
  for (const request of [...stranger.requests, ...server.requests.filter(({ url: path }) => path.startsWith('/back'))]) {
    expect(request.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
      'host',
      'connection',
      'user-agent',
      'accept',
      'accept-encoding',
      'if-none-match',
      'if-modified-since',
    ]);
    expect(request.headers['user-agent']).toBe('Mine/1');
  }
});

test.each([
  ['http://a.example/x', 'http://a.example/y', true],
  ['http://a.example/', 'https://a.example/', true],
  ['http://a.example:8080/', 'https://a.example/', false],
  ['http://a.example/', 'https://a.example:8443/', false],
  ['https://a.example/', 'http://a.example/', false],
  ['http://a.example/', 'https://www.a.example/', false],
  ['http://a.example/', 'http://a.example:81/', false],
])('a redirect from %s to %s stays with the same server: %s', (from, to, expected) => {
  expect(staysWith(new URL(from), new URL(to))).toBe(expected);
});
