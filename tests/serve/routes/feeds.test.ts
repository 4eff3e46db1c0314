import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { site, toFeed } from '../../support/story.ts';
import { makeClock, makeServer } from '../made-server.ts';

async function check(path: string, status: number, headers: Record<string, string | null> = {}, init: RequestInit = {}): Promise<void> {
  const response = await makeServer().request(path, init);
  const found = Object.fromEntries(Object.keys(headers).map((name) => [name, response.headers.get(name)]));
  expect([response.status, found]).toEqual([status, headers]);
}

const exposed = 'ETag, Last-Modified, IM, Delta-Base, Retry-After, Link';

test('B1 serves archives of every feed, the default one included, with tag, 304 and codings', async () => {
  const app = makeServer();
  for (const slug of ['all', 'tech']) {
    const path = `/feeds/${slug}/archive/2.atom`;
    const response = await app.request(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe(`archive 2 of ${slug}`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=86400');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    const etag = response.headers.get('etag') ?? '';
    expect((await app.request(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(await (await app.request(path, { method: 'HEAD' })).text()).toBe('');
  }
});

test('B1 reads an archive by its number', async () => {
  const asked: (string | number)[] = [];
  const app = makeServer({
    readArchive: async ({ slug }, n) => {
      asked.push(slug, n);
      return null;
    },
  });
  for (const file of ['1.atom', '10.atom', '999999999.atom']) expect((await app.request(`/feeds/tech/archive/${file}`)).status).toBe(404);
  expect(asked).toEqual(['tech', 1, 'tech', 10, 'tech', 999_999_999]);
});

test.each([
  '0.atom',
  '01.atom',
  '-1.atom',
  '+1.atom',
  '1e1.atom',
  '1.0.atom',
  ' 1.atom',
  '%31%00.atom',
  '1.rss',
  '1',
  '.atom',
  '1.atom/',
  '9999999999.atom',
  'x.atom',
  '../1.atom',
])('B1 answers no archive at %s', async (file) => {
  const app = makeServer({ readArchive: async () => Promise.reject(new Error('not to be asked')) });
  expect((await app.request(`/feeds/tech/archive/${file}`)).status).toBe(file.includes('%00') ? 400 : 404);
});

test('B1 answers 404 for archives that do not exist', async () => {
  await check('/feeds/tech/archive/3.atom', 404);
  await check('/feeds/none/archive/1.atom', 404);
});

test('B5 answers an archive that cannot be made yet with 503 and when to ask again', async () => {
  const app = makeServer({ readArchive: async () => 'later' });
  const response = await app.request('/feeds/tech/archive/1.atom');
  expect([response.status, response.headers.get('retry-after'), response.headers.get('cache-control')]).toEqual([503, '60', 'no-store']);
  expect(await response.text()).toMatch(/Ask again in 60 seconds\.\n$/);
});

test('B7 answers archives of a feed that moved with 301, and of an ended one with 410', async () => {
  await check('/feeds/old/archive/1.atom', 301, { location: 'https://new.example.com/feed' });
  await check('/feeds/dead/archive/1.atom', 410);
});

test('B2 gives archives of a private feed only to clients with its token, and to no shared cache', async () => {
  await check('/feeds/inner/archive/1.atom', 401);
  await check('/feeds/inner/archive/9.atom', 401);
  await check('/feeds/inner/archive/1.atom?token=secret', 200, { 'cache-control': 'private, max-age=86400' });
});

test('B1 serves the list of sources with tag, 304 and codings', async () => {
  const app = makeServer();
  const response = await app.request('/sources.opml', { headers: { 'accept-encoding': 'gzip' } });
  expect(gunzipSync(await response.arrayBuffer()).toString()).toBe('<opml/>');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/x-opml; charset=utf-8',
    'cache-control': 'public, max-age=300',
    vary: 'Accept-Encoding',
    etag: '"now-gz"',
  });
  expect((await app.request('/sources.opml', { headers: { 'if-none-match': '"now-gz"' } })).status).toBe(304);
});

test.each(['/feed.atom', '/feed.json', '/feeds/tech.rss', '/feeds/all.atom', '/feeds/tech/archive/1.atom', '/sources.opml'])(
  'B4 lets scripts of other sites ask for %s',
  async (path) => {
    const preflight = await makeServer().request(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://reader.example', 'access-control-request-method': 'GET', 'access-control-request-headers': 'a-im' },
    });
    expect([preflight.status, await preflight.text()]).toEqual([204, '']);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'If-None-Match, If-Modified-Since, A-IM',
      'access-control-max-age': '86400',
      'x-content-type-options': 'nosniff',
    });
  },
);

test('B4 lets scripts of other sites read every answer of a public feed, redirects and refusals included', async () => {
  const open = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': exposed,
    'cross-origin-resource-policy': 'cross-origin',
  };
  await check('/feed.atom', 200, open);
  await check('/feed.atom', 304, open, { headers: { 'if-none-match': '"now"' } });
  await check('/feed.atom', 406, open, { headers: { accept: 'image/png' } });
  await check('/feeds/all.atom', 301, open);
  await check('/feeds/old.atom', 301, open);
  await check('/feeds/dead.atom', 410, open);
  await check('/feeds/tech/archive/1.atom', 200, open);
  await check('/feeds/tech/archive/9.atom', 404, open);
  await check('/sources.opml', 200, open);
});

test('B4 lets scripts of other sites read nothing of a private feed', async () => {
  const closed = { 'access-control-allow-origin': null, 'access-control-expose-headers': null, 'cross-origin-resource-policy': null };
  await check('/feeds/inner.atom', 401, closed);
  await check('/feeds/inner.atom?token=secret', 200, closed);
  await check('/feeds/inner/archive/1.atom?token=secret', 200, closed);
  await check(
    '/feeds/inner.atom',
    204,
    { ...closed, allow: 'GET, HEAD, OPTIONS', 'access-control-allow-methods': null },
    { method: 'OPTIONS' },
  );
  await check('/feeds/none.atom', 405, closed, { method: 'OPTIONS' });
});

test('B7 redirects from the slug of a private default feed to its address with the token', async () => {
  const feeds = [toFeed({ private: true, token: 'secret' })];
  const response = await makeServer({ feeds, site: { ...site, url: 'https://x.example.com/planet' } }).request(
    '/feeds/all.atom?token=secret',
  );
  expect([response.status, response.headers.get('location')]).toEqual([301, '/planet/feed.atom?token=secret']);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('B7 answers 404 at the front page without a default feed', async () => {
  const app = makeServer({ feeds: [toFeed({ slug: 'tech', isDefault: false })] });
  expect((await app.request('/feed.atom')).status).toBe(404);
});

test('B7 answers a feed that ends on a date until then, and 410 from then on', async () => {
  const clock = makeClock('2026-01-31T23:59:59Z');
  const feeds = [toFeed(), toFeed({ slug: 'ends', isDefault: false, endsAt: new Date('2026-02-01T00:00:00Z') })];
  const app = makeServer({ clock, feeds });
  for (const path of ['/feeds/ends.atom', '/feeds/ends.json', '/feeds/ends/', '/feeds/ends/archive/1.atom'])
    expect((await app.request(path)).status).toBe(200);
  clock.pass(1);
  for (const path of ['/feeds/ends.atom', '/feeds/ends.json', '/feeds/ends/', '/feeds/ends/archive/1.atom'])
    expect((await app.request(path)).status).toBe(410);
});

test('B7 keeps the new address of a private feed from clients without its token', async () => {
  const gone = { isDefault: false, private: true, token: 'secret' };
  const app = makeServer({
    feeds: [
      toFeed(),
      toFeed({ ...gone, slug: 'moved', movedTo: 'https://secret.example.com/' }),
      toFeed({ ...gone, slug: 'ended', retired: true }),
    ],
  });
  for (const [path, status] of Object.entries({
    '/feeds/moved.atom': 301,
    '/feeds/moved/archive/1.atom': 301,
    '/feeds/ended.atom': 410,
    '/feeds/ended/': 410,
  })) {
    expect((await app.request(path)).status).toBe(401);
    expect((await app.request(`${path}?token=secret`)).status).toBe(status);
  }
});

test('WebSub: only headers of public documents name hub and self, also in a 304', async () => {
  const app = makeServer({ hubUrl: 'https://planet.example.com/websub' });
  const link = async (path: string, init: RequestInit = {}) => (await app.request(path, init)).headers.get('link');
  const toLinks = (path: string) => `<https://planet.example.com/websub>; rel="hub", <https://planet.example.com${path}>; rel="self"`;
  for (const path of ['/feed.atom', '/feed.rss', '/feed.json', '/feeds/tech.atom']) {
    expect(await link(path)).toBe(toLinks(path));
    expect(await link(path, { method: 'HEAD' })).toBe(toLinks(path));
    expect(await link(path, { headers: { 'if-none-match': '"now"' } })).toBe(toLinks(path));
  }
  for (const path of ['/feeds/inner.atom?token=secret', '/feeds/tech/archive/1.atom', '/sources.opml', '/feeds/dead.atom', '/'])
    expect(await link(path)).toBeNull();
  expect((await makeServer().request('/feed.atom')).headers.get('link')).toBeNull();
});

test.each([
  '/feed.atom?q=storm',
  '/feed.atom?tag=press',
  '/feed.rss?source=herald',
  '/feed.json?sources=herald,courier',
  '/feeds/tech.atom?q=',
  '/feeds/tech.rss?tag',
  '/feeds/tech.json?x=1&source=a&source=b',
  '/feeds/all.atom?q=storm',
  '/feeds/tech/archive/1.atom?q=storm',
  '/feeds/old.atom?tag=press',
  '/feeds/dead.atom?tag=press',
  '/feeds/inner.atom?token=secret&q=storm',
  '/feed.atom?%71=storm',
])('no feed of a search, tag or source is answered at %s', async (path) => {
  for (const method of ['GET', 'HEAD']) {
    const response = await makeServer().request(path, { method });
    expect([response.status, response.headers.get('cache-control'), response.headers.get('etag')]).toEqual([404, 'no-store', null]);
    const said = 'There are no feeds of searches, tags or sources: remove q, tag, source and sources from this address.\n';
    expect(await response.text()).toBe(method === 'HEAD' ? '' : said);
  }
});

test('other parameters change nothing at the address of a feed', async () => {
  for (const path of ['/feed.atom?token=x', '/feed.atom?utm_source=reader&queue=1&tags=a', '/feed.atom?', '/feeds/tech.rss?page=2#q=1'])
    await check(path, 200);
  await check('/feeds/inner.atom?q=storm', 401);
  await check('/feeds/all.atom?x=1', 301, { location: '/feed.atom?x=1' });
  await check('/sources.opml?tag=press', 200);
});
