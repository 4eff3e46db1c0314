import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hideStory, mergeStories, splitStory } from '../../src/run/corrections/corrections.ts';
import type { Feed } from '../../src/model/feed.ts';
import type { SourceDeclaration } from '../../src/model/source.ts';
import type { Story } from '../../src/model/story.ts';
import { createReadiness } from '../../src/views/readiness.ts';
import { readHealth } from '../../src/views/feed-health.ts';
import { readSourcesView } from '../../src/views/sources.ts';
import { readStoryList, readTags } from '../../src/views/stories.ts';
import { createFrame } from '../../src/serve/pages/frame/frame.ts';
import { storyPage } from '../../src/serve/pages/story/story.ts';
import { toStoryDetail } from '../../src/serve/routes/story-detail.ts';
import { readStoryAnswer } from '../../src/views/story.ts';
import { declare, openWorkbench } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';
import { site, toFeed } from '../support/story.ts';

const DAY = 86_400_000;
const inner = toFeed({ slug: 'inner', isDefault: false, private: true, token: 'x', sources: ['inner'] });
const first = { page: 1, source: null, tag: null, query: '' };
let bench: Workbench;
let declarations: SourceDeclaration[] = [];
const context = () => ({ store: bench.store, clock: { now: () => bench.now }, feeds: bench.feeds });
const nobody = () => false;
const never = async () => false;
const correcting = () => ({
  ...context(),
  checkConfig: async () => undefined,
  holder: { command: 'test', pid: 1, host: 'here' },
  settings: { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 14 * DAY } },
});

/** A feed file, read by the next run. */
function write(id: string, items: readonly (readonly [title: string, text: string, at: Date])[]): void {
  const written = items.map(
    ([title, text, at]) =>
      `<item><title>${title}</title><link>https://${id}.test/${encodeURIComponent(title)}</link><pubDate>${at.toUTCString()}</pubDate><description>${text}</description></item>`,
  );
  bench.write(
    `${id}.xml`,
    `<rss version="2.0"><channel><title>${id}</title><link>https://${id}.test/</link><description>d</description>${written.join('')}</channel></rss>`,
  );
}

async function storyOf(title: string): Promise<Story | undefined> {
  const stories = await bench.stories();
  return stories.find(({ lead }) => lead.entry.revision.title === title);
}

async function keyOf(title: string): Promise<string> {
  return (await storyOf(title))?.key ?? '';
}

const text =
  'The ferry crossed the bay this morning under her own steam, with two hundred and twelve people and eleven dogs on board, and the band played.';

beforeEach(async () => {
  bench = await openWorkbench();
  bench.feeds = [toFeed({ sources: ['a', 'b'] }), inner];
  write('a', [
    ['Ferry crosses', text, bench.now],
    ['Alone', 'Of the mill and its wheel.', bench.now],
  ]);
  write('b', [['Ferry crosses the bay', `${text} It rained.`, bench.now]]);
  write('inner', [['Secret plan', 'Nobody shall know of the tunnel below the quay.', bench.now]]);
  declarations = ['a', 'b', 'inner'].map((id) => declare('file', join(bench.folder, `${id}.xml`), { id, tags: id === 'b' ? [] : [id] }));
  await bench.run(declarations);
});
afterEach(() => bench[Symbol.asyncDispose]());

test('lists what stands in the feeds that are asked for, and nothing else', async () => {
  const titlesOf = async (feeds: readonly Feed[], said: Partial<typeof first> | object) =>
    (await readStoryList(context(), feeds, { ...first, ...said }))?.headlines.map(({ title }) => title).toSorted() ?? null;
  const [all] = bench.feeds;
  if (!all) throw new Error('no feed');
  expect(await titlesOf([all], {})).toEqual(['Alone', 'Ferry crosses']);
  expect(await titlesOf([all, inner], {})).toEqual(['Alone', 'Ferry crosses', 'Secret plan']);
  expect(await titlesOf([all], { query: 'tunnel' })).toEqual([]);
  expect(await titlesOf([inner], { query: 'TUNNEL' })).toEqual(['Secret plan']);
  expect(await titlesOf([all], { source: 'b' })).toEqual(['Ferry crosses']);
  expect(await titlesOf([all], { source: 'b', tag: 'a' })).toEqual([]);
  expect(await titlesOf([all], { tag: 'a' })).toEqual(['Alone', 'Ferry crosses']);
  expect(await titlesOf([all], { tag: 'none' })).toBeNull();
  expect(await titlesOf([all], { page: 2 })).toBeNull();
  // Nothing but words that are too short is no question for everything.
  expect(await readStoryList(context(), [all], { ...first, query: 'a' })).toMatchObject({ headlines: [], ignored: ['a'] });
  expect(await readTags(context(), all)).toEqual(['a']);
});

test('shows a story that only a private feed has to those who may read that feed alone', async () => {
  const key = await keyOf('Secret plan');
  expect(await readStoryAnswer(context(), key, nobody)).toEqual({ kind: 'unknown' });
  expect(await readStoryAnswer(context(), key, (feed) => feed.slug === 'inner')).toMatchObject({
    kind: 'shown',
    view: { isPublic: false },
  });
  bench.feeds = bench.feeds.slice(0, 1);
  expect(await readStoryAnswer(context(), key, () => true)).toEqual({ kind: 'unknown' });
});

test('a page that names a related story of a private feed is as private as that story', async () => {
  const [open, secret] = [await storyOf('Alone'), await storyOf('Secret plan')];
  const verdict = { label: 'related' as const, score: 0.5, why: [], rules: 'test', signals: null };
  const relations = [{ entryNo: open?.no ?? 0, otherNo: secret?.no ?? 0, verdict }];
  await bench.store.saveFolds({ placements: [], merges: [], relations, prepared: [], decided: [] }, bench.now);
  const seen = async (mayRead: (feed: Feed) => boolean) => {
    const answer = await readStoryAnswer(context(), open?.key ?? '', mayRead);
    return answer.kind === 'shown' ? [answer.view.isPublic, answer.view.related.map(({ title }) => title)] : [answer.kind];
  };
  expect(await seen(nobody)).toEqual([true, []]);
  expect(await seen((feed) => feed.slug === 'inner')).toEqual([false, ['Secret plan']]);
});

test('answers what only a private feed has had like what never was, to those who may not see it', async () => {
  const inside = (feed: Feed) => feed.slug === 'inner';
  const secret = await storyOf('Secret plan');
  const keys = [secret?.key ?? '', secret?.members[0]?.entry.key ?? ''];
  const answers = async (mayRead: (feed: Feed) => boolean) => {
    const all = [];
    for (const key of keys) all.push((await readStoryAnswer(context(), key, mayRead)).kind);
    return all;
  };
  const all = bench.feeds.slice(0, 1);
  expect(await answers(nobody)).toEqual(['unknown', 'unknown']);
  expect(await answers(inside)).toEqual(['shown', 'moved']);
  expect(await readStoryList(context(), all, { ...first, tag: 'inner' })).toBeNull();
  expect((await readStoryList(context(), [inner], { ...first, tag: 'inner' }))?.headlines).toHaveLength(1);
  await hideStory(correcting(), keys[0] ?? '', { isHidden: true });
  expect(await answers(nobody)).toEqual(['unknown', 'unknown']);
  expect(await answers(inside)).toEqual(['gone', 'moved']);
});

test('shows a summary alone where every feed that the reader may see says so', async () => {
  const [all] = bench.feeds;
  const short = toFeed({ slug: 'short', isDefault: false, sources: ['a'], content: 'summary' });
  const closed = toFeed({ slug: 'closed', isDefault: false, private: true, token: 'x', sources: ['a'] });
  if (!all) throw new Error('no feed');
  const key = await keyOf('Alone');
  const isSummary = async (mayRead: (feed: Feed) => boolean) => {
    const answer = await readStoryAnswer(context(), key, mayRead);
    return answer.kind === 'shown' ? answer.view.isSummary : answer.kind;
  };
  bench.feeds = [short, closed];
  await bench.run(declarations);
  expect([await isSummary(nobody), await isSummary((feed) => feed === closed)]).toEqual([true, false]);
  bench.feeds = [all, short];
  await bench.run(declarations);
  expect(await isSummary(nobody)).toBe(false);
  write('a', [['Alone', `&lt;p&gt;${'Of the mill and its wheel. '.repeat(30)}&lt;/p&gt;`, bench.now]]);
  bench.now = new Date(bench.now.getTime() + DAY);
  await bench.run(declarations);
  const excerptsOf = async (feed: Feed) => (await readStoryList(context(), [feed], first))?.headlines.map(({ excerpt }) => excerpt.length);
  expect(await excerptsOf(short)).toContain(300);
  expect(await excerptsOf(all)).toContain(600);
});

test('explains a folded story by what was compared, and what would have had to differ', async () => {
  const answer = await readStoryAnswer(context(), await keyOf('Ferry crosses'), nobody);
  if (answer.kind !== 'shown') throw new Error(answer.kind);
  const { story, comparedWith, whatIf } = answer.view;
  const [founder, joiner] = story.members.map(({ entry }) => entry.no);
  expect([...comparedWith]).toEqual([[joiner, 'a']]);
  expect(comparedWith.has(founder ?? 0)).toBe(false);
  for (const words of whatIf.get(joiner ?? 0) ?? []) expect(words).toMatch(/^apart if .+ \(0\.\d\d\)$/);
});

test('a story has one beginning, also when what others were compared with was taken out of it', async () => {
  write('inner', [['Ferry crosses', `${text} It snowed.`, bench.now]]);
  bench.now = new Date(bench.now.getTime() + DAY);
  await bench.run(declarations);
  const story = await storyOf('Ferry crosses');
  expect(story?.members).toHaveLength(3);
  await splitStory(correcting(), story?.key ?? '', story?.members[0]?.entry.key ?? '');
  const left = (await bench.stories()).find(({ members }) => members.length === 2);
  const answer = await readStoryAnswer(context(), left?.key ?? '', nobody);
  if (answer.kind !== 'shown') throw new Error(answer.kind);
  expect(toStoryDetail(answer.view).members.map(({ verdict }) => verdict)).toEqual(['first', 'same']);
  const page = String(await storyPage(createFrame(site, bench.feeds, { at: bench.now }), answer.view));
  expect(page.match(/The story began with it/g)).toHaveLength(1);
  const shown = async (said: { readonly takesCalls?: boolean; readonly isStatic?: boolean }) =>
    String(await storyPage(createFrame(site, bench.feeds, { at: bench.now, ...said }), answer.view)).match(
      /(curl -X POST|curl|newsfold hide)/g,
    );
  expect(await shown({ takesCalls: true })).toContain('curl -X POST');
  expect(await shown({})).toEqual(['newsfold hide', 'curl']);
  expect(await shown({ isStatic: true })).toEqual(['newsfold hide']);
  expect(page).toContain('Compared with an entry that stands here no more');
});

test('leads from a merged story to the one it has become, and from an entry to its story', async () => {
  const [ferry, alone] = [await keyOf('Ferry crosses'), await keyOf('Alone')];
  const story = (await bench.stories()).find(({ key }) => key === ferry);
  const entry = story?.members[1]?.entry.key ?? '';
  expect(await readStoryAnswer(context(), entry, nobody)).toEqual({ kind: 'moved', key: ferry });
  await mergeStories(correcting(), ferry, alone);
  const answers = [await readStoryAnswer(context(), ferry, nobody), await readStoryAnswer(context(), alone, nobody)];
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['moved', 'shown']);
  await splitStory(correcting(), ferry, entry);
  expect((await readStoryAnswer(context(), ferry, nobody)).kind).not.toBe('unknown');
});

test('says that a story is gone which was taken down, and nothing of one that never was', async () => {
  const key = await keyOf('Alone');
  await hideStory(correcting(), key, { isHidden: true });
  expect(await readStoryAnswer(context(), key, nobody)).toEqual({ kind: 'gone' });
  expect(await readStoryAnswer(context(), 'nevernevernv', nobody)).toEqual({ kind: 'unknown' });
  expect(await readStoryAnswer(context(), '\0', nobody)).toEqual({ kind: 'unknown' });
});

test('shows the sources of the feeds that are asked for, without paths of this machine', async () => {
  rmSync(join(bench.folder, 'a.xml'));
  bench.now = new Date(bench.now.getTime() + DAY);
  await bench.run(declarations);
  const view = await readSourcesView(context(), bench.feeds.slice(0, 1));
  expect(view.sources.map(({ title }) => title)).toEqual(['a', 'b']);
  const [a, b] = view.sources;
  expect(a?.problem).toContain('a.xml');
  expect(a?.problem).not.toContain(bench.folder);
  expect([b?.days.at(-2), b?.days.at(-1), b?.days.length]).toEqual([1, 0, 60]);
  expect(view.feeds).toMatchObject([{ slug: 'all', standing: 2, problem: null }]);
  expect(view.lastRunAt).toEqual(bench.now);
});

test('the last page of a search leads to no other, and says that there is more', async () => {
  write(
    'b',
    Array.from({ length: 1001 }, (_, n) => [`Tide ${n}`, `Mark ${'xyz'.repeat(n % 90)}${n}`, bench.now] as const),
  );
  await bench.run(declarations.map((declaration) => ({ ...declaration, fold: false })));
  const read = async (page: number) => {
    const view = await readStoryList(context(), bench.feeds.slice(0, 1), { ...first, query: 'tide', page });
    return view && [view.headlines.length, view.hasMore, view.isCut];
  };
  expect(await read(19)).toEqual([50, true, false]);
  expect(await read(20)).toEqual([50, false, true]);
});

test('tells nothing of where the files of a private source lie', async () => {
  declarations = [declare('file', join(bench.folder, 'hidden.xml'), { id: 'a', private: true })];
  await bench.run(declarations);
  const view = await readSourcesView(context(), bench.feeds);
  expect(view.sources[0]?.problem).toContain('(');
  expect(view.sources[0]?.problem).not.toMatch(/hidden|xml/);
});

test('warns of a feed that has gone silent against its own rhythm, and of one that lost most of its stories', async () => {
  const daily = Array.from(
    { length: 12 },
    (_, day) => [`Day ${day}`, `Text number ${day} of ${'xyz'.repeat(day + 1)}`, new Date(bench.now.getTime() - day * DAY)] as const,
  );
  write('b', daily);
  await bench.run(declarations);
  const problemOf = async () => (await readHealth(context())).find(({ slug }) => slug === 'all')?.problem ?? null;
  expect(await problemOf()).toBeNull();
  bench.now = new Date(bench.now.getTime() + 3 * DAY);
  expect(await problemOf()).toBeNull();
  bench.now = new Date(bench.now.getTime() + DAY);
  expect(await problemOf()).toEqual({ code: 'output/stale', message: 'nothing new for 4 days; its longest pause before was a day' });
  for (const { key } of await bench.stories()) await hideStory(correcting(), key, { isHidden: true });
  expect(await problemOf()).toMatchObject({
    code: 'output/shrunk',
    message: expect.stringMatching(/^1\d of its 1\d stories left it within a day$/),
  });
  bench.now = new Date(bench.now.getTime() + 2 * DAY);
  expect((await problemOf())?.code).not.toBe('output/shrunk');
});

test('takes no change of rules for a loss, nor what is held back for silence', async () => {
  const days = (from: number) =>
    Array.from(
      { length: 12 },
      (_, day) => [`Day ${from + day}`, `Text ${'xyz'.repeat(from + day)}`, new Date(bench.now.getTime() - day * DAY)] as const,
    );
  write('b', days(1));
  await bench.run(declarations);
  const problems = async () => (await readHealth(context())).map(({ slug, problem }) => [slug, problem?.code ?? null]);
  bench.now = new Date(bench.now.getTime() + DAY);
  bench.feeds = [toFeed({ sources: ['a'] }), inner];
  await bench.run(declarations);
  expect(await problems()).toEqual([
    ['all', null],
    ['inner', null],
  ]);
  bench.feeds = [toFeed({ sources: ['a', 'b'], holdBackMs: 7 * DAY })];
  for (let day = 0; day < 10; day++) {
    bench.now = new Date(bench.now.getTime() + DAY);
    write('b', [[`Later ${day}`, `Word ${'abc'.repeat(day)}`, bench.now]]);
    await bench.run(declarations);
  }
  expect(await problems()).toEqual([['all', null]]);
});

test('tells the public of a private feed no more than that it has a fault', async () => {
  write(
    'inner',
    Array.from({ length: 8 }, (_, n) => [`Secret ${n}`, `Text ${'xyz'.repeat(n)}`, bench.now] as const),
  );
  await bench.run(declarations);
  for (const { key, lead } of await bench.stories()) if (lead.source.id === 'inner') await hideStory(correcting(), key, { isHidden: true });
  expect(await createReadiness(context(), null, never)()).toEqual(['a private feed has a fault']);
});

test('is ready once something is published, while runs are not overdue, and what is published is well', async () => {
  const ready = createReadiness(context(), 600_000, never);
  const unscheduled = createReadiness(context(), null, never);
  expect(await ready()).toEqual([]);
  bench.now = new Date(bench.now.getTime() + 61 * 60_000);
  expect(await ready()).toEqual(['the last run is overdue']);
  expect(await unscheduled()).toEqual([]);
  // A server that was away has missed nothing yet.
  expect(await createReadiness(context(), 600_000, never)()).toEqual([]);
  await bench.run(declarations);
  expect(await ready()).toEqual([]);
  await using empty = await openWorkbench();
  expect(await createReadiness({ ...context(), store: empty.store }, null, never)()).toEqual(['nothing has been published yet']);
});
