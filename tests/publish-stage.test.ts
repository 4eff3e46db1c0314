import { afterEach, beforeEach, expect, test } from 'vitest';
import { hide } from '../src/corrections.ts';
import type { Feed } from '../src/model/feed.ts';
import { renderFeed, renderStoredArchive } from '../src/render.ts';
import { createServer } from '../src/serve/server.ts';
import { linkOf, toldBy, walkArchives } from './support/archive-client.ts';
import { declare, openWorkbench } from './support/bench.ts';
import type { Workbench } from './support/bench.ts';
import { createRandom } from './support/damage.ts';
import { site, toFeed } from './support/story.ts';
import { all, parseStrictly } from './support/strict-xml.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let bench: Workbench;
let items: { guid: string; title: string; text: string; date: Date }[] = [];
beforeEach(async () => {
  bench = await openWorkbench();
  items = [];
});
afterEach(() => bench[Symbol.asyncDispose]());

const pass = (ms: number) => (bench.now = new Date(bench.now.getTime() + ms));
const ago = (ms: number) => new Date(bench.now.getTime() - ms);
const rendering = () => ({
  store: bench.store,
  clock: { now: () => bench.now },
  site,
  feeds: bench.feeds,
  options: { siteUrl: site.url, alsoPublished: 'footer' as const, titlePrefix: false, updateNotes: true },
  version: '0.0.0',
});
const use = (...feeds: Partial<Feed>[]) => (bench.feeds = feeds.map((said, index) => toFeed({ isDefault: index === 0, ...said })));
const feed = (slug = 'all') => bench.feeds.find((one) => one.slug === slug) ?? toFeed();

/** Words that no two stories share, so that none folds. */
const textOf = (name: string) => Array.from({ length: 30 }, (_, n) => `${name}word${n}`).join(' ');
function add(name: string, date: Date): void {
  items.push({ guid: `urn:x:${name}`, title: `Of ${name}`, text: textOf(name), date });
}
function revise(name: string): void {
  const item = items.find(({ guid }) => guid === `urn:x:${name}`);
  if (item) item.text = `${item.text} ${Array.from({ length: 30 }, (_, n) => `new${items.length}x${bench.now.getTime()}x${n}`).join(' ')}`;
}

async function run(sources: Parameters<Workbench['run']>[0] = [source('a', items)]) {
  const report = await bench.run(sources);
  expect(report.problems).toEqual([]);
  return report;
}

function source(id: string, list: typeof items, tags: readonly string[] = []) {
  const written = list.map(
    ({ guid, title, text, date }) =>
      `<item><guid isPermaLink="false">${guid}</guid><title>${title}</title><link>https://${id}.test/${guid.slice(6)}</link><pubDate>${date.toUTCString()}</pubDate><description>${text}</description></item>`,
  );
  const path = bench.write(
    `${id}.xml`,
    `<rss version="2.0"><channel><title>${id}</title><link>https://${id}.test/</link>${written.join('')}</channel></rss>`,
  );
  return declare('file', path, { id, tags });
}

async function read(url: string, slug = 'all'): Promise<string> {
  const n = /\/archive\/(\d+)\.atom$/.exec(url)?.[1];
  const found =
    n === undefined
      ? (await renderFeed(rendering(), feed(slug))).find(({ format }) => format === 'atom')
      : await renderStoredArchive(rendering(), feed(slug), Number(n));
  if (!found) throw new Error(`there is no ${url}`);
  return new TextDecoder().decode(found.bytes);
}
const walk = (slug = 'all') => walkArchives('', (url) => read(url, slug));
const document = async (slug = 'all') => parseStrictly(await read('', slug));
/** Names of the stories in a document, in its order, tombstones last, with a cross. */
const shown = async (slug = 'all') => toldBy(await document(slug)).map(([id, , text]) => id.slice(6) + (text === null ? '†' : ''));
const names = (entries: ReadonlyMap<string, string>) => [...entries.keys()].map((id) => id.slice(6)).toSorted();
const keys = new Map<string, string>();
/** Takes the story that an entry founded, or an entry by its key, down, or lets it be shown again. */
async function take(name: string, isHidden: boolean): Promise<void> {
  const story = (await bench.stories()).find(({ id }) => id === `urn:x:${name}`);
  const key = story?.key ?? keys.get(name) ?? name;
  keys.set(name, key);
  const settings = { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 14 * DAY } };
  const parts = { ...rendering(), settings, holder: { command: 'test', pid: 1, host: 'here' } };
  expect(await hide(parts, key, { isHidden })).toMatchObject({ isDone: true });
}

test('a feed shows the newest stories, and its archives the others, each once', async () => {
  use({ limit: 10 });
  for (let n = 0; n < 35; n++) add(`s${n}`, ago(n * HOUR));
  await run();
  expect(await shown()).toEqual(Array.from({ length: 10 }, (_, n) => `s${n}`));
  const known = await walk();
  expect(names(known.entries)).toEqual(items.map(({ guid }) => guid.slice(6)).toSorted());
  expect(known.repeated).toEqual([]);
  expect(known.asked).toEqual(['', ...[4, 3, 2, 1].map((n) => `${site.url}/feeds/all/archive/${n}.atom`)].slice(0, known.asked.length));
  const first = parseStrictly(await read('/archive/1.atom'));
  expect(toldBy(first).map(([id]) => id.slice(6))).toContain('s34');
  expect([linkOf(first, 'prev-archive'), linkOf(first, 'current'), linkOf(first, 'self')]).toEqual([
    undefined,
    `${site.url}/feed.atom`,
    `${site.url}/feeds/all/archive/1.atom`,
  ]);
  expect(all(first, 'fh:archive')).toHaveLength(1);
});

test('a revised story appears again, wherever its date puts it, and later in the newest archive; an archive does not change', async () => {
  use({ limit: 10 });
  for (let n = 0; n < 25; n++) add(`s${n}`, ago(n * HOUR));
  await run();
  await walk();
  const before = await read('/archive/1.atom');
  pass(HOUR);
  revise('s24');
  await run();
  expect((await shown()).at(-1)).toBe('s24');
  expect((await walk()).entries.get('urn:x:s24')).toContain('new25x');
  expect(await read('/archive/1.atom')).toBe(before);
  pass(4 * DAY);
  for (let n = 0; n < 12; n++) add(`t${n}`, ago(n * HOUR));
  await run();
  expect(await shown()).not.toContain('s24');
  const known = await walk();
  expect(known.entries.get('urn:x:s24')).toContain('new25x');
  expect(known.repeated).toEqual([]);
  expect(await read('/archive/1.atom')).toBe(before);
});

test('adding a source never floods: what is old goes to the archive alone, what is young and came late is shown for a while', async () => {
  use({ limit: 10 });
  for (let n = 0; n < 12; n++) add(`s${n}`, ago(n * HOUR));
  await run();
  pass(HOUR);
  const others = ['old', 'late'].map((name) => ({
    guid: `urn:x:${name}`,
    title: name,
    text: textOf(name),
    date: ago(name === 'old' ? 9 * DAY : DAY),
  }));
  await run([source('a', items), source('b', others)]);
  expect(await shown()).toEqual([...Array.from({ length: 10 }, (_, n) => `s${n}`), 'late']);
  expect(names((await walk()).entries)).toEqual([...items, ...others].map(({ guid }) => guid.slice(6)).toSorted());
});

test('what is taken down leaves a tombstone, is cut out of the archives, and is newer when it is back', async () => {
  use({ limit: 10 });
  for (let n = 0; n < 25; n++) add(`s${n}`, ago(n * HOUR));
  await run();
  const before = await walk();
  pass(HOUR);
  await take('s20', true);
  await take('s1', true);
  expect((await shown()).slice(-2)).toEqual(['s1†', 's20†']);
  for (const url of before.asked.slice(1)) expect(await read(url)).not.toContain(textOf('s20'));
  const hidden = await walk();
  expect(names(hidden.entries)).toEqual(names(before.entries).filter((name) => !['s1', 's20'].includes(name)));
  pass(HOUR);
  await take('s20', false);
  expect(names((await walk()).entries)).toContain('s20');
  pass(5 * DAY);
  await run();
  const later = await shown();
  expect(later).not.toContain('s1†');
  expect(names((await walk()).entries)).toEqual([...names(hidden.entries), 's20'].toSorted());
});

test('an entry of a story that is taken down is cut out of the archives, and the story stands in the feed without it', async () => {
  use({ limit: 10 });
  const shared = { guid: 'urn:x:shared', title: 'Of shared', text: textOf('shared'), date: ago(40 * HOUR) };
  for (let n = 0; n < 25; n++) add(`s${n}`, ago(n * HOUR));
  const twin = { ...shared, guid: 'urn:x:twin' };
  await run([source('a', [...items, shared]), source('b', [twin])]);
  const before = await walk();
  expect(before.entries.get('urn:x:shared')).toContain('https://b.test/twin');
  pass(HOUR);
  const story = (await bench.stories()).find(({ id }) => id === 'urn:x:shared');
  const other = story?.members.find(({ entry }) => entry.sourceId === 'b');
  await take(other?.entry.key ?? '', true);
  const after = await walk();
  for (const url of after.asked) expect(await read(url)).not.toContain('b.test');
  expect(names(after.entries)).toEqual(names(before.entries));
});

test('a story that no longer matches leaves the feed with a tombstone, and the other feeds keep it', async () => {
  use({ limit: 10 }, { slug: 'calm', exclude: [{ field: 'title', pattern: 'storm' }] });
  for (let n = 0; n < 3; n++) add(`s${n}`, ago(n * HOUR));
  await run();
  expect(await shown('calm')).toEqual(['s0', 's1', 's2']);
  pass(HOUR);
  items[1] = { ...items[1]!, title: 'A storm comes' };
  await run();
  expect(await shown('calm')).toEqual(['s0', 's2', 's1†']);
  expect(await shown()).toEqual(['s0', 's1', 's2']);
  pass(HOUR);
  items[1] = { ...items[1], title: 'The wind is gone' };
  await run();
  expect(await shown('calm')).toEqual(['s0', 's1', 's2']);
});

test('a private feed alone says that it lost a story that no other had', async () => {
  use({ exclude: [{ field: 'title', pattern: 'secret' }] }, { slug: 'inner', private: true });
  add('plain', ago(HOUR));
  items.push({ guid: 'urn:x:hush', title: 'A secret', text: textOf('hush'), date: ago(HOUR) });
  await run();
  pass(HOUR);
  await take('hush', true);
  expect(await shown()).toEqual(['plain']);
  expect(await shown('inner')).toEqual(['plain', 'hush†']);
});

test('another rule starts a new chain, which goes on counting; what the old one made stays', async () => {
  use({ limit: 10 });
  for (let n = 0; n < 25; n++) add(`s${n}`, ago(n * HOUR));
  await run();
  const before = await walk();
  const [, newest = ''] = before.asked;
  const bytes = await read(newest);
  use({ limit: 10, exclude: [{ field: 'title', pattern: '/s2\\d/' }] });
  pass(HOUR);
  await run();
  const after = await walk();
  expect(names(after.entries)).toEqual(names(before.entries).filter((name) => !/^s2\d/.test(name)));
  expect(after.asked.filter((url) => url !== '' && before.asked.includes(url))).toEqual([]);
  expect(await read(newest)).toBe(bytes);
});

test('holds a story back, with its lead still open, and shows it then', async () => {
  use({ holdBackMs: 30 * 60_000 });
  const text = textOf('shared');
  const of = (name: string) => [{ guid: `urn:x:${name}`, title: 'Of shared', text, date: ago(HOUR) }];
  await run([source('wire', of('wire'))]);
  expect(await shown()).toEqual([]);
  pass(20 * 60_000);
  await run([source('wire', of('wire')), { ...source('primary', of('primary')), priority: 90 }]);
  expect(await shown()).toEqual([]);
  pass(11 * 60_000);
  await run([source('wire', of('wire')), { ...source('primary', of('primary')), priority: 90 }]);
  const [entry, ...others] = all(await document(), 'entry');
  expect(others).toEqual([]);
  expect(linkOf(entry!, 'related')).toBe('https://wire.test/wire');
});

test('mixes sources fairly: at most maxPerSource in a document, the newest; at most maxPerSourcePerDay of a day, the first that came', async () => {
  use({ limit: 10, maxPerSource: 2 }, { slug: 'day', maxPerSourcePerDay: 2 });
  const loud = Array.from({ length: 6 }, (_, n) => ({
    guid: `urn:x:l${n}`,
    title: `L${n}`,
    text: textOf(`l${n}`),
    date: ago((6 - n) * 600_000),
  }));
  const calm = [{ guid: 'urn:x:c0', title: 'C0', text: textOf('c0'), date: ago(2 * HOUR) }];
  await run([source('loud', loud.slice(0, 4)), source('calm', calm)]);
  expect(await shown()).toEqual(['l3', 'l2', 'c0']);
  expect(await shown('day')).toEqual(['l1', 'l0', 'c0']);
  await run([source('loud', loud), source('calm', calm)]);
  expect(await shown()).toEqual(['l5', 'l4', 'c0']);
  expect(await shown('day')).toEqual(['l1', 'l0', 'c0']);
  expect(names((await walk()).entries)).toEqual(['c0', 'l0', 'l1', 'l2', 'l3', 'l4', 'l5']);
});

test('takes stories that several sources carry once they do, and those of a source that was given the tag', async () => {
  use({ slug: 'two', minSources: 2 }, { slug: 'tagged', tags: ['harbour'] });
  const of = (name: string) => [{ guid: `urn:x:${name}`, title: 'Of shared', text: textOf('shared'), date: ago(HOUR) }];
  await run([source('a', of('a'))]);
  expect([await shown('two'), await shown('tagged')]).toEqual([[], []]);
  await run([source('a', of('a')), source('b', of('b'))]);
  expect([await shown('two'), await shown('tagged')]).toEqual([['a'], []]);
  await run([source('a', of('a')), source('b', of('b'), ['harbour'])]);
  expect([await shown('two'), await shown('tagged')]).toEqual([['a'], ['a']]);
  pass(HOUR);
  await run([source('a', of('a')), source('b', of('b'), [])]);
  expect(await shown('tagged')).toEqual(['a†']);
});

test('orders by updated when told to, and gives a story of the future the place of its first sight', async () => {
  use({}, { slug: 'moving', order: 'updated' });
  for (const [name, hours] of Object.entries({ s0: 1, s1: 2, s2: 3 })) add(name, ago(hours * HOUR));
  add('future', new Date(bench.now.getTime() + 400 * DAY));
  await run();
  pass(HOUR);
  add('newer', ago(60_000));
  revise('s2');
  await run();
  expect(await shown()).toEqual(['newer', 'future', 's0', 's1', 's2']);
  expect((await shown('moving'))[0]).toBe('s2');
});

test('B4 a client that polls with A-IM is sent what is new, changed and withdrawn, and nothing else', async () => {
  use({ limit: 10 });
  for (let n = 0; n < 8; n++) add(`s${n}`, ago((n + 1) * HOUR));
  await run();
  const app = () =>
    createServer({
      site,
      feeds: bench.feeds,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      clock: { now: () => bench.now },
      maxAgeSeconds: 60,
      limitRequests: null,
      trustProxy: false,
      readDocument: async (one, format) => {
        const found = (await renderFeed(rendering(), one)).find((rendered) => rendered.format === format);
        if (!found) throw new Error(`no ${format}`);
        return found;
      },
      readArchive: async () => null,
      readOpml: async () => Promise.reject(new Error('none')),
      readFeedStories: async () => [],
      readStory: async () => null,
      readRelated: async () => [],
      checkReady: async () => null,
    });
  const poll = async (etag: string) => {
    const response = await app().request('/feed.atom', { headers: { 'a-im': 'feed', 'if-none-match': etag } });
    const told = response.status === 304 ? [] : toldBy(parseStrictly(await response.text()));
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      ids: told.map(([id, , text]) => id.slice(6) + (text === null ? '†' : '')),
    };
  };
  const first = await poll('"unknown"');
  expect([first.status, first.ids.length]).toEqual([200, 8]);
  expect(await poll(first.etag)).toMatchObject({ status: 304 });
  pass(HOUR);
  add('new', ago(60_000));
  revise('s6');
  await run();
  await take('s3', true);
  await bench.restart();
  const second = await poll(`W/${first.etag}`);
  expect([second.status, second.ids]).toEqual([226, ['new', 's6', 's3†']]);
  pass(HOUR);
  revise('s0');
  await run();
  expect(await poll(second.etag)).toMatchObject({ status: 226, ids: ['s0'] });
  expect(await poll(first.etag)).toMatchObject({ status: 226, ids: ['new', 's0', 's6', 's3†'] });
  use({ limit: 10, exclude: [{ field: 'title', pattern: 's1' }] });
  await run();
  expect(await poll(second.etag)).toMatchObject({ status: 200 });
});

test.each([1, 2, 3, 4, 5, 6])('keeps its promises through a random history (seed %i)', async (seed) => {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  use(
    { limit: 4 },
    { slug: 'few', limit: 5, maxPerSource: 2 },
    { slug: 'even', limit: 3, order: 'updated', include: [{ field: 'title', pattern: '/[02468]$/' }] },
  );
  const hidden = new Set<string>();
  const archives = new Map<string, string>();
  let count = 0;
  for (let step = 0; step < 25; step++) {
    pass(Math.floor(random() ** 3 * 3 * DAY) + 60_000);
    for (let n = Math.floor(random() * 5); n > 0; n--) add(`q${count++}`, ago(Math.floor(random() ** 4 * 20 * DAY)));
    const known = items.map(({ guid }) => guid.slice(6)).filter((name) => !hidden.has(name));
    for (let n = Math.floor(random() * 3); n > 0; n--) revise(pick(known) ?? '');
    await run();
    const victim = pick(known);
    if (random() < 0.2 && victim !== undefined) {
      await take(victim, true);
      hidden.add(victim);
      archives.clear();
    }
    const saved = pick([...hidden]);
    if (random() < 0.15 && saved !== undefined) {
      pass(60_000);
      await take(saved, false);
      hidden.delete(saved);
    }
    for (const slug of ['all', 'few', 'even']) {
      const { entries, asked, repeated } = await walk(slug);
      const wanted = items.filter(({ guid, title }) => !hidden.has(guid.slice(6)) && (slug !== 'even' || /[02468]$/.test(title)));
      expect(names(entries)).toEqual(wanted.map(({ guid }) => guid.slice(6)).toSorted());
      for (const { guid, title, text } of wanted) expect(entries.get(guid)).toContain(`${title} ${text}`);
      expect(repeated).toEqual([]);
      for (const url of asked.slice(1)) {
        const bytes = await read(url, slug);
        expect(archives.get(url) ?? bytes).toBe(bytes);
        archives.set(url, bytes);
        for (const name of hidden) expect(bytes).not.toContain(textOf(name));
      }
      const sizes = toldBy(await document(slug)).length;
      expect(sizes).toBeLessThanOrEqual(2 * feed(slug).limit);
    }
  }
});
