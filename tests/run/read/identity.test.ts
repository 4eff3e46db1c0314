import { expect, test } from 'vitest';
import { declare, openWorkbench } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';

/** An item of a document; an absent field is left out of it. */
interface Item {
  readonly title: string;
  readonly link?: string;
  readonly guid?: string;
  readonly date?: string;
  readonly text?: string;
}

/** Writes a document and runs over it. Returns how many entries and stories were new, and how many
 *  were revised. */
async function read(bench: Workbench, items: readonly Item[]): Promise<readonly [entriesNew: number, storiesNew: number, revised: number]> {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const written = items.map(
    ({ title, link, guid, date, text }) =>
      `<item><title>${escape(title)}</title>${link === undefined ? '' : `<link>${escape(link)}</link>`}${
        guid === undefined ? '' : `<guid isPermaLink="false">${escape(guid)}</guid>`
      }${date === undefined ? '' : `<pubDate>${new Date(date).toUTCString()}</pubDate>`}${
        text === undefined ? '' : `<description>${escape(text)}</description>`
      }</item>`,
  );
  const document = `<rss version="2.0"><channel><title>A</title><link>https://a.test/</link>${written.join('')}</channel></rss>`;
  const source = declare('file', bench.write('a.xml', document), { id: 'a' });
  const report = await bench.run([source]);
  bench.now = new Date(bench.now.getTime() + 24 * 3_600_000);
  return [report.entriesNew, report.storiesNew, report.entriesRevised];
}

const subjects = ['harbour', 'lighthouse', 'ferry', 'market', 'library', 'orchard', 'railway', 'theatre', 'quarry', 'brewery'];
const words = [
  'stone',
  'green',
  'river',
  'winter',
  'paper',
  'silver',
  'garden',
  'engine',
  'copper',
  'window',
  'timber',
  'ribbon',
  'candle',
];
/** Returns some forty words about a subject; no other subject's text has them in this order. */
const tell = (n: number) =>
  Array.from(
    { length: 40 },
    (_, place) => `${words[(place * (n + 2) + n) % words.length]}${(place * 7 + n * 3) % 11 === 0 ? ` ${subjects[n % 10]}` : ''}`,
  ).join(' ');
const article = (n: number): Item => ({
  title: `News of the ${subjects[n % 10]} number ${n}`,
  link: `https://a.test/2026/${subjects[n % 10]}-${n}`,
  guid: `https://a.test/?p=${n}`,
  date: `2026-03-0${1 + (n % 9)}T0${n % 10}:00:00Z`,
  text: tell(n),
});
const articles = (count: number) => Array.from({ length: count }, (_, n) => article(n));

test('a link with another article each day gives an entry for each article, and a version for each edit', async () => {
  await using bench = await openWorkbench();
  const day = (n: number, text = tell(n)) => [
    { title: `The ${subjects[n]} today`, link: 'https://a.test/latest', date: `2026-03-0${n + 1}`, text },
  ];
  expect(await read(bench, day(0))).toEqual([1, 1, 0]);
  expect(await read(bench, day(1))).toEqual([1, 1, 0]);
  expect(await read(bench, day(2))).toEqual([1, 1, 0]);
  expect(await read(bench, day(2, `${tell(2)} and a good deal more was said`))).toEqual([0, 0, 1]);
  expect(await read(bench, day(2, `${tell(2)} and a good deal more was said`))).toEqual([0, 0, 0]);
  expect(await bench.stories()).toHaveLength(3);
});

test('a link whose article gets another title or text on the same day is still that article', async () => {
  await using bench = await openWorkbench();
  const link = 'https://a.test/storm';
  await read(bench, [{ title: 'Storm comes near', link, date: '2026-03-01', text: tell(1) }]);
  expect(await read(bench, [{ title: 'Storm is here', link, date: '2026-03-03', text: `${tell(1)} now` }])).toEqual([0, 0, 1]);
  expect(await read(bench, [{ title: 'Storm has gone', link, date: '2026-03-03T08:00:00Z', text: `${tell(1)} at last` }])).toEqual([
    0, 0, 1,
  ]);
});

test('many articles under one link in one document are all read, once', async () => {
  await using bench = await openWorkbench();
  const items = articles(33).map(({ title, date, text }) => ({ title, link: 'https://a.test/news', date: date ?? '', text: text ?? '' }));
  expect(await read(bench, items)).toEqual([33, 33, 0]);
  expect(await read(bench, items.toReversed())).toEqual([0, 0, 0]);
  const [first] = items;
  expect(await read(bench, first ? [first] : [])).toEqual([0, 0, 0]);
  const edited = items.map((item, n) => (n === 5 ? { ...item, text: `${item.text} and a new ending` } : item));
  expect(await read(bench, edited)).toEqual([0, 0, 1]);
});

test('one id on many articles does not flood, whether or not it is repeated in the next poll', async () => {
  await using bench = await openWorkbench();
  const items = articles(6).map((item) => ({ ...item, guid: 'news' }));
  expect(await read(bench, items)).toEqual([6, 6, 0]);
  expect(await read(bench, items)).toEqual([0, 0, 0]);
  expect(await read(bench, items.slice(0, 1))).toEqual([0, 0, 0]);
  expect(await read(bench, items)).toEqual([0, 0, 0]);
});

test('ids that change on every poll publish nothing twice', async () => {
  await using bench = await openWorkbench();
  const poll = (n: number, count = 8) => articles(count).map((item) => ({ ...item, guid: `session-${n}-${item.guid}` }));
  expect(await read(bench, poll(0))).toEqual([8, 8, 0]);
  const ids = (await bench.stories()).map(({ id }) => id);
  for (let n = 1; n < 5; n++) expect(await read(bench, poll(n))).toEqual([0, 0, 0]);
  expect(await read(bench, poll(5, 9))).toEqual([1, 1, 0]);
  expect((await bench.stories()).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect((await bench.store.readSources())[0]?.poll.notice?.code).toBe('source/ids-changed');
});

test('links and ids that differ only by tracking are one entry, in one document and over time', async () => {
  await using bench = await openWorkbench();
  const poll = (n: number) =>
    articles(3).map(({ link, ...item }) => ({ ...item, link: `${link}?utm_source=rss${n}`, guid: `${link}?utm_source=rss${n}` }));
  expect(await read(bench, [...poll(0), ...poll(1)])).toEqual([3, 3, 0]);
  expect(await read(bench, poll(2))).toEqual([0, 0, 0]);
});

test('an entry without id and link is re-identified by title and date when its text is corrected', async () => {
  await using bench = await openWorkbench();
  const item = { title: 'A notice to all', date: '2026-03-01', text: tell(1) };
  expect(await read(bench, [item])).toEqual([1, 1, 0]);
  expect(await read(bench, [{ ...item, text: `${tell(1)} and a good deal more was said` }])).toEqual([0, 0, 1]);
});

const move = (item: Item): Item => ({
  ...item,
  link: item.link?.replace('a.test', 'new.test') ?? '',
  guid: item.guid?.replace('a.test', 'new.test') ?? '',
});

test.each<[what: string, change: (item: Item, n: number) => Item]>([
  ['a changed domain', move],
  ['all new guids', (item, n) => ({ ...item, guid: `urn:new:${n}` })],
  ['new guids and new paths', (item, n) => ({ ...item, guid: `urn:new:${n}`, link: `https://a.test/blog/${n}` })],
  ['new guids, paths and dates', (item, n) => ({ ...item, guid: `urn:new:${n}`, link: `https://a.test/blog/${n}`, date: '2026-03-11' })],
  ['a new domain with titles put right', (item) => ({ ...move(item), title: `${item.title}, corrected` })],
  ['the loss of guids and dates', ({ title, link, text }) => ({ title, link: link ?? '', text: text ?? '' })],
])('a migration with %s publishes nothing again and keeps every id', async (_, change) => {
  await using bench = await openWorkbench();
  await read(bench, articles(10));
  const before = await bench.stories();
  const [entriesNew, storiesNew] = await read(bench, articles(10).map(change));
  expect([entriesNew, storiesNew]).toEqual([0, 0]);
  const after = await bench.stories();
  expect(after.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
  expect(await read(bench, articles(10).map(change))).toEqual([0, 0, 0]);
  expect(await read(bench, [...articles(10).map(change), article(11)])).toEqual([1, 1, 0]);
});

test('a move changes the addresses of the entries without making them newer', async () => {
  await using bench = await openWorkbench();
  await read(bench, articles(4));
  const before = await bench.stories();
  await read(bench, articles(4).map(move));
  const after = await bench.stories();
  expect(after.map(({ updated }) => updated)).toEqual(before.map(({ updated }) => updated));
  for (const story of after) expect(story.lead.entry.url).toMatch(/^https:\/\/new\.test\//);
});

test('a replayed archive brings only entries that were never seen, with their own dates', async () => {
  await using bench = await openWorkbench();
  await read(bench, articles(10).slice(5));
  const replayed = articles(20).map((item, n) => ({ ...item, guid: `urn:replay:${n}` }));
  expect(await read(bench, replayed)).toEqual([15, 15, 0]);
  expect(await read(bench, replayed)).toEqual([0, 0, 0]);
});

test('the episodes of a daily series are new each day, whatever their titles are', async () => {
  await using bench = await openWorkbench();
  const day = (n: number) =>
    ['Morning briefing of the day', 'Evening briefing of the day', 'Weather for the whole week'].map((title, place) => ({
      title,
      link: `https://a.test/${n}/${place}`,
      guid: `${n}/${place}`,
      date: `2026-03-0${n}T0${place}:00:00Z`,
      text: tell(n * 3 + place),
    }));
  for (let n = 1; n < 5; n++) expect(await read(bench, day(n))).toEqual([3, 3, 0]);
});

test('a status feed that repeats one text brings a new entry each time', async () => {
  await using bench = await openWorkbench();
  const day = (n: number) => [
    { title: 'Backup of the server completed', guid: `run-${n}`, date: `2026-03-0${n}`, text: 'All files were copied.' },
  ];
  for (let n = 1; n < 5; n++) expect(await read(bench, day(n))).toEqual([1, 1, 0]);
});

test('a busy source with an entirely new document brings all its entries', async () => {
  await using bench = await openWorkbench();
  for (let poll = 0; poll < 4; poll++)
    expect(
      await read(
        bench,
        Array.from({ length: 10 }, (_, n) => article(poll * 10 + n)),
      ),
    ).toEqual([10, 10, 0]);
});

test('a source that is removed and added again does not flood, keeps its validators and is not polled too soon', async () => {
  await using bench = await openWorkbench();
  await read(bench, articles(5));
  await bench.run([]);
  bench.now = new Date(bench.now.getTime() + 20 * 24 * 3_600_000);
  expect(await read(bench, articles(6))).toEqual([1, 1, 0]);
});

test('entries without text that exchange their titles are two new versions: titles alone are no proof', async () => {
  await using bench = await openWorkbench();
  const poll = (one: string, two: string) => [
    { title: one, guid: 'g1', link: 'https://a.test/1', date: '2026-03-01' },
    { title: two, guid: 'g2', link: 'https://a.test/2', date: '2026-03-02' },
  ];
  expect(await read(bench, poll('Ferries run late today', 'The bridge is closed'))).toEqual([2, 2, 0]);
  expect(await read(bench, poll('The bridge is closed', 'Ferries run late today'))).toEqual([0, 0, 2]);
});

test('an undated article keeps its entry by title and text when its id and link change at once', async () => {
  await using bench = await openWorkbench();
  const undated = [1, 2, 3, 4].map((n): Item => ({
    title: article(n).title,
    link: article(n).link ?? '',
    guid: `urn:x:${n}`,
    text: tell(n),
  }));
  await read(bench, undated);
  const [first = { title: '' }, ...others] = undated;
  expect(await read(bench, [{ ...first, guid: 'urn:y:9', link: 'https://a.test/moved' }, ...others])).toEqual([0, 0, 0]);
});
