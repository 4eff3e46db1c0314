import { expect, test } from 'vitest';
import type { Story } from '../../../src/model/story.ts';
import type { ListView, StoryAnswer } from '../../../src/model/view.ts';
import type { ServerContext } from '../../../src/serve/server-context.ts';
import { site, toFeed, toStory } from '../../support/story.ts';
import { shown, toListView } from '../../support/view.ts';
import { makeClock, makeServer } from '../made-server.ts';

const inner = toFeed({ slug: 'inner', isDefault: false, private: true, token: 'a token' });
const feeds = [toFeed(), inner];

async function read(path: string, said: Partial<ServerContext> = {}, init: RequestInit = {}) {
  const response = await makeServer({ feeds, ...said }).request(path, init);
  return { response, status: response.status, text: await response.text() };
}

const list = (stories: readonly Story[], said: Partial<ListView> = {}): Partial<ServerContext> => ({
  readList: async (_feeds, selection) => toListView(stories, { selection, ...said }),
});
const story = (answer: StoryAnswer): Partial<ServerContext> => ({ readStory: async () => answer });

test('omits pictures, sound and films of entries when configured, and its policy allows none', async () => {
  const html = '<p>See <img src="https://p.example/a.jpg" alt="a boat"> and <video src="https://p.example/b.mp4"></video></p>';
  const answer = story(shown(toStory({}, { revision: { html } })));
  const withImages = await read('/stories/k/', answer);
  expect(withImages.text).toContain('src="https://p.example/a.jpg"');
  expect(withImages.response.headers.get('content-security-policy')).toContain("img-src 'self' https: http:");
  const without = await read('/stories/k/', { ...answer, site: { ...site, images: false } });
  expect(without.text).not.toMatch(/src="https:|<img|<video/);
  expect(without.text).toContain('>a boat</a>');
  expect(without.response.headers.get('content-security-policy')).toMatch(/img-src 'self';(?!.*media-src)/);
});

test("uses the owner's style, colour and texts", async () => {
  const own = { ...site, stylesheet: 'h1 { color: red }', accent: '#a03060', footer: 'Run by the harbour office' };
  const page = await read('/', { site: own });
  expect(page.text).toMatch(/href="\/style\.css"[^]*href="\/site\.css"/);
  expect(page.text).toContain('<p>Run by the harbour office</p>');
  expect((await read('/site.css', { site: own })).text).toBe('h1 { color: red }');
  expect((await read('/style.css', { site: own })).text).toContain('--accent: #a03060');
  expect((await read('/favicon.svg', { site: own })).text).toContain('#a03060');
  expect((await read('/site.css')).status).toBe(404);
  expect((await read('/')).text).not.toContain('site.css');
});

test('links stay below the path of the site', async () => {
  const below = { ...site, url: 'https://x.example.org/planet' };
  const pages = [
    await read('/', { site: below, ...list([toStory()], { hasMore: true }) }),
    await read('/stories/k/', {
      site: below,
      ...story(shown(toStory(), { related: [{ key: 'o', title: 'Other', source: 's', language: null }] })),
    }),
    await read('/sources/', { site: below }),
    await read('/nothing', { site: below }),
  ];
  for (const { text } of pages)
    for (const [, href = ''] of text.matchAll(/(?:href|action)="([^"#]+)"/g))
      expect(href).toMatch(/^(\/planet\/|https:\/\/x\.example\.org\/planet\/|https:\/\/coast\.example\.com\/)/);
});

test('the page of a private feed keeps its token in links within the site, and stays out of shared caches and search engines', async () => {
  const given = await read('/feeds/inner/?token=a+token', list([toStory()], { hasMore: true }));
  expect(given.response.headers.get('cache-control')).toBe('private, no-cache');
  expect(given.text).toContain('href="/feeds/inner/?page=2&amp;token=a%20token"');
  expect(given.text).toContain('href="/stories/abcdefghijkl/?token=a%20token"');
  expect(given.text).toContain('<input type="hidden" name="token" value="a token"');
  expect(given.text).not.toMatch(/rel="alternate"[^>]*inner/);
  // A password given by the browser does not appear in the page.
  const byPassword = await read('/feeds/inner/', list([toStory()]), { headers: { authorization: `Basic ${btoa(':a token')}` } });
  expect(byPassword.status).toBe(200);
  expect(byPassword.text).not.toMatch(/a( |%20|\+)token/);
  expect(byPassword.text).toContain('href="/stories/abcdefghijkl/?private"');
});

test("a reader's token is only in links to its own feed, to stories and to sources, and leads back", async () => {
  const tech = toFeed({ slug: 'tech', isDefault: false });
  const other = toFeed({ slug: 'other', isDefault: false, private: true, token: 'another' });
  const all = [...feeds, tech, other];
  for (const path of ['/feeds/inner/', '/stories/k/', '/sources/', '/', '/feeds/tech/']) {
    const { text, response } = await read(`${path}?token=a+token`, { feeds: all, ...list([toStory()]), ...story(shown(toStory())) });
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(text).toContain('<meta name="robots" content="noindex"');
    const withToken = [...text.matchAll(/(?:href)="([^"]*token=[^"]*)"/g)].map(([, href = '']) => href.replace(/^https:..[^/]*/, ''));
    expect(withToken).toContain('/feeds/inner/?token=a%20token');
    expect(withToken).toContain('/sources/?token=a%20token');
    for (const href of withToken) expect(href).toMatch(/^\/(feeds\/inner[/.]|stories\/|sources\/)/);
    expect(text).not.toContain('/feeds/other/');
  }
});

test.each(['/stories/k/', '/stories/none/', '/sources/'])(
  'asks a reader who follows a link of a private page to %s for the password, whatever the address holds',
  async (path) => {
    const answers = path === '/stories/k/' ? story(shown(toStory())) : {};
    const { response } = await read(`${path}?private`, answers);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Basic/)]);
    const headers = { authorization: `Basic ${btoa(':a token')}` };
    expect((await read(`${path}?private`, answers, { headers })).status).toBe(path === '/stories/none/' ? 404 : 200);
    expect((await read(`${path}?private`, { ...answers, feeds: [toFeed()] })).status).toBe(path === '/stories/none/' ? 404 : 200);
  },
);

test('no page links to a feed that has ended', async () => {
  const ending = toFeed({ slug: 'ending', title: 'Ending', isDefault: false, endsAt: new Date('2026-01-06T00:00:00Z') });
  const clock = makeClock('2026-01-05T23:59:59Z');
  const app = makeServer({ feeds: [toFeed(), ending], clock });
  const pages = async () => Promise.all(['/', '/sources/', '/none'].map(async (path) => (await app.request(path)).text()));
  for (const text of await pages()) expect(text).toContain('/feeds/ending/');
  clock.pass(1);
  for (const text of await pages()) expect(text).not.toContain('ending');
});

test.each([
  [{ kind: 'moved', key: 'other' }, 302, '/stories/other/'],
  [{ kind: 'gone' }, 410, null],
  [{ kind: 'unknown' }, 404, null],
] as const)('answers a story that is %j with %i', async (answer, status, location) => {
  const { response } = await read('/stories/k/', story(answer));
  expect([response.status, response.headers.get('location')]).toEqual([status, location]);
});

test('a story of a private feed alone is shown only with its token, and not indexed', async () => {
  const { response, text } = await read('/stories/k/?token=a+token', story(shown(toStory(), { isPublic: false })));
  expect(response.headers.get('cache-control')).toBe('private, no-cache');
  expect(text).toContain('<meta name="robots" content="noindex"');
});

test('a browser gets 304 for an unchanged page, plain or compressed', async () => {
  const app = makeServer({ feeds, ...list([toStory()]) });
  for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
    const first = await app.request('/', { headers });
    expect(first.headers.get('content-encoding')).toBe('accept-encoding' in headers ? 'gzip' : null);
    const again = await app.request('/', { headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([again.status, again.headers.get('vary'), again.headers.get('cache-control')]).toEqual([
      304,
      'Accept-Encoding',
      'public, max-age=0, s-maxage=60',
    ]);
  }
});

test('reads an empty page number as 1, and lets no U+0000 into a page', async () => {
  expect((await read('/?page=')).status).toBe(200);
  const { text } = await read('/?q=com%00mon');
  expect(text).not.toContain('\0');
  expect(text).toContain('value="com mon"');
});

test('shows the time alone of an undated story, as of a dated one, and names ignored words of a search', async () => {
  const undated = toStory({ published: null }, { revision: { published: null } });
  for (const one of [undated, toStory()]) {
    expect((await read('/', list([one]))).text.replace(/\s+/g, ' ')).toMatch(/· <time/);
    expect((await read('/stories/k/', story(shown(one)))).text).toMatch(/· <time/);
  }
  const { text } = await read('/?q=aa', list([], { beyond: ['kk', 'll'] }));
  expect(text).toContain('These were ignored: <bdi>kk ll</bdi>');
});

test('names five other sources and counts the rest', async () => {
  const members = Array.from({ length: 8 }, (_, index) => ({
    entry: { no: index + 1 },
    source: { id: `s${index}`, title: `Source ${index}` },
  }));
  const { text } = await read('/', list([toStory({}, ...members)]));
  expect(text.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')).toContain(
    'Source 0, also at Source 1, Source 2, Source 3, Source 4, Source 5 and 2 more',
  );
  expect(text).toContain('8 sources');
});

test('shows a story without title, text and address', async () => {
  const bare = toStory({}, { entry: { url: null }, revision: { title: '', html: null, text: '', summary: null, published: null } });
  expect((await read('/', list([bare]))).text).toContain('(untitled)');
  const { status, text } = await read('/stories/k/', story(shown(bare)));
  expect(status).toBe(200);
  expect(text).not.toMatch(/Read it at|rel="canonical"/);
});

test('shows only a summary where the feed publishes no more', async () => {
  const text = `It opened today. ${'Nothing of this. '.repeat(40)}`;
  const html = `<p>${text}</p><p>Hidden end</p>`;
  const revisions = ['edit', 'first'].map((kind, index) => ({
    ...toStory({}, { revision: { text: `${text} secret${index}` } }).lead.entry.revision,
    kind,
  }));
  const made = (summary: string | null) =>
    shown(toStory({ revisions: revisions as Story['revisions'] }, { revision: { html, text, summary } }), { isSummary: true });
  for (const [summary, expected] of [
    ['<p>The <b>ferry</b>.</p>', 'The <b>ferry</b>.'],
    [null, 'It opened today.'],
    ['<script>x</script>', 'It opened today.'],
  ] as const) {
    const page = await read('/stories/k/', story(made(summary)));
    expect(page.text).toContain(expected);
    expect(page.text).not.toMatch(/Hidden end|secret/);
    const detail = await read('/api/v1/stories/k', story(made(summary)));
    expect(detail.text).not.toContain('Hidden end');
  }
  expect((await read('/stories/k/', story(made('<p>The ferry.</p>')))).text).toContain('name="description" content="The ferry."');
});

test('lists the files of a story with type and size', async () => {
  const enclosures = [
    { url: 'https://pod.example/7.mp3', type: 'audio/mpeg', length: 12_345_678 },
    { url: 'javascript:alert(1)', type: 'audio/mpeg', length: null },
  ];
  const { text } = await read('/stories/k/', story(shown(toStory({}, { revision: { enclosures } }))));
  expect(text).toMatch(/<a href="https:\/\/pod\.example\/7\.mp3">7\.mp3<\/a> \(audio\/mpeg, 12\.3 MB\)/);
  expect(text).not.toContain('javascript:');
});

test('a page lists as many files of a story as documents name', async () => {
  const enclosures = Array.from({ length: 50_000 }, (_, n) => ({ url: `https://pod.example/${n}.mp3`, type: 'audio/mpeg', length: 1 }));
  const { text } = await read('/stories/k/', story(shown(toStory({}, { revision: { enclosures } }))));
  expect(text.match(/pod\.example\/\d+\.mp3"/g)).toHaveLength(200);
});
