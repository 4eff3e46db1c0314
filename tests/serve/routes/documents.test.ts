import { expect, test } from 'vitest';
import type { Document, Feed } from '../../../src/model/feed.ts';
import { createSiteDocuments } from '../../../src/serve/documents.ts';

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const feed = { slug: 'all' } as Feed;
const make = (tag: string) => [{ slug: 'all', format: 'atom', tag } as Document];

test('old documents are served until the new ones are rendered', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly Document[]>();
  const cache = createSiteDocuments(make('old'), () => promise, log);
  const refreshed = cache.refresh();
  expect((await cache.read(feed, 'atom')).tag).toBe('old');
  resolve(make('new'));
  await refreshed;
  expect((await cache.read(feed, 'atom')).tag).toBe('new');
});

test('calls during a rendering start one more rendering after it', async () => {
  let rendered = 0;
  const cache = createSiteDocuments(make('0'), async () => make(String(++rendered)), log);
  await Promise.all([cache.refresh(), cache.refresh(), cache.refresh()]);
  expect(rendered).toBe(2);
  await cache.refresh();
  expect((await cache.read(feed, 'atom')).tag).toBe('3');
});

test('a failed rendering leaves the old documents, and the next one replaces them', async () => {
  let isBroken = true;
  const render = async () => {
    if (isBroken) throw new Error('the thread died');
    return make('new');
  };
  const cache = createSiteDocuments(make('old'), render, log);
  expect(await cache.refresh()).toBe(false);
  expect((await cache.read(feed, 'atom')).tag).toBe('old');
  isBroken = false;
  expect(await cache.refresh()).toBe(true);
  expect((await cache.read(feed, 'atom')).tag).toBe('new');
});
