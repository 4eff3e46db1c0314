import { expect, test } from 'vitest';
import { createPageCache } from '../../../src/serve/routes/page-cache.ts';
import { toStory } from '../../support/story.ts';
import { shown } from '../../support/view.ts';
import { makeServer } from '../made-server.ts';

test('a page is rendered once for many requests, until something is published', async () => {
  const cache = createPageCache();
  let made = 0;
  const make = async () => ({ html: `page ${++made}`, isPublic: true });
  const all = await Promise.all(Array.from({ length: 5 }, () => cache.read('a', 1, make)));
  expect(all).toEqual(Array.from({ length: 5 }, () => ({ html: 'page 1', isPublic: true })));
  expect(await cache.read('a', 1, make)).toMatchObject({ html: 'page 1' });
  expect(await cache.read('b', 1, make)).toMatchObject({ html: 'page 2' });
  expect(await cache.read('a', 2, make)).toMatchObject({ html: 'page 3' });
});

test('only pages are kept, no failures, and no more than the limit', async () => {
  const cache = createPageCache();
  let asked = 0;
  for (let n = 0; n < 2; n++) await cache.read('gone', 1, async () => ({ kind: 'gone', asked: ++asked }));
  expect(asked).toBe(2);
  await expect(cache.read('a', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const large = async () => ({ html: 'x'.repeat(4_000_000), isPublic: true });
  for (const name of ['a', 'b', 'c']) await cache.read(name, 1, large);
  expect(await cache.read('a', 1, async () => ({ html: 'made anew', isPublic: true }))).toMatchObject({ html: 'made anew' });
  expect(await cache.read('c', 1, async () => ({ html: 'made anew', isPublic: true }))).not.toMatchObject({ html: 'made anew' });
});

test('a browser gets 304 without reading the story again; a private reader gets no page of others', async () => {
  let reads = 0;
  let published = 1;
  const app = makeServer({
    readPublished: async () => published,
    readStory: async () => {
      reads++;
      return shown(toStory());
    },
  });
  const first = await app.request('/stories/k/');
  const tag = first.headers.get('etag') ?? '';
  expect((await app.request('/stories/k/', { headers: { 'if-none-match': tag } })).status).toBe(304);
  expect(reads).toBe(1);
  published++;
  expect((await app.request('/stories/k/', { headers: { 'if-none-match': tag } })).status).toBe(304);
  expect(reads).toBe(2);
  const own = await app.request('/stories/k/?token=secret');
  expect(reads).toBe(3);
  expect(own.headers.get('cache-control')).toContain('private');
});

test('a long story is rendered in another thread, a short one here; a busy thread gives 503', async () => {
  const long = shown(toStory({}, { revision: { html: '<p>word</p>'.repeat(10_000) } }));
  const asked: string[] = [];
  const app = makeServer({
    readStory: async (key) => (key === 'long' ? long : shown(toStory())),
    showLong: {
      async page() {
        asked.push('page');
        return '<html>elsewhere</html>';
      },
      async detail() {
        asked.push('detail');
        return { key: 'elsewhere' };
      },
    },
  });
  expect(await (await app.request('/stories/short/')).text()).toContain('Ferry returns');
  expect(await (await app.request('/stories/long/')).text()).toBe('<html>elsewhere</html>');
  expect(await (await app.request('/api/v1/stories/long')).json()).toEqual({ key: 'elsewhere' });
  expect(asked).toEqual(['page', 'detail']);
});
