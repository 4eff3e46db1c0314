import { afterAll, beforeAll, expect, test } from 'vitest';
import { toItem } from '../support/history.ts';
import { serveSite } from '../support/site.ts';
import type { ServedSite } from '../support/site.ts';

const words = (name: string) => toItem(name, new Date(0)).text;
const item = (name: string, { date = '', html = words(name), title = `Of ${name}` } = {}) =>
  `<item><guid isPermaLink="false">urn:x:${name}</guid><title>${title}</title><link>https://x.test/${name}</link>${date && `<pubDate>${date}</pubDate>`}<description><![CDATA[${html}]]></description></item>`;
const rss = (...items: string[]) =>
  `<rss version="2.0"><channel><title>T</title><link>https://x.test/</link>${items.join('')}</channel></rss>`;
const SHARED = { html: words('twin'), title: 'Of twin' };

let served: ServedSite;
let page = '';
beforeAll(async () => {
  served = await serveSite({
    'newsfold.yaml':
      'site: { title: T, url: "$URL" }\nserver: { token: secret }\nstore: sqlite:data/t.db\nsources:\n  - { id: desk, articles: desk, priority: 90 }\n  - { id: a, file: a.xml, priority: 80 }\n  - { id: b, file: b.xml }\nfeeds:\n  - { slug: all, title: All, limit: 50 }\n  - { slug: moving, title: Moving, order: updated }\n',
    'desk/ferry.txt': `Of ferry\n\nUpdate (1545ET): It has left with all on board.\n\n***\n\n${words('ferry')}\n`,
    'desk/plain.txt': `Of plain\n\n${words('plain')}\n`,
    // Undated, but the lead of a story that another source dates.
    'a.xml': rss(item('mine', SHARED), item('backlog')),
    'b.xml': rss(
      item('theirs', { ...SHARED, date: 'Tue, 03 Mar 2026 10:00:00 GMT' }),
      item('old', { date: 'Fri, 01 Mar 2019 10:00:00 GMT', html: `<p>${words('old')}</p><p>Update: fixed.</p>` }),
      item('newer', { date: 'Wed, 04 Mar 2026 10:00:00 GMT' }),
    ),
  });
  page = await (await fetch(served.url)).text();
});
afterAll(async () => served?.[Symbol.asyncDispose]());

/** Returns the title, the line and the times of each story on a page. */
function linesOf(html: string): { readonly title: string; readonly line: string; readonly times: readonly string[] }[] {
  return [...html.matchAll(/<article>([^]*?)<\/article>/g)].map(([, article = '']) => {
    const meta = /<p class="meta">([^]*?)<\/p>/.exec(article)?.[1] ?? '';
    const times = [...meta.matchAll(/datetime="([^"]*)"/g)].map(([, time = '']) => time.slice(0, 16));
    const line = meta
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return { title: /<h3[^>]*><a[^>]*>([^<]*)/.exec(article)?.[1] ?? '', line, times };
  });
}

const keyOf = (title: string) => new RegExp(`/stories/([a-z2-7]+)/">${title}<`).exec(page)?.[1] ?? '';

test('pages, API, commands and documents list stories in one order, by the time they show', async () => {
  const lines = linesOf(page);
  const titles = lines.map(({ title }) => title);
  expect(titles.slice(2)).toEqual(['Of newer', 'Of twin', 'Of old', 'Of backlog']);
  const shown = lines.flatMap(({ times }) => times[0] ?? []);
  expect(shown).toEqual(shown.toSorted().toReversed());
  const api = (await (await fetch(`${served.url}/api/v1/stories`)).json()) as { title: string }[];
  expect(api.map(({ title }) => title)).toEqual(titles);
  const { stdout } = await served.newsfold('stories');
  const printed = stdout.split('\n').filter((line) => /^[a-z2-7]{12} /.test(line));
  expect(printed.map((line) => /Of \w+/.exec(line)?.[0])).toEqual(titles);
  const cli = printed.map((line) => line.slice(14, 30).trim());
  expect(cli).toEqual([...shown.map((time) => time.replace('T', ' ')), 'undated']);
  const text = await (await fetch(`${served.url}/feed.rss`)).text();
  const dates = [...text.matchAll(/<pubDate>([^<]*)/g)].map(([, date = '']) => Date.parse(date));
  expect(dates).toHaveLength(6);
  expect(dates).toEqual(dates.toSorted((a, b) => b - a));
});

test('a story whose lead is undated has the date of another member', async () => {
  expect(linesOf(page).find(({ title }) => title === 'Of twin')).toMatchObject({
    times: ['2026-03-03T10:00'],
  });
  const own = await (await fetch(`${served.url}/stories/${keyOf('Of twin')}/`)).text();
  expect(/<p class="meta">([^]*?)<\/p>/.exec(own)?.[1]).toContain('datetime="2026-03-03T10:00:00Z"');
});

test('a story of unknown age is undated, and an undated own article has the time of its first sight', async () => {
  expect(linesOf(page).at(-1)).toMatchObject({ title: 'Of backlog', times: [], line: 'T' });
  expect(page).toMatch(/<h2>Undated<\/h2>/);
  expect(linesOf(page).find(({ title }) => title === 'Of plain')?.line).toMatch(/(?<!updated )\d\d:\d\d$/);
});

test('an update at the time of the story is not shown a second time by lists, pages or commands', async () => {
  expect(linesOf(page).find(({ title }) => title === 'Of ferry')).toMatchObject({
    times: [expect.stringMatching(/T(?:19|20):45$/)],
    line: expect.not.stringContaining('updated'),
  });
  const key = keyOf('Of ferry');
  const own = await (await fetch(`${served.url}/stories/${key}/`)).text();
  expect(/<p class="meta">([^]*?)<\/p>/.exec(own)?.[1]).not.toContain('updated');
  const versions = /<ol class="versions"[^]*?<\/ol>/.exec(own)?.[0] ?? '';
  expect(versions).toMatch(/Update \(1545ET\)[^]*first version/);
  expect(versions.match(/<time /g)).toHaveLength(1);
  const { stdout } = await served.newsfold('explain', key);
  expect(stdout).toMatch(/published {2}\S+\n(?! {2}updated)/);
  expect(stdout).toMatch(/\n {2}\S+Z {2}first: [^\n]*\n {20,}mark: "Update \(1545ET\)"/);
});

test('an update mark that an old post had at first sight is no news anywhere', async () => {
  expect(linesOf(page).find(({ title }) => title === 'Of old')).toMatchObject({
    times: ['2019-03-01T10:00'],
    line: expect.not.stringContaining('updated'),
  });
  const atom = await (await fetch(`${served.url}/feed.atom`)).text();
  const entry = /<entry[^]*?<\/entry>/g;
  const old = [...atom.matchAll(entry)].map(([text]) => text).find((text) => text.includes('urn:x:old')) ?? '';
  expect(old).toContain('<updated>2019-03-01T10:00:00.000Z</updated>');
  expect(atom).not.toContain('newsfold-updates');
  const moving = await (await fetch(`${served.url}/feeds/moving.atom`)).text();
  const order = [...moving.matchAll(entry)].map(([text]) => /<title[^>]*>(Of \w+)/.exec(text)?.[1]);
  expect(order.slice(-4)).toEqual(['Of newer', 'Of twin', 'Of old', 'Of backlog']);
  expect(linesOf(await (await fetch(`${served.url}/feeds/moving/`)).text()).map(({ title }) => title)).toEqual(order);
});
