import { expect, test } from 'vitest';
import { codeOf, now, openFetcher, textOf } from '../../support/http-fetcher.ts';
import { findClosedPort, startLoopback } from '../../support/loopback.ts';

const rss = '<rss version="2.0"><channel><title>Ödland</title></channel></rss>';

test('brings the body with its media type, validators and final URL', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const fields = { 'content-type': 'application/rss+xml; charset=utf-8', etag: '"a"', 'last-modified': 'Sun, 01 Mar 2026 10:00:00 GMT' };
  const url = server.answer('/feed', 200, fields, rss);
  const result = await fetcher.ask(url);
  expect(result).toMatchObject({
    kind: 'content',
    etag: '"a"',
    lastModified: 'Sun, 01 Mar 2026 10:00:00 GMT',
    content: { contentType: 'application/rss+xml; charset=utf-8', url },
    hints: { status: 200, retryAfter: null, freshUntil: null, finalUrl: url, movedTo: null },
  });
  expect(textOf(result)).toBe(rss);
});

test('gives null for fields that an answer lacks', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  expect(await fetcher.ask(server.answer('/feed', 200, {}, rss))).toMatchObject({
    etag: null,
    lastModified: null,
    content: { contentType: null },
  });
});

test('A12 A13 A14 sends these fields and no others, in this order', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  await fetcher.ask(server.answer('/feed', 200, {}, rss));
  const [request] = server.requests;
  expect(request?.method).toBe('GET');
  expect(request?.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
    'host',
    'connection',
    'user-agent',
    'accept',
    'accept-encoding',
  ]);
  expect(request?.headers['user-agent']).toBe('Newsfold/0.1 (+https://newsfold.example/bot)');
  expect(request?.headers['accept-encoding']).toBe('gzip, br, deflate');
  expect(request?.headers.accept).toMatch(/^application\/atom\+xml, application\/rss\+xml, application\/feed\+json, .*, \*\/\*;q=0\.1$/);
});

test('A13 sends no cookie back', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/feed', 200, { 'set-cookie': 'id=1; Path=/' }, rss);
  await fetcher.ask(url);
  await fetcher.ask(url);
  expect(server.requests.map((request) => [request.headers.cookie, request.headers.referer])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test.each(['/feed?', '/feed?b=2&a=1&a=', "/feed?q='x'&r={y}|z", '/a/../feed', '/feed%2fx', '/Feed;v=1', '/?feed=rss2', '//double/'])(
  'A13 sends %s as configured',
  async (path) => {
    await using server = await startLoopback();
    await using fetcher = openFetcher();
    await fetcher.ask(server.origin + path);
    expect(server.requests.map((request) => request.url)).toEqual([path]);
  },
);

test('A13 escapes only what may not stand in a request line, and sends no fragment', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  await fetcher.ask(`${server.origin}/fü d?x=ü#part`);
  await fetcher.ask(`${server.origin}?x=1#part`);
  expect(server.requests.map((request) => request.url)).toEqual(['/f%C3%BC%20d?x=%C3%BC', '/?x=1']);
});

test.each([
  ['"a-b"'],
  ['W/"686897696a7c876b7e"'],
  ['unquoted'],
  ['"one quote'],
  ['""'],
  [`'single'`],
  ['"a", "b"'],
  ['"a-gz"'],
  ['"é\u00a0\u00ff"'],
  ['W/W/"x" y'],
])('A2 sends the ETag %s back byte for byte', async (etag) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/feed', 200, { etag }, rss);
  const first = await fetcher.ask(url);
  expect(first).toMatchObject({ etag });
  await fetcher.ask(url, { etag });
  const raw = server.requests[1]?.rawHeaders ?? [];
  expect(raw[raw.indexOf('if-none-match') + 1]).toBe(etag);
  expect(raw).not.toContain('if-modified-since');
});

test.each([['Sun, 01 Mar 2026 10:00:00 GMT'], ['Sun, 01 Mar 2026 11:00:00 +0100'], ['1772359200'], ['sunday morning']])(
  'A2 sends the Last-Modified %s back byte for byte',
  async (lastModified) => {
    await using server = await startLoopback();
    await using fetcher = openFetcher();
    const url = server.answer('/feed', 200, { 'last-modified': lastModified }, rss);
    expect(await fetcher.ask(url)).toMatchObject({ lastModified });
    await fetcher.ask(url, { lastModified });
    const raw = server.requests[1]?.rawHeaders ?? [];
    expect(raw[raw.indexOf('if-modified-since') + 1]).toBe(lastModified);
    expect(raw).not.toContain('if-none-match');
  },
);

test('A3 sends both validators and takes the new ones of a 304', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/feed', 304, { etag: 'W/"new"' });
  const result = await fetcher.ask(url, { etag: '"old"', lastModified: 'yesterday' });
  expect(server.requests[0]?.headers).toMatchObject({ 'if-none-match': '"old"', 'if-modified-since': 'yesterday' });
  expect(result).toMatchObject({ kind: 'notModified', etag: 'W/"new"', lastModified: null, hints: { status: 304, movedTo: null } });
});

test('counts a 304 to an unconditional request as a failure', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  expect(codeOf(await fetcher.ask(server.answer('/feed', 304)))).toBe('fetch/status');
});

test("sends the owner's fields unchanged, in place of ours of the same name", async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.answer('/feed', 200, {}, rss);
  await fetcher.ask(url, { options: { headers: { 'X-Key': 'a  b', ACCEPT: 'text/xml' }, userAgent: 'Mine/1' } });
  const raw = server.requests[0]?.rawHeaders ?? [];
  expect(raw[raw.indexOf('X-Key') + 1]).toBe('a  b');
  expect(raw[raw.indexOf('ACCEPT') + 1]).toBe('text/xml');
  expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/xml', 'user-agent': 'Mine/1' });
});

test.each([
  ['auth', '', { user: 'ann', password: 'pä:ss' }, 'ann:pä:ss'],
  ['the URL', 'ann:p%40ss@', null, 'ann:p@ss'],
  ['auth before the URL', 'bob:x@', { user: 'ann', password: '1' }, 'ann:1'],
])('sends Basic credentials from %s and names them nowhere', async (_, userinfo, auth, expected) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const plain = server.answer('/feed', 200, {}, rss);
  const result = await fetcher.ask(plain.replace('://', `://${userinfo}`), { options: { auth } });
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(expected).toString('base64')}`);
  expect(result).toMatchObject({ content: { url: plain }, hints: { finalUrl: plain } });
});

test.each([
  [200, { 'cache-control': 'max-age=3600', age: '600' }, 3000],
  [304, { 'cache-control': 'max-age=3600' }, 3600],
  [429, { 'cache-control': 'max-age=3600' }, 3600],
  [200, { 'cache-control': ['public', 'max-age=3600'] }, 3600],
  [200, { 'cache-control': 'no-cache, max-age=3600' }, null],
  [200, { expires: 'Sun, 01 Mar 2026 13:00:00 GMT' }, 3600],
  [404, { 'cache-control': 'max-age=3600' }, null],
])('A6 takes freshness from a %i with %j', async (status, fields, seconds) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const { hints } = await fetcher.ask(server.answer('/feed', status, fields), { etag: '"a"' });
  expect(hints.freshUntil).toEqual(seconds === null ? null : new Date(now.getTime() + seconds * 1000));
});

test.each([
  [429, '120', 120],
  [503, 'Sun, 01 Mar 2026 14:00:00 GMT', 7200],
  [503, '864000', 864_000],
  [500, '120', null],
])('A7 takes Retry-After from a %i with %s', async (status, value, seconds) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const result = await fetcher.ask(server.answer('/feed', status, { 'retry-after': value }, 'busy'));
  expect(codeOf(result)).toBe('fetch/status');
  expect(result.hints).toMatchObject({ status, retryAfter: seconds === null ? null : new Date(now.getTime() + seconds * 1000) });
});

test.each([
  [410, 'fetch/gone', true, /answered 410 gone; .*remove the source/],
  [404, 'fetch/status', false, /answered 404 not found; check the address/],
  [401, 'fetch/status', false, /answered 401 unauthorized; set auth/],
  [403, 'fetch/status', false, /answered 403 forbidden; .*refuses/],
  [429, 'fetch/status', false, /answered 429 too many requests; .*longer interval/],
  [500, 'fetch/status', false, /answered 500 internal server error; .*tried again later/],
  [226, 'fetch/status', false, /answered 226 im used; 200 with a feed was expected/],
  [204, 'fetch/status', false, /answered 204 no content/],
  [300, 'fetch/status', false, /answered 300 multiple choices/],
  [599, 'fetch/status', false, /answered 599 unknown status/],
])('A11 says in words what a %i means', async (status, code, gone, message) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const result = await fetcher.ask(server.answer('/feed', status));
  expect(result).toMatchObject({ kind: 'failed', gone, problem: { code, message: expect.stringMatching(message) }, hints: { status } });
});

test('names no credentials and no query in a problem', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const result = await fetcher.ask(`http://ann:geheim@127.0.0.1:${server.port}/feed?key=geheim`);
  expect(result).toMatchObject({ problem: { message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/feed\?… answered 404 /) } });
  expect(JSON.stringify(result.kind === 'failed' && result.problem)).not.toContain('geheim');
});

test('says that a connection was refused', async () => {
  await using fetcher = openFetcher();
  const result = await fetcher.ask(`http://127.0.0.1:${await findClosedPort()}/feed`);
  expect(result).toMatchObject({ kind: 'failed', gone: false, problem: { code: 'fetch/refused' }, hints: { status: null, movedTo: null } });
});

test('says that a host is unknown', async () => {
  await using fetcher = openFetcher({ allowPrivateAddresses: [] });
  expect(codeOf(await fetcher.ask('http://newsfold-test.invalid/feed'))).toBe('fetch/unknown-host');
});

test('says that TLS failed', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  expect(codeOf(await fetcher.ask(server.origin.replace('http:', 'https:')))).toBe('fetch/tls');
});

test('reports an answer that is no HTTP, and a missing answer', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const junk = server.on('/junk', (request) => request.socket.end('SSH-2.0-OpenSSH\r\n'));
  const hangUp = server.on('/hang-up', (request) => request.socket.destroy());
  expect(codeOf(await fetcher.ask(junk))).toBe('fetch/protocol');
  expect(codeOf(await fetcher.ask(hangUp))).toBe('fetch/network');
});

test('says that a field of the owner cannot be sent', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  expect(codeOf(await fetcher.ask(`${server.origin}/feed`, { options: { headers: { 'x-key': 'a\nb' } } }))).toBe('fetch/bad-header');
  expect(server.requests).toEqual([]);
});

test.each([
  '',
  'feed',
  'file:///etc/passwd',
  'ftp://127.0.0.1/feed',
  'http://',
  'http://a b/',
  'javascript:alert(1)',
  'http://127.0.0.1:99999/',
])('A18 accepts only http(s) addresses: %j', async (url) => {
  await using fetcher = openFetcher();
  expect(await fetcher.ask(url)).toMatchObject({
    kind: 'failed',
    problem: { code: 'fetch/bad-url' },
    hints: { status: null, finalUrl: url },
  });
});

test.each([
  '127.0.0.1',
  '2130706433',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '127.1',
  '127.0.0.1.',
  '[::ffff:127.0.0.1]',
  '[::1]',
  '0.0.0.0',
  '[::]',
  'localhost',
])('A18 does not connect to the private address %s', async (host) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ allowPrivateAddresses: [] });
  const result = await fetcher.ask(`http://${host}:${server.port}/feed`);
  expect(result).toMatchObject({
    problem: { code: 'fetch/private-address', message: expect.stringContaining('fetch.allowPrivateAddresses') },
  });
  expect(server.requests).toEqual([]);
});

test('A18 connects to a name whose private address is allowed', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  server.answer('/feed', 200, {}, rss);
  expect(textOf(await fetcher.ask(`http://localhost:${server.port}/feed`))).toBe(rss);
});

test('leaves routing and the address check to a proxy', async () => {
  await using proxy = await startLoopback();
  await using fetcher = openFetcher({ proxy: proxy.origin, allowPrivateAddresses: [] });
  proxy.answer('/feed', 200, { etag: '"a"' }, rss);
  expect(await fetcher.ask('http://feeds.invalid/feed?x', { etag: '"b"' })).toMatchObject({ kind: 'content', etag: '"a"' });
  expect(proxy.requests).toMatchObject([
    { url: 'http://feeds.invalid/feed?x', headers: { host: 'feeds.invalid', 'if-none-match': '"b"' } },
  ]);
});

test('requests a host of noProxy directly, and checks its address then', async () => {
  await using proxy = await startLoopback();
  await using server = await startLoopback();
  server.answer('/feed', 200, {}, rss);
  const settings = { proxy: proxy.origin, noProxy: ['127.0.0.1'] };
  await using fetcher = openFetcher(settings);
  expect(codeOf(await fetcher.ask(`${server.origin}/feed`))).toBe('content');
  await using strict = openFetcher({ ...settings, allowPrivateAddresses: [] });
  expect(codeOf(await strict.ask(`${server.origin}/feed`))).toBe('fetch/private-address');
  expect(proxy.requests).toEqual([]);
});

test('says that a proxy refused the connection', async () => {
  await using fetcher = openFetcher({ proxy: `http://127.0.0.1:${await findClosedPort()}` });
  for (const url of ['http://feeds.invalid/feed', 'https://feeds.invalid/feed']) {
    expect(await fetcher.ask(url)).toMatchObject({
      problem: { code: 'fetch/refused', message: expect.stringMatching(/^the proxy for http/) },
    });
  }
});

test('every request fails after the fetcher was closed', async () => {
  await using server = await startLoopback();
  const fetcher = openFetcher();
  await fetcher[Symbol.asyncDispose]();
  expect(codeOf(await fetcher.ask(`${server.origin}/feed`))).toBe('fetch/network');
});
