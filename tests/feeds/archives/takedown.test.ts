import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Story } from '../../../src/model/story.ts';
import { mergeStories, splitStory } from '../../../src/run/corrections/corrections.ts';
import { renderStoredArchive } from '../../../src/feeds/render-documents.ts';
import { DAY, HOUR, namesOf, openHistory, toItem } from '../../support/history.ts';
import type { HistoryBench } from '../../support/history.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

test('a story taken down while another process makes an archive is missing from that archive', async () => {
  history.use({ limit: 10 });
  for (let n = 0; n < 35; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  const { bench } = history;
  let times = 0;
  // Its contents have been read by now.
  const makeArchive: typeof bench.store.makeArchive = async (...archive) => {
    if (times++ === 0) await history.take('s34', true);
    return bench.store.makeArchive(...archive);
  };
  const context = { ...history.rendering(), store: { ...bench.store, makeArchive } };
  const made = new TextDecoder().decode((await renderStoredArchive(context, history.feedOf(), 1))?.bytes);
  expect([times, made.includes('s33word0 '), made.includes('s34word0 ')]).toEqual([2, true, false]);
  expect(await history.read('/archive/1.atom')).toBe(made);
});

test('a pruned story can be taken down by its id as long as an archive contains it', async () => {
  history.use({ limit: 2 });
  const { bench } = history;
  bench.retention = { days: 10, perSource: null };
  for (let n = 0; n < 40; n++) {
    history.items.splice(0, Math.max(0, history.items.length - 4));
    history.add(`s${n}`, history.ago(0));
    await history.run();
    await history.walk();
    history.pass(DAY);
  }
  expect((await bench.stories()).map(({ id }) => id)).not.toContain('urn:x:s0');
  expect(await history.read('/archive/1.atom')).toContain('s0word0 ');
  await history.take('urn:x:s0', true);
  const after = await history.read('/archive/1.atom');
  expect(after).not.toContain('s0word0 ');
  await expect(history.take('urn:x:s0', true)).rejects.toThrow('isDone');
});

test.each<[string, (story: Story) => string]>([
  ['entry', (story) => story.lead.entry.key],
  ['story', (story) => story.key],
])('the %s that was split from a story and is taken down is cut out of archives of that story', async (_, toKey) => {
  history.use({ limit: 10 });
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  const { bench } = history;
  const settings = { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 14 * DAY } };
  const holder = { command: 'test', pid: 1, host: 'here' };
  const context = { ...history.rendering(), settings, checkConfig: async () => undefined, holder };
  const find = async (name: string): Promise<Story> => {
    const story = (await bench.stories()).find(({ id }) => id === `urn:x:${name}`);
    if (!story) throw new Error(`there is no story of ${name}`);
    return story;
  };
  const [kept, joined] = [await find('s20'), await find('s21')];
  await mergeStories(context, kept.key, joined.key);
  await history.walk();
  const readArchives = async () => Promise.all((await bench.store.readMadeArchives('all')).map((n) => history.read(`/archive/${n}.atom`)));
  expect((await readArchives()).join('')).toContain('https://a.test/s21');
  await splitStory(context, kept.key, joined.lead.entry.key);
  const names = namesOf((await history.walk()).entries);
  history.pass(HOUR);
  await history.take(toKey(await find('s21')), true);
  const after = await history.walk();
  expect((await readArchives()).join('')).not.toContain('https://a.test/s21');
  expect(namesOf(after.entries)).toEqual(names.filter((name) => name !== 's21'));
  expect(after.entries.get('urn:x:s20')).toContain('s20word0 ');
});

test('an entry that is taken down leaves the documents and archives of a story that it has left', async () => {
  history.use({ limit: 10 });
  const shared = toItem('shared', history.ago(40 * HOUR));
  for (let n = 0; n < 25; n++) history.add(`s${n}`, history.ago(n * HOUR));
  const sources = [history.toSource('a', [...history.items, shared]), history.toSource('b', [{ ...shared, name: 'twin' }])];
  await history.run(sources);
  const { bench } = history;
  const before = await history.walk();
  const story = (await bench.stories()).find(({ id }) => id === 'urn:x:shared');
  const other = story?.members.find(({ entry }) => entry.sourceId === 'b')?.entry;
  if (!other) throw new Error('both entries are one story');
  const verdict = { label: 'different' as const, score: 0, why: [], rules: 'x', signals: null };
  // As `newsfold refold` does it: without a pin of the owner.
  await bench.store.moveEntries([{ entryNo: other.no, storyNo: other.no, comparedWith: null, verdict }], [], bench.now);
  await history.run(sources);
  history.pass(HOUR);
  await history.take(other.key, true);
  const after = await history.walk();
  for (const url of after.asked) expect(await history.read(url)).not.toContain('b.test/twin');
  expect(namesOf(after.entries)).toEqual(namesOf(before.entries));
});
