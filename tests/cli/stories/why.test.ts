import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newsfold } from '../../support/newsfold.ts';

let folder = '';
const path = (name: string) => join(folder, name);
const on = (...args: string[]) => newsfold([...args, '--config', path('newsfold.yaml')]);
const why = async (question: string, ...options: string[]) => on('why', question, ...options);

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 8)).toUTCString();
const item = (
  name: string,
  title: string,
  date: string,
  text = `What is told of ${name} is told nowhere else, ${name} and ${name} again.`,
) =>
  `<item><guid isPermaLink="false">urn:x:${name}</guid><title>${title}</title><link>https://a.test/${name}</link><pubDate>${date}</pubDate><description>${text}</description></item>`;
const feed = (...items: readonly string[]) =>
  `<rss version="2.0"><channel><title>A</title><link>https://a.test/</link>${items.join('')}</channel></rss>`;
const SHARED = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house by the pier.';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-why-'));
  mkdirSync(path('articles'));
  writeFileSync(path('articles/leaflet.md'), '---\ntitle: A leaflet that waits\ndraft: true\n---\nNot yet.\n');
  writeFileSync(
    path('newsfold.yaml'),
    `site: { title: Why, url: "https://planet.test" }
store: sqlite:test.db
timeZone: UTC
sources:
  - { id: desk, articles: articles }
  - { id: a, file: a.xml, priority: 70, tags: [press] }
  - { id: b, file: b.xml }
feeds:
  - { slug: all, limit: 3 }
  - { slug: press, tags: [press], exclude: [{ title: weather }], maxPerSource: 1 }
  - { slug: pairs, minSources: 2 }
  - { slug: late, holdBack: 30d }
  - { slug: young, since: 2026-03-07, sources: [a] }
`,
  );
  const old = Array.from({ length: 12 }, (_, n) =>
    item(`old${n}`, `Old number ${n} of many`, new Date(Date.UTC(2026, 0, 1 + n)).toUTCString()),
  );
  const empty = '<item><guid isPermaLink="false">urn:x:empty</guid></item>';
  const loop = item('loop', 'Back from us', day(2)).replace('</item>', '<source url="https://planet.test/feed.rss">Why</source></item>');
  const gone = item('gone', 'Taken back', day(6));
  const first = [
    item('slipway', 'Votes for a slipway', day(9), SHARED),
    item('storm', 'Weather: a storm', day(8)),
    item('hidden', 'A rumour', day(7)),
    gone,
  ];
  writeFileSync(path('a.xml'), feed(...first, ...old, empty, loop));
  writeFileSync(path('b.xml'), feed(item('copy', 'Votes for a slipway', day(9), SHARED)).replaceAll('a.test', 'b.test'));
  expect(await on('run')).toMatchObject({ code: 0 });
  const key = /story\s+(\S+)/.exec((await on('explain', await entryOf('A rumour'))).stdout)?.[1] ?? '';
  expect(await on('hide', key)).toMatchObject({ code: 0 });
  writeFileSync(
    path('a.xml'),
    `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>A</title><link href="https://a.test/"/><at:deleted-entry ref="urn:x:gone" when="2026-03-20T00:00:00Z"/><entry><id>urn:x:slipway</id><title>Votes for a slipway</title><link href="https://a.test/slipway"/><updated>2026-03-09T08:00:00Z</updated><content>${SHARED}</content></entry></feed>`,
  );
  expect(await on('run')).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function entryOf(title: string): Promise<string> {
  return /entry (\S+)/.exec((await why(title)).stdout)?.[1] ?? '';
}

test.each<[string, string, RegExp[]]>([
  [
    'the lead of a story by its address',
    'https://a.test/slipway?utm_source=x',
    [/it leads the story \S+, which has 2 entries/, /feed all: shown: it is number 1 of/, /feed pairs: shown/],
  ],
  ['an entry that is folded into another one', 'https://b.test/copy', [/folded into the story \S+, which a leads: /]],
  [
    'an entry that a pattern leaves out',
    'weather: A STORM',
    [
      /feed press: excluded: the feed excludes title: weather/,
      /feed pairs: excluded: the feed takes stories of at least 2 sources, and this one has 1/,
    ],
  ],
  ['a story beyond the limit', 'Old number 0 of', [/feed all: archived: 3 stories are newer \(limit\); it is in archive 1/]],
  [
    'a story of a source that has too many',
    'Old number 3 of',
    [/feed press: archived: its source already has 1 stories in the document \(maxPerSource\)/],
  ],
  ['a story that a feed holds back', 'Votes for', [/feed late: held: it is held back until \S+Z \(holdBack\)/]],
  [
    'a story older than a feed takes',
    'Old number 1 of',
    [/feed young: excluded: the feed takes nothing dated before 2026-03-07 \(since\)/],
  ],
  [
    'an entry that its source has withdrawn',
    'https://a.test/gone',
    [/withdrawn \S+: its file was gone, or its source withdrew it/, /its story \S+ was withdrawn/],
  ],
  ['a hidden story', 'rumour', [/its story is hidden since \S+: newsfold unhide \S+ shows it again/]],
  ['an own article that waits', 'leaflet', [/desk {2}leaflet\.md is held back: .*draft/]],
  ['an empty item', 'urn:x:empty', [/neither title nor text.* \[entry\/empty\]/]],
  [
    'an entry that came back to us',
    'https://a.test/loop',
    [/comes from a feed that this Newsfold publishes itself: left out \[entry\/loop\]/],
  ],
  ['an address of this site', 'https://planet.test/stories/abc/', [/an address of this site itself/]],
])('why explains %s', async (_name, question, patterns) => {
  const { code, stdout, stderr } = await why(question);
  expect([code, stderr]).toEqual([0, '']);
  for (const pattern of patterns) expect(stdout).toMatch(pattern);
});

test('why says that an article was never seen, with similar titles and the state of the source of its host', async () => {
  expect(await why('Votes against a slipway')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/no article is known as[^]*similar: "Votes for a slipway" of/) as string,
  });
  expect(await why('https://b.test/other')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/the source b of that host was last read at \S+Z/) as string,
  });
  expect(await why('no such thing at all')).toMatchObject({ code: 1 });
  expect(await why(' ')).toMatchObject({ code: 2 });
});

test('why prints the same as JSON, and finds an article by its key and a story by its own', async () => {
  const { stdout } = await why('https://b.test/copy', '--json');
  const answer = JSON.parse(stdout) as { found: { entry: string; story: { key: string }; feeds: { feed: string; state: string }[] }[] };
  expect(answer.found).toHaveLength(1);
  const [found] = answer.found;
  expect(found?.feeds.map(({ feed: slug, state }) => `${slug} ${state}`)).toEqual([
    'all shown',
    'press shown',
    'pairs shown',
    'late held',
    'young shown',
  ]);
  expect((await why(found?.entry ?? '')).stdout).toContain('https://b.test/copy');
  expect((await why(found?.story.key ?? '')).stdout).toMatch(
    /https:\/\/a\.test\/slipway[^]*https:\/\/b\.test\/copy|https:\/\/b\.test\/copy[^]*https:\/\/a\.test\/slipway/,
  );
});
