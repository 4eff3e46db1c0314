import { gunzipSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import type { Feed, Site } from '../../src/model/feed.ts';
import type { Story } from '../../src/model/story.ts';
import type { ServerContext } from '../../src/serve/server-context.ts';
import { renderStories, site as standardSite, toContext, toFeed, toStory } from '../support/story.ts';
import { all, parseStrictly } from '../support/strict-xml.ts';
import { shown, toListView } from '../support/view.ts';
import { makeServer } from './made-server.ts';

const secret = 'a token';
const evil = '</title><script>alert("1")</script>';
const open = toStory({ id: 'urn:x:open', key: 'openopenopen' }, { revision: { title: `Open & ${evil}` } });
const closed = toStory({ id: 'urn:x:closed', key: 'closedclosed' }, { revision: { title: 'Closed' } });
const feeds = [
  toFeed(),
  toFeed({ slug: 'tech', title: 'Tech', isDefault: false }),
  toFeed({ slug: 'inner', title: 'Inner circle', isDefault: false, private: true, token: secret }),
  toFeed({ slug: 'locked', title: 'Locked', isDefault: false, private: true }),
  toFeed({ slug: 'old', title: 'Old', isDefault: false, movedTo: 'https://new.example.com/feed' }),
  toFeed({ slug: 'dead', title: 'Dead', isDefault: false, retired: true }),
];

/** Returns the app with plain functions as its context, and the errors that it logged. */
function start(said: Partial<ServerContext> = {}, site: Site = standardSite) {
  const errors: unknown[] = [];
  const quiet = () => undefined;
  const storiesOf = (feed: Feed): readonly Story[] => (feed.private ? [closed, open] : [open]);
  const app = makeServer({
    site,
    feeds,
    log: { debug: quiet, info: quiet, warn: quiet, error: (fields) => void errors.push(fields) },
    readDocument: async (feed, format) => ({
      ...renderStories(storiesOf(feed), format, toContext({ feed, site })),
      history: null,
      lastModified: new Date('2026-01-05T16:00:00Z'),
    }),
    readList: async (asked, selection) => toListView(asked.flatMap(storiesOf), { selection }),
    readStory: async (key) => (key === open.key ? shown(open) : { kind: 'unknown' }),
    ...said,
  });
  return { app, errors };
}

async function check(
  path: string,
  status: number,
  headers: Record<string, string | null | RegExp> = {},
  init: RequestInit = {},
): Promise<void> {
  const response = await start().app.request(path, init);
  expect(response.status).toBe(status);
  for (const [name, expected] of Object.entries(headers)) {
    if (expected instanceof RegExp) expect(response.headers.get(name)).toMatch(expected);
    else expect(response.headers.get(name)).toBe(expected);
  }
}

test.each([
  ['/feed.atom', 'application/atom+xml; charset=utf-8'],
  ['/feed.rss', 'application/rss+xml; charset=utf-8'],
  ['/feed.json', 'application/feed+json; charset=utf-8'],
  ['/feeds/tech.atom', 'application/atom+xml; charset=utf-8'],
  ['/feeds/tech.rss', 'application/rss+xml; charset=utf-8'],
  ['/feeds/tech.json', 'application/feed+json; charset=utf-8'],
  ['/', 'text/html; charset=UTF-8'],
  ['/feeds/tech/', 'text/html; charset=UTF-8'],
  [`/stories/${open.key}/`, 'text/html; charset=UTF-8'],
  ['/style.css', 'text/css; charset=utf-8'],
])('B3 serves %s as %s', (path, type) => check(path, 200, { 'content-type': type, 'x-content-type-options': 'nosniff' }));

test.each(['/feed.atom', '/feeds/tech.rss', '/', '/healthz', '/nothing'])('B3 answers HEAD %s as GET, without the body', async (path) => {
  const { app } = start();
  const get = await app.request(path);
  const head = await app.request(path, { method: 'HEAD' });
  expect([head.status, ...head.headers]).toEqual([get.status, ...get.headers]);
  expect(await head.text()).toBe('');
});

test('B1 answers 304 to its own tag in any coding, and B3 sends valid gzip', async () => {
  const { app } = start();
  const plain = await app.request('/feed.atom');
  const packed = await app.request('/feed.atom', { headers: { 'accept-encoding': 'gzip' } });
  expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(await plain.text());
  expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
  for (const response of [plain, packed]) {
    const etag = response.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const fresh = await app.request('/feed.atom', { headers: { 'if-none-match': etag } });
    expect([fresh.status, await fresh.text()]).toEqual([304, '']);
    // docs/serving.md B2: the headers that a cache needs.
    for (const name of ['cache-control', 'vary', 'last-modified']) expect(fresh.headers.get(name)).toBe(plain.headers.get(name));
  }
  const since = await app.request('/feed.atom', { headers: { 'if-modified-since': plain.headers.get('last-modified') ?? '' } });
  expect(since.status).toBe(304);
});

test('B2 sends Cache-Control that fits the schedule, and Vary', () =>
  check('/feed.atom', 200, { 'cache-control': 'public, max-age=300', vary: 'Accept-Encoding' }));

test('B6 names the requested address as self', async () => {
  const { app } = start();
  for (const path of ['/feed.atom', '/feeds/tech.atom', '/feed.rss', '/feeds/tech.rss']) {
    const root = parseStrictly(await (await app.request(path)).text());
    const self = [...all(root, 'link'), ...all(all(root, 'channel')[0], 'atom:link')].find((link) => link.attributes['rel'] === 'self');
    expect(self?.attributes['href']).toBe(standardSite.url + path);
  }
  for (const path of ['/feed.json', '/feeds/tech.json'])
    expect(await (await app.request(path)).json()).toMatchObject({ feed_url: standardSite.url + path });
});

test.each([
  ['/feeds/all.atom', '/feed.atom'],
  ['/feeds/all.rss?a=1', '/feed.rss?a=1'],
  ['/feeds/all.json', '/feed.json'],
  ['/feeds/all/', '/'],
  ['/feeds/all/?page=2', '/?page=2'],
  ['/feeds/tech', '/feeds/tech/'],
  ['/stories/openopenopen?token=x', '/stories/openopenopen/?token=x'],
  ['/sources', '/sources/'],
  ['/favicon.ico', '/favicon.svg'],
])('redirects %s, another name of the same page, with 301 to %s', (path, location) => check(path, 301, { location }));

test('redirects to the default feed below the path of the site', async () => {
  const { app } = start({}, { ...standardSite, url: 'https://x.example.com/planet' });
  expect((await app.request('/feeds/all.atom')).headers.get('location')).toBe('/planet/feed.atom');
  expect((await app.request('/feeds/all/')).headers.get('location')).toBe('/planet/');
});

test.each([
  '/nothing',
  '/feeds/none.atom',
  '/feeds/none/',
  '/feeds/tech.xml',
  '/feeds/tech.atom.atom',
  '/feeds/TECH.atom',
  '/feeds/.atom',
  '/feeds/../package.json',
  '/feeds/%2e%2e/package.json',
  '/feeds/%2e%2e%2fpackage.json',
  '/feeds/..%5cpackage.json',
  '/feeds/__proto__/',
  '/feeds/constructor.atom',
  '/stories/none/',
  `/stories/${closed.key}/`,
  '/stories/%2e%2e%2f/',
  '/stories/..%2f..%2fetc%2fpasswd/',
  '//evil.example/feed.atom/x',
])('answers 404 to %s', (path) =>
  check(path.startsWith('//') ? `http://localhost${path}` : path, 404, {
    'content-type': /^text\/html/,
    'content-security-policy': /default-src 'none'/,
  }),
);

test('B7 answers a moved feed with 301, whatever version the client has', async () => {
  await check('/feeds/old.atom', 301, { location: 'https://new.example.com/feed' });
  await check('/feeds/old.json', 301, { location: 'https://new.example.com/feed' }, { headers: { 'if-none-match': '*' } });
});

test('B7 answers an ended feed with 410', async () => {
  await check('/feeds/dead.atom', 410);
  await check('/feeds/dead/', 410, { 'content-type': /^text\/html/ });
});

test('never prints the token of a private feed, and shows neither it nor its stories to the public', async () => {
  const { app } = start();
  const read = async (path: string) => (await app.request(path)).text();
  for (const path of ['/feeds/inner.atom?token=a%20token', '/feeds/inner.json?token=a%20token', '/feeds/inner/?token=a%20token']) {
    const text = await read(path);
    expect(text).toContain('Closed');
    // A page repeats its reader's token, so that its links can be followed; a document is passed
    // on.
    if (!path.startsWith('/feeds/inner/')) expect(text).not.toMatch(/a( |%20|\+)token/);
  }
  for (const path of ['/', '/feeds/tech/', `/stories/${open.key}/`, '/feed.atom', '/feeds/tech.json']) {
    const text = await read(path);
    expect(text).not.toContain('Closed');
    expect(text).not.toContain('inner');
    expect(text).not.toContain('Inner circle');
  }
});

test.each(['/', '/feeds/tech/', `/stories/${open.key}/`, '/nothing', '/feeds/dead/'])(
  'shows %s without a script, escaped, under a strict Content-Security-Policy',
  async (path) => {
    const response = await start().app.request(path);
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"])
      expect(policy).toContain(part);
    expect(policy).not.toMatch(/script-src|unsafe|\*/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    const text = await response.text();
    expect(text).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr">/);
    expect(findRunning(text)).toEqual([]);
    if (path === '/') expect(text).toContain('Open &amp; &lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  },
);

/** Scripts, handlers and addresses that run in a page. */
function findRunning(page: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const running = Object.entries(attributes).filter(([key, value]) => /^on/i.test(key) || /^\s*javascript:/i.test(value));
      if (name === 'script' || running.length > 0) found.push(`${name} ${running.join(' ')}`);
    },
  });
  parser.end(page);
  return found;
}

test('escapes all texts of the site, feeds, sources and entries', async () => {
  const said = '"><img src=x onerror=alert(1)>';
  const story = toStory(
    { key: 'k' },
    {
      entry: { url: 'javascript:alert(1)' },
      source: { title: said },
      revision: { title: said, text: said, html: `<img src=x onerror=alert(1)>${said}`, authors: [{ name: said, url: null, email: null }] },
    },
    { entry: { url: 'javascript:alert(2)' }, source: { id: 'b', title: said }, verdict: { score: 1, why: [said] } },
  );
  const site = { ...standardSite, title: said, description: said, footer: said, language: 'en_GB' };
  const { app, errors } = start(
    {
      feeds: [toFeed({ title: said }), toFeed({ title: said, slug: 'b', isDefault: false })],
      readList: async (_feeds, selection) => toListView([story], { selection }),
      readStory: async () => shown(story, { related: [{ key: 'k', title: said, source: said, language: said }] }),
    },
    site,
  );
  for (const path of ['/', '/feeds/b/', '/stories/k/', '/nothing']) {
    const text = await (await app.request(path)).text();
    expect(findRunning(text)).toEqual([]);
    expect(text).toContain('&quot;&gt;&lt;img');
  }
  expect(errors).toEqual([]);
});

test("a story's page names a member of a private source without its address", async () => {
  const story = toStory(
    { key: 'k' },
    {},
    { source: { id: 'inner', title: 'Inner wire', private: true }, entry: { url: 'https://inner.example.com/1' } },
  );
  const { app } = start({ readStory: async () => shown(story) });
  const text = await (await app.request('/stories/k/')).text();
  expect(text).toContain('Inner wire');
  expect(text).not.toContain('inner.example.com');
});

test('healthz answers ok, and readyz says why the server is not ready', async () => {
  await check('/healthz', 200);
  await check('/readyz', 200);
  const { app } = start({ checkReady: async () => ['nothing has been published yet', 'the last run is overdue'] });
  const response = await app.request('/readyz');
  expect([response.status, await response.text()]).toEqual([503, 'nothing has been published yet\nthe last run is overdue\n']);
  expect((await app.request('/healthz')).status).toBe(200);
});

test('logs a failure without showing it to the client', async () => {
  const { app, errors } = start({
    readDocument: async () => {
      throw new Error('password=hunter2');
    },
  });
  const response = await app.request('/feed.atom');
  expect(response.status).toBe(500);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await response.text()).not.toContain('hunter2');
  expect(errors).toMatchObject([{ path: '/feed.atom', err: { message: 'password=hunter2' } }]);
});

test('answers 503 while the store cannot be reached', async () => {
  const away = async () => Promise.reject(new Error('connect ECONNREFUSED db.internal'));
  const { app } = start({ readDocument: away, readList: away, readStory: away, checkReady: away });
  for (const path of ['/', '/feed.atom', '/stories/k/', '/api/v1/stories']) {
    const response = await app.request(path);
    expect([path, response.status, response.headers.get('retry-after')]).toEqual([path, 503, '30']);
    expect(await response.text()).not.toContain('db.internal');
  }
});
