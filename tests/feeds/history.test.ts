import { afterEach, beforeEach, expect, test } from 'vitest';
import { mergeStories } from '../../src/run/corrections/corrections.ts';
import { renderFeed } from '../../src/feeds/render-documents.ts';
import { makeServer } from '../serve/made-server.ts';
import { linkOf, versionsIn } from '../support/archive-client.ts';
import { createRandom } from '../support/damage.ts';
import { DAY, HOUR, namesOf, openHistory, toItem } from '../support/history.ts';
import type { HistoryBench } from '../support/history.ts';
import { site } from '../support/story.ts';
import { all, parseStrictly } from '../support/strict-xml.ts';
import { sample } from '../support/scale.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

test('a feed shows the newest stories and its archives the others, each story once', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 35; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  expect(await history.shown()).toEqual(Array.from({ length: 10 }, (_, n) => `s${n}`));
  const known = await history.walk();
  expect(namesOf(known.entries)).toEqual(history.items.map(({ name }) => name).toSorted());
  expect(known.repeated).toEqual([]);
  expect(known.asked).toEqual(['', ...[4, 3, 2, 1].map((n) => `${site.url}/feeds/all/archive/${n}.atom`)].slice(0, known.asked.length));
  const first = parseStrictly(await history.read('/archive/1.atom'));
  expect(versionsIn(first).map(([id]) => id.slice(6))).toContain('s34');
  expect([linkOf(first, 'prev-archive'), linkOf(first, 'current'), linkOf(first, 'self')]).toEqual([
    undefined,
    `${site.url}/feed.atom`,
    `${site.url}/feeds/all/archive/1.atom`,
  ]);
  expect(all(first, 'fh:archive')).toHaveLength(1);
});

test('the first stories of an empty feed are no news: its document keeps to its limit', async () => {
  history.use({ limit: 10 });
  await history.run([]);
  for (let n = 0; n < 35; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  expect(await history.shown()).toEqual(Array.from({ length: 10 }, (_, n) => `s${n}`));
  expect((await history.walk()).entries.size).toBe(35);
});

test('a revised story is shown again despite an old date, then in the newest archive; older archives do not change', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  await history.walk();
  const before = await history.read('/archive/1.atom');
  history.pass(HOUR);
  history.revise('s24');
  await history.run();
  expect((await history.shown()).at(-1)).toBe('s24');
  expect((await history.walk()).entries.get('urn:x:s24')).toContain('new25x');
  expect(await history.read('/archive/1.atom')).toBe(before);
  history.pass(4 * DAY);
  for (let n = 0; n < 12; n++) history.add(`t${n}`, history.ago(n * HOUR));
  await history.run();
  expect(await history.shown()).not.toContain('s24');
  const known = await history.walk();
  expect(known.entries.get('urn:x:s24')).toContain('new25x');
  expect(known.repeated).toEqual([]);
  expect(await history.read('/archive/1.atom')).toBe(before);
});

test('a new source does not flood a feed: its first stories are sorted by date, later ones are shown for a while', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 12; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  history.pass(HOUR);
  const others = ['old', 'young'].map((name) => toItem(name, history.ago(name === 'old' ? 9 * DAY : DAY)));
  await history.run([history.toSource('a', history.items), history.toSource('b', others)]);
  expect(await history.shown()).toEqual(Array.from({ length: 10 }, (_, n) => `s${n}`));
  history.pass(HOUR);
  others.push(toItem('late', history.ago(DAY)));
  await history.run([history.toSource('a', history.items), history.toSource('b', others)]);
  expect(await history.shown()).toEqual([...Array.from({ length: 10 }, (_, n) => `s${n}`), 'late']);
  expect(namesOf((await history.walk()).entries)).toEqual([...history.items, ...others].map(({ name }) => name).toSorted());
});

test('a story taken down leaves a tombstone, is cut out of archives, and returns as newer', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  const before = await history.walk();
  history.pass(HOUR);
  await history.take('s20', true);
  await history.take('s1', true);
  expect((await history.shown()).slice(-2)).toEqual(['s1†', 's20†']);
  for (const url of before.asked.slice(1)) expect(await history.read(url)).not.toContain('s20word0');
  const hidden = await history.walk();
  expect(namesOf(hidden.entries)).toEqual(namesOf(before.entries).filter((name) => !['s1', 's20'].includes(name)));
  history.pass(HOUR);
  await history.take('s20', false);
  expect(namesOf((await history.walk()).entries)).toContain('s20');
  history.pass(5 * DAY);
  await history.run();
  const later = await history.shown();
  expect(later).not.toContain('s1†');
  expect(namesOf((await history.walk()).entries)).toEqual([...namesOf(hidden.entries), 's20'].toSorted());
});

test('an entry taken down is cut out of archives, and the feed shows its story without it', async () => {
  history.use({ limit: 10 });
  const shared = toItem('shared', history.ago(40 * HOUR));
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  const twin = { ...shared, name: 'twin' };
  await history.run([history.toSource('a', [...history.items, shared]), history.toSource('b', [twin])]);
  const before = await history.walk();
  expect(before.entries.get('urn:x:shared')).toContain('https://b.test/twin');
  history.pass(HOUR);
  const story = (await history.bench.stories()).find(({ id }) => id === 'urn:x:shared');
  const other = story?.members.find(({ entry }) => entry.sourceId === 'b');
  await history.take(other?.entry.key ?? '', true);
  const after = await history.walk();
  for (const url of after.asked) expect(await history.read(url)).not.toContain('b.test');
  expect(namesOf(after.entries)).toEqual(namesOf(before.entries));
});

test('a changed rule starts a new chain with further numbers, and archives of the old chain stay', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  const before = await history.walk();
  const [, newest = ''] = before.asked;
  const bytes = await history.read(newest);
  history.use({ limit: 10, exclude: [{ field: 'title', pattern: '/s2\\d/' }] });
  history.pass(HOUR);
  await history.run();
  const after = await history.walk();
  expect(namesOf(after.entries)).toEqual(namesOf(before.entries).filter((name) => !/^s2\d/.test(name)));
  expect(after.asked.filter((url) => url !== '' && before.asked.includes(url))).toEqual([]);
  expect(await history.read(newest)).toBe(bytes);
});

test('a story taken down is cut out of archives under its ids before merges too, and in removed feeds', async () => {
  history.use({ limit: 10 }, { slug: 'old', limit: 10 });
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  await Promise.all([history.walk(), history.walk('old')]);
  const { bench } = history;
  const settings = { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 14 * DAY } };
  const context = {
    ...history.rendering(),
    settings,
    checkConfig: async () => undefined,
    holder: { command: 'test', pid: 1, host: 'here' },
  };
  const keyOf = async (name: string) => (await bench.stories()).find(({ id }) => id === `urn:x:${name}`)?.key ?? '';
  await mergeStories(context, await keyOf('s20'), await keyOf('s21'));
  history.use({ limit: 10 });
  history.pass(HOUR);
  await history.take('s20', true);
  history.use({ limit: 10 }, { slug: 'old', limit: 10 });
  for (const slug of ['all', 'old'])
    for (const n of await bench.store.readMadeArchives(slug)) {
      const text = await history.read(`/archive/${n}.atom`, slug);
      for (const word of ['s20word0 ', 's21word0 ']) expect(text).not.toContain(word);
    }
});

test('a changed rule leaves tombstones for stories it excludes, and updated never goes back', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 8; n++) history.add(`s${n}`, history.ago((n + 1) * HOUR));
  await history.run();
  history.use({ limit: 10, exclude: [{ field: 'title', pattern: 's1' }] });
  history.pass(HOUR);
  await history.run();
  expect((await history.shown()).at(-1)).toBe('s1†');
  history.use({ limit: 10 });
  history.pass(HOUR);
  await history.run();
  expect(await history.shown()).toContain('s1');
  expect(namesOf((await history.walk()).entries)).toContain('s1');
});

test('archives of a private feed stay private after the feed becomes public', async () => {
  history.use({ limit: 10 }, { slug: 'inner', limit: 10, private: true });
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  const { asked } = await history.walk('inner');
  history.use({ limit: 10 }, { slug: 'inner', limit: 10, exclude: [{ field: 'title', pattern: 's2' }] });
  for (const url of asked.slice(1)) await expect(history.read(url, 'inner')).rejects.toThrow('there is no');
  history.pass(HOUR);
  await history.run();
  for (const url of asked.slice(1)) await expect(history.read(url, 'inner')).rejects.toThrow('there is no');
  expect(namesOf((await history.walk('inner')).entries)).not.toContain('s2');
});

test('B4: a client that polls with A-IM gets new, changed and withdrawn stories and nothing else', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 8; n++) history.add(`s${n}`, history.ago((n + 1) * HOUR));
  await history.run();
  const app = () =>
    makeServer({
      site,
      feeds: history.bench.feeds,
      clock: { now: () => history.bench.now },
      readDocument: async (one, format) => {
        const found = (await renderFeed(history.rendering(), one)).find((rendered) => rendered.format === format);
        if (!found) throw new Error(`no ${format}`);
        return found;
      },
    });
  const poll = async (etag: string) => {
    const response = await app().request('/feed.atom', { headers: { 'a-im': 'feed', 'if-none-match': etag } });
    const told = response.status === 304 ? [] : versionsIn(parseStrictly(await response.text()));
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      ids: told.map(([id, , text]) => id.slice(6) + (text === null ? '†' : '')),
    };
  };
  const first = await poll('"unknown"');
  expect([first.status, first.ids.length]).toEqual([200, 8]);
  expect(await poll(first.etag)).toMatchObject({ status: 304 });
  history.pass(HOUR);
  history.add('new', history.ago(60_000));
  history.revise('s6');
  await history.run();
  await history.take('s3', true);
  await history.bench.restart();
  const second = await poll(`W/${first.etag}`);
  expect([second.status, second.ids]).toEqual([226, ['new', 's6', 's3†']]);
  history.pass(HOUR);
  history.revise('s0');
  await history.run();
  expect(await poll(second.etag)).toMatchObject({ status: 226, ids: ['s0'] });
  expect(await poll(first.etag)).toMatchObject({ status: 226, ids: ['new', 's0', 's6', 's3†'] });
  history.use({ limit: 10, exclude: [{ field: 'title', pattern: 's1' }] });
  await history.run();
  expect(await poll(second.etag)).toMatchObject({ status: 200 });
});

test.each(sample([1, 2, 3, 4, 5, 6], 6))(
  'feeds and archives stay complete and unchanged through a random history (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    history.use(
      { limit: 4 },
      { slug: 'few', limit: 5, maxPerSource: 2 },
      { slug: 'even', limit: 3, order: 'updated', include: [{ field: 'title', pattern: '/[02468]$/' }] },
    );
    const hidden = new Set<string>();
    const archives = new Map<string, string>();
    let count = 0;
    for (let step = 0; step < 25; step++) {
      history.pass(Math.floor(random() ** 3 * 3 * DAY) + 60_000);
      for (let n = Math.floor(random() * 5); n > 0; n--) history.add(`q${count++}`, history.ago(Math.floor(random() ** 4 * 20 * DAY)));
      const known = history.items.map(({ name }) => name).filter((name) => !hidden.has(name));
      for (let n = Math.floor(random() * 3); n > 0; n--) history.revise(pick(known) ?? '');
      await history.run();
      const victim = pick(known);
      if (random() < 0.2 && victim !== undefined) {
        await history.take(victim, true);
        hidden.add(victim);
        archives.clear();
      }
      const saved = pick([...hidden]);
      if (random() < 0.15 && saved !== undefined) {
        history.pass(60_000);
        await history.take(saved, false);
        hidden.delete(saved);
      }
      for (const slug of ['all', 'few', 'even']) {
        const { entries, asked, repeated } = await history.walk(slug);
        const wanted = history.items.filter(({ name, title }) => !hidden.has(name) && (slug !== 'even' || /[02468]$/.test(title)));
        expect(namesOf(entries)).toEqual(wanted.map(({ name }) => name).toSorted());
        for (const { name, title, text } of wanted) expect(entries.get(`urn:x:${name}`)).toContain(`${title} ${text}`);
        expect(repeated).toEqual([]);
        for (const url of asked.slice(1)) {
          const bytes = await history.read(url, slug);
          expect(archives.get(url) ?? bytes).toBe(bytes);
          archives.set(url, bytes);
          for (const name of hidden) expect(bytes).not.toContain(`${name}word0 `);
        }
        const sizes = versionsIn(await history.document(slug)).length;
        expect(sizes).toBeLessThanOrEqual(2 * history.feedOf(slug).limit);
      }
    }
  },
);
