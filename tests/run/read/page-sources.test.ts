import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import type { Loopback } from '../../support/loopback.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const feed = (n: number) => rss('https://a.test/', [[`Title number ${n} here`, `https://a.test/${n}`, `Text of number ${n}.`]]);
const page = (head: string, body = '') => `<!doctype html><html><head><title>Harbour news</title>${head}</head><body>${body}</body></html>`;
const html = { 'content-type': 'text/html; charset=utf-8' };
const link = (href: string, rest = 'type="application/rss+xml"') => `<link rel="alternate" ${rest} href="${href}">`;
const pathsOf = (server: Loopback) => server.requests.map(({ url }) => url);

async function readPage(server: Loopback, bench: Workbench, path = '/') {
  const report = await bench.run([declare('page', server.origin + path, { id: 'a', intervalMs: 0 })]);
  const [status] = await bench.store.readSources();
  return { report, found: status?.poll.found ?? null, problem: status?.poll.problem ?? null };
}

test.each<[what: string, head: string, body: string, path: string, via: string]>([
  ['a link in the head', link('/own.rss'), '', '/own.rss', 'link'],
  ['a link without quotes, in capitals', '<LINK REL=ALTERNATE TYPE=application/rss+xml HREF=/own.rss>', '', '/own.rss', 'link'],
  ['a link below a base', `<base href="/blog/">${link('own.rss')}`, '', '/blog/own.rss', 'link'],
  ['a link with one of several words', link('/own.rss', 'rel="home alternate" type="application/atom+xml"'), '', '/own.rss', 'link'],
  ['the feed of the site, not that of its comments', link('/comments/feed') + link('/own.rss'), '', '/own.rss', 'link'],
  ['a vague type with an address that says the rest', link('/own.rss', 'type="text/xml"'), '', '/own.rss', 'link'],
  ['a plain link', '', '<p>Read us by <a href="/news/rss">RSS</a>', '/news/rss', 'anchor'],
  ['a common path', '', '', '/atom.xml', 'path'],
])('finds the feed of a page by %s', async (_, head, body, path, via) => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(head, body));
  server.answer('/comments/feed', 200, {}, feed(9));
  server.answer(path, 200, { etag: '"1"' }, feed(1));
  const { report, found } = await readPage(server, bench);
  expect(report).toMatchObject({ failed: 0, entriesNew: 1, problems: [] });
  expect(found).toMatchObject({ url: server.origin + path, via });
  expect((await bench.stories()).map(({ key }) => key)).toHaveLength(1);
});

test('a feed in the Link header comes before one in the page', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const field = '</a.css>; rel=preload, </head.rss>; rel="alternate"; type="application/rss+xml"; title="News, all of it"';
  server.answer('/', 200, { ...html, link: field }, page(link('/own.rss')));
  server.answer('/head.rss', 200, {}, feed(1));
  expect((await readPage(server, bench)).found).toMatchObject({ url: `${server.origin}/head.rss`, via: 'header' });
  expect(pathsOf(server)).toEqual(['/robots.txt', '/', '/head.rss']);
});

test('passes over style sheets, pages in other languages, false feeds, and links in comments and scripts', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const head = `<!-- ${link('/no1.rss')} --><script>document.write('${link('/no2.rss')}')</script>${link('/feed.css', 'rel="alternate stylesheet" type="text/css"')}${link('/de', 'hreflang="de"')}${link('/broken.rss')}${link('/empty.rss')}${link('/own.rss')}`;
  server.answer('/', 200, html, page(head));
  server.answer('/broken.rss', 200, html, page('', 'Not here'));
  server.answer('/empty.rss', 200, {}, rss('https://a.test/', []));
  server.answer('/own.rss', 200, {}, feed(1));
  expect((await readPage(server, bench)).found?.url).toBe(`${server.origin}/own.rss`);
  expect(pathsOf(server)).toEqual(['/robots.txt', '/', '/broken.rss', '/empty.rss', '/own.rss']);
});

test('a page that is a feed itself is read as that feed', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, { 'content-type': 'application/xml' }, feed(1));
  expect((await readPage(server, bench)).found).toMatchObject({ url: `${server.origin}/`, via: 'itself' });
});

test('requests the discovered feed from then on, with its validators, and the page no more', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(link('/own.rss')));
  server.answer('/own.rss', 200, { etag: '"1"' }, feed(1));
  await readPage(server, bench);
  await bench.restart();
  bench.now = new Date(bench.now.getTime() + HOUR);
  server.answer('/own.rss', 304);
  expect((await readPage(server, bench)).report).toMatchObject({ notModified: 1, failed: 0 });
  expect(pathsOf(server)).toEqual(['/robots.txt', '/', '/own.rss', '/own.rss']);
  expect(server.requests[3]?.headers).toMatchObject({ 'if-none-match': '"1"' });
});

test('looks for the feed anew when it is gone, or has failed three times, and publishes nothing twice', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(link('/own.rss')));
  server.answer('/own.rss', 200, { etag: '"1"' }, feed(1));
  await readPage(server, bench);
  server.answer('/own.rss', 410);
  server.answer('/', 200, html, page(link('/new.rss')));
  server.answer('/new.rss', 200, { etag: '"2"' }, feed(1));
  for (let day = 1; day <= 2; day++) {
    bench.now = new Date(bench.now.getTime() + DAY);
    await readPage(server, bench);
  }
  const [status] = await bench.store.readSources();
  expect(status).toMatchObject({ poll: { found: { url: `${server.origin}/new.rss` }, gone: false, etag: '"2"', failures: 0 }, entries: 1 });
  server.answer('/new.rss', 404);
  server.answer('/', 200, html, page(link('/last.rss')));
  server.answer('/last.rss', 200, {}, feed(1));
  for (let day = 1; day <= 4; day++) {
    bench.now = new Date(bench.now.getTime() + DAY);
    await readPage(server, bench);
  }
  expect((await bench.store.readSources())[0]).toMatchObject({ poll: { found: { url: `${server.origin}/last.rss` } }, entries: 1 });
  expect(await bench.stories()).toHaveLength(1);
});

test('requests the newly discovered feed, not the one to which the former one had moved', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(link('/own.rss')));
  server.answer('/own.rss', 301, { location: '/moved.rss' });
  server.answer('/moved.rss', 200, {}, feed(1));
  const readLater = async () => {
    bench.now = new Date(bench.now.getTime() + DAY);
    return readPage(server, bench);
  };
  for (let day = 0; day < 6; day++) await readLater();
  expect((await bench.store.readSources())[0]?.poll.move).toMatchObject({ to: `${server.origin}/moved.rss`, isAdopted: true });
  server.answer('/moved.rss', 410);
  server.answer('/', 200, html, page(link('/new.rss')));
  server.answer('/new.rss', 200, {}, feed(2));
  await readLater();
  await readLater();
  const before = server.requests.length;
  expect((await readLater()).report).toMatchObject({ failed: 0 });
  expect(pathsOf(server).slice(before)).toEqual(['/new.rss']);
});

test.each([
  ['asks to be left alone', 429, { 'retry-after': '7200' }],
  ['fails for now', 503, {}],
])('A7 takes no lesser feed while the first one that the page names %s', async (_, status, fields) => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(link('/main.rss') + link('/comments/feed')));
  server.answer('/main.rss', status, fields);
  server.answer('/comments/feed', 200, {}, feed(9));
  const { report, found } = await readPage(server, bench);
  expect(report).toMatchObject({ failed: 1, entriesNew: 0 });
  expect(found).toBeNull();
  expect(pathsOf(server)).toEqual(['/robots.txt', '/', '/main.rss']);
  expect((await bench.store.readHolds(new Date('2026-03-10T13:00:00Z'))).size).toBe(status === 429 ? 1 : 0);
  server.answer('/main.rss', 200, { etag: '"1"' }, feed(1));
  bench.now = new Date(bench.now.getTime() + DAY);
  expect((await readPage(server, bench)).found?.url).toBe(`${server.origin}/main.rss`);
});

test('A1 keeps the feed and its validators while the failure may be temporary', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(link('/own.rss')));
  server.answer('/own.rss', 200, { etag: '"1"' }, feed(1));
  await readPage(server, bench);
  server.answer('/own.rss', 503);
  for (let day = 0; day < 5; day++) {
    bench.now = new Date(bench.now.getTime() + DAY);
    await readPage(server, bench);
  }
  expect(pathsOf(server).filter((path) => path === '/')).toHaveLength(1);
  expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"1"');
});

test('reports after ten requests at most that there is no feed, and does not look again within a day', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const many = Array.from({ length: 40 }, (_, n) => link(`/${n}.rss`)).join('');
  server.answer('/', 200, html, page(many));
  const { report, problem } = await readPage(server, bench);
  expect(report).toMatchObject({ failed: 1, problems: [{ source: 'a', code: 'page/no-feed' }] });
  expect(problem?.message).toMatch(/give its address as feed:/);
  expect(server.requests).toHaveLength(12);
  bench.now = new Date(bench.now.getTime() + 23 * HOUR);
  await readPage(server, bench);
  expect(server.requests).toHaveLength(12);
  bench.now = new Date(bench.now.getTime() + 2 * HOUR);
  await readPage(server, bench);
  expect(server.requests.length).toBeGreaterThan(12);
});

test.each<[what: string, robots: (server: Loopback) => void, isAsked: boolean, code: string | undefined]>([
  ['forbids all of it', (server) => server.answer('/robots.txt', 200, {}, 'User-agent: *\nDisallow: /\n'), false, 'page/robots'],
  [
    'forbids it to us',
    (server) => server.answer('/robots.txt', 200, {}, 'User-agent: newsfold\nDisallow: /\n\nUser-agent: *\nAllow: /'),
    false,
    'page/robots',
  ],
  ['forbids it to others', (server) => server.answer('/robots.txt', 200, {}, 'User-agent: other\nDisallow: /\n'), true, undefined],
  [
    'allows it beside what it forbids',
    (server) => server.answer('/robots.txt', 200, {}, 'User-agent: *\nDisallow: /\nAllow: /$\n'),
    true,
    undefined,
  ],
  ['is not there', () => undefined, true, undefined],
  ['is not to be had', (server) => server.answer('/robots.txt', 503), false, 'page/robots-unknown'],
])('A19 requests a page only if its robots.txt allows it: one that %s', async (_, robots, isAsked, code) => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  robots(server);
  server.answer('/', 200, html, page(link('/own.rss')));
  server.answer('/own.rss', 200, {}, feed(1));
  const { report } = await readPage(server, bench);
  expect(report.problems[0]?.code).toBe(code);
  expect(pathsOf(server)).toEqual(isAsked ? ['/robots.txt', '/', '/own.rss'] : ['/robots.txt']);
});

test('A19 requests robots.txt once a day, also after a restart, and again after an hour when that fails', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/robots.txt', 503);
  server.answer('/', 200, html, page(''));
  const count = () => pathsOf(server).filter((path) => path === '/robots.txt').length;
  await readPage(server, bench);
  await bench.restart();
  bench.now = new Date(bench.now.getTime() + 30 * 60_000);
  await readPage(server, bench);
  expect(count()).toBe(1);
  bench.now = new Date(bench.now.getTime() + HOUR);
  server.answer('/robots.txt', 404);
  await readPage(server, bench);
  expect(count()).toBe(2);
  bench.now = new Date(bench.now.getTime() + 23 * HOUR);
  await readPage(server, bench);
  expect(count()).toBe(2);
});

test('A19 requests the robots.txt of another site before it follows a redirect there', async () => {
  await using server = await startLoopback();
  await using other = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 302, { location: `${other.origin}/elsewhere` });
  other.answer('/robots.txt', 200, {}, 'User-agent: *\nDisallow: /elsewhere\n');
  other.answer('/elsewhere', 200, html, page(link('/own.rss')));
  expect((await readPage(server, bench)).problem?.code).toBe('page/robots');
  expect(pathsOf(other)).toEqual(['/robots.txt']);
});

test('sends headers and credentials of a page to its own site alone, and none with robots.txt', async () => {
  await using server = await startLoopback();
  await using other = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/', 200, html, page(link(`${other.origin}/own.rss`)));
  other.answer('/own.rss', 200, {}, feed(1));
  const request = {
    headers: { cookie: 'session=secret' },
    auth: { user: 'u', password: 'p' },
    userAgent: 'Own/1',
    timeoutMs: null,
    maxBytes: null,
  };
  await bench.run([declare('page', `${server.origin}/`, { id: 'a', request })]);
  const sent = [...server.requests, ...other.requests].map(({ url, headers }) => [
    url,
    headers.cookie,
    headers.authorization,
    headers['user-agent'],
  ]);
  expect(sent).toEqual([
    ['/robots.txt', undefined, undefined, 'Own/1'],
    ['/', 'session=secret', 'Basic dTpw', 'Own/1'],
    ['/own.rss', undefined, undefined, 'Own/1'],
  ]);
});

test("a stranger's page leads to no private address, even to one that the owner allows", async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  // `localhost` is another host, but not a stranger's.
  server.answer('/', 200, html, page(link(`http://localhost:${server.port}/own.rss`)));
  server.answer('/own.rss', 200, {}, feed(1));
  expect((await readPage(server, bench)).problem?.code).toBe('page/no-feed');
  expect(pathsOf(server)).not.toContain('/own.rss');
});
