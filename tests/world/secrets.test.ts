import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStoryAnswer } from '../../src/views/story.ts';
import { readStoryList } from '../../src/views/stories.ts';
import { openHistory, toItem } from '../support/history.ts';
import type { HistoryBench } from '../support/history.ts';
import { findLeaks } from '../support/world/checks/secrets.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
  history.use({ sources: ['a'] }, { slug: 'inner', sources: ['b'], private: true, token: 'key' });
  history.add('open', history.ago(60_000));
  const inner = toItem('inner', history.ago(60_000), { text: 'The tunnel zyrkovia is dug at night below the old quay.' });
  await history.run([history.toSource('a', history.items), history.toSource('b', [inner], { private: true, title: 'B' })]);
});
afterEach(() => history[Symbol.asyncDispose]());

const views = () => ({ store: history.bench.store, clock: { now: () => history.bench.now }, feeds: history.bench.feeds });

test('a stranger finds no word of a private article and no address of a private source', async () => {
  expect(await findLeaks(history.rendering(), ['zyrkovia', history.bench.folder])).toEqual([]);
});

test('a private word in documents, pages, the API and files is reported', async () => {
  const { rendering } = history;
  const feeds = rendering().feeds.map((feed) => ({ ...feed, private: false }));
  const leaks = (await findLeaks({ ...rendering(), feeds }, ['zyrkovia'])).join('\n');
  for (const place of [
    '/feeds/inner.atom',
    '/feeds/inner.rss',
    '/feeds/inner.json',
    '/feeds/inner/',
    '/api/v1/stories',
    'the file /feeds/inner/',
  ])
    expect(leaks).toContain(place);
  expect(leaks).toMatch(/GET \/stories\/[a-z2-7]{12}\/ has “zyrkovia”/);
  expect(leaks).toMatch(/GET \/api\/v1\/stories\/[a-z2-7]{12} has “zyrkovia”/);
  expect(leaks).toContain('a search at /feeds/inner/ for “zyrkovia” finds something');
});

test('a page that shows a private story is reported, and so is a search that counts it', async () => {
  const [, inner] = history.bench.feeds;
  if (!inner) throw new Error('no feed');
  const page = await findLeaks(history.rendering(), ['zyrkovia'], { readStory: (key) => readStoryAnswer(views(), key, () => true) });
  expect(page).toContainEqual(expect.stringMatching(/^the answer to GET \/stories\//));
  const search = await findLeaks(history.rendering(), ['zyrkovia'], {
    readList: async (feeds, selection) => {
      const view = await readStoryList(views(), feeds, selection);
      const hidden = await readStoryList(views(), [inner], selection);
      return view && hidden && { ...view, hasMore: view.hasMore || (selection.query !== '' && hidden.headlines.length > 0) };
    },
  });
  expect(search).toContainEqual(expect.stringMatching(/^a search at \/ for “zyrkovia” finds something/));
  expect(search).toContainEqual(expect.stringMatching(/^a search at \/api\/v1\/stories for/));
});

test('a private word in health checks and sources is reported', async () => {
  const leaks = await findLeaks(history.rendering(), ['zyrkovia'], {
    checkReady: async () => ['the story of zyrkovia cannot be read'],
    readTags: async () => ['zyrkovia'],
  });
  expect(leaks).toContainEqual(expect.stringMatching(/GET \/readyz has/));
  expect(leaks).toContainEqual(expect.stringMatching(/GET \/ has/));
});
