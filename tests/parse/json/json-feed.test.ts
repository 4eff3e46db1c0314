import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonFeed } from '../../../src/parse/json/json-feed.ts';
import { toCompact } from '../compact.ts';

/** Expects fields of the first item, without null and empty ones; or of the whole feed. */
function check(item: unknown, expected: object, head: object = {}): void {
  const text = JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'T', items: [item], ...head });
  const result = parseJsonFeed(text, 'https://docs.example.com/feeds/feed.json');
  expect(result.kind).toBe('feed');
  if (result.kind === 'feed') expect(toCompact(result.feed.items[0])).toEqual({ titleType: 'unknown', title: '', ...expected });
}

test.each([
  ['an id that is no URL', { id: 'abc123' }, { guid: 'abc123' }],
  ['a number as id', { id: 7 }, { guid: '7' }],
  ['a link against the address of the document', { id: '1', url: 'a' }, { guid: '1', url: 'https://docs.example.com/feeds/a' }],
  ['external_url without url', { id: '1', external_url: 'https://b.example.com/' }, { guid: '1', url: 'https://b.example.com/' }],
  ['plain text as markup', { id: '1', content_text: 'a < b\n\nc & d\ne' }, { guid: '1', html: '<p>a &lt; b</p>\n<p>c &amp; d<br>e</p>' }],
  ['a summary as markup', { id: '1', summary: '<b>' }, { guid: '1', summary: '<p>&lt;b&gt;</p>' }],
  ['the author of version 1.0', { id: '1', author: { name: 'A' } }, { guid: '1', authors: [{ name: 'A' }] }],
  ['bad dates unchanged', { id: '1', date_published: 'soon', date_modified: 'later' }, { guid: '1', published: 'soon', updated: 'later' }],
  [
    'attachments without one that lacks an address',
    { id: '1', attachments: [{ mime_type: 'a/b' }, { url: '/x.mp3', mime_type: 'audio/mpeg' }] },
    { guid: '1', enclosures: [{ url: 'https://docs.example.com/x.mp3', type: 'audio/mpeg' }] },
  ],
])('reads %s', (_, item, expected) => check(item, expected));

test('resolves links against the home page, and items inherit the authors of the feed', () => {
  check(
    { id: '1', url: '/a', image: 'b.png' },
    { guid: '1', url: 'https://h.example.com/a', image: 'https://h.example.com/blog/b.png', authors: [{ name: 'F' }] },
    { home_page_url: 'https://h.example.com/blog/', authors: [{ name: 'F' }] },
  );
});

const HEAD = '"version":"https://jsonfeed.org/version/1.1","title":"T"';

test.each([
  ['a line end in a text', `{${HEAD},"items":[{"id":"1","title":"a\nb"}]}`, [{ guid: '1', title: 'a\nb' }]],
  ['extra commas', `{${HEAD},"items":[{"id":"1","title":"a",},],}`, [{ guid: '1', title: 'a' }]],
  ['an end missing in a text', `{${HEAD},"items":[{"id":"1","title":"a"},{"id":"2","ti`, [{ guid: '1', title: 'a' }, { guid: '2' }]],
  ['an end missing between items', `{${HEAD},"items":[{"id":"1","title":"a"},`, [{ guid: '1', title: 'a' }]],
  ['text behind the end', `{${HEAD},"items":[{"id":"1","title":"a"}]}\n<!-- x -->`, [{ guid: '1', title: 'a' }]],
])('repairs JSON with %s and reports it', (_, text, items) => {
  expect(parseJsonFeed(text, 'https://a.example.com/')).toMatchObject({
    kind: 'feed',
    feed: { items, problems: [{ code: 'json/repaired' }] },
  });
});

test('reads the pages of the head, and the end of the feed', () => {
  const text = `{${HEAD},"next_url":"?page=2","expired":true,"feed_url":"/feed.json","favicon":"a.ico","hubs":[{"type":"rssCloud","url":"https://cloud.example.com/"},{"type":"WebSub","url":"https://hub.example.com/"}],"items":[]}`;
  expect(parseJsonFeed(text, 'https://a.example.com/b/')).toMatchObject({
    feed: {
      nextPageUrl: 'https://a.example.com/b/?page=2',
      isExpired: true,
      selfUrl: 'https://a.example.com/feed.json',
      icon: 'https://a.example.com/b/a.ico',
      hubUrls: ['https://hub.example.com/'],
    },
  });
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['an object of another kind', '{"status":"error"}'],
  ['null', 'null'],
])('refuses %s with the reason', (_, text) => {
  expect(parseJsonFeed(text, 'https://a.example.com/')).toEqual({
    kind: 'refused',
    problem: {
      code: 'feed/not-json-feed',
      message: expect.stringMatching(/^this is not a JSON Feed \(.+\): check the address$/s) as string,
    },
  });
});

test('never throws on random JSON values in any field', () => {
  const fields = [
    'version',
    'title',
    'items',
    'authors',
    'author',
    'hubs',
    'home_page_url',
    'id',
    'url',
    'tags',
    'attachments',
    'summary',
    'content_text',
    'image',
  ];
  const object = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue());
  fc.assert(
    fc.property(object, fc.array(fc.oneof(object, fc.jsonValue())), (feed, items) => {
      const text = JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items, ...feed });
      expect(['feed', 'refused']).toContain(parseJsonFeed(text, 'https://a.example.com/').kind);
    }),
  );
});
