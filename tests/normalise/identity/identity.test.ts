import { expect, test } from 'vitest';
import { identifyItems } from '../../../src/normalise/identity/identity.ts';
import type { ParsedItem } from '../../../src/model/parsed.ts';
import { parseFeed } from '../../../src/parse/parse.ts';
import { makeItem } from '../../support/item.ts';

/** Compares identities; `#` is a content hash, `title` a hash of title and date. */
function check(items: readonly Partial<ParsedItem>[], expected: readonly string[]): void {
  expect(
    identifyItems({ items: items.map(makeItem) }).items.map(({ identity }) =>
      identity.replace(/^sha256:[0-9a-f]{64}$/, '#').replace(/^title:[0-9a-f]{64}$/, 'title'),
    ),
  ).toEqual(expected);
}

test.each<[string, Partial<ParsedItem>[], string[]]>([
  ['the guid as sent, spaces and case kept', [{ guid: 'Tag:A b', url: 'https://a.blog/1' }], ['Tag:A b']],
  ['else the link', [{ url: 'https://a.blog/1?utm_source=x' }], ['https://a.blog/1?utm_source=x']],
  ['else title and date', [{ title: 'One' }, { title: 'Two' }], ['title', 'title']],
  ['else the content', [{ title: '' }, { title: 'Two' }, { title: 'Two', html: 'x' }], ['#', '#', '#']],
  [
    'the link when several items have one guid',
    [
      { guid: 'x', url: 'https://a.blog/1' },
      { guid: 'x', url: 'https://a.blog/2', title: 'Two' },
    ],
    ['https://a.blog/1', 'https://a.blog/2'],
  ],
  [
    'title and date when several items have one link',
    [
      { url: 'https://a.blog/', title: 'One' },
      { url: 'https://a.blog/', title: 'Two' },
    ],
    ['title', 'title'],
  ],
  [
    'one item for two that differ only in the tracking of their address',
    [
      { guid: 'https://a.blog/1?utm_source=x', url: 'https://a.blog/1?utm_source=x' },
      { guid: 'https://a.blog/1?utm_source=y', url: 'https://a.blog/1?utm_source=y' },
    ],
    ['https://a.blog/1?utm_source=x'],
  ],
  [
    'title and date when the link is the id of another item',
    [
      { guid: 'https://a.blog/1', title: 'One' },
      { url: 'https://a.blog/1', title: 'Two' },
    ],
    ['https://a.blog/1', 'title'],
  ],
  ['one item for two that are equal', [{ guid: 'x' }, { guid: 'x' }], ['x']],
  ['the hash of a guid that no index could hold', [{ guid: 'x'.repeat(3000) }], ['#']],
  [
    'the path of a local file, or the id of its front matter',
    [{ location: 'a/b.txt' }, { location: 'c.md', guid: 'mine' }],
    ['a/b.txt', 'mine'],
  ],
])('an identity is %s', (_, items, expected) => check(items, expected));

test('a repeated id is a problem of each item', () => {
  const { problems } = identifyItems({ items: [makeItem({ guid: 'x', title: 'One' }), makeItem({ guid: 'x', title: 'Two' })] });
  expect(problems.map((problem) => problem.code)).toEqual(['entry/repeated-id', 'entry/repeated-id']);
});

test('the content hash of an entry stays the same in every version of Newsfold', async () => {
  const xml = '<rss version="2.0"><channel><title>a</title><item><description>Only a text.</description></item></channel></rss>';
  const parsed = await parseFeed({ bytes: Buffer.from(xml), contentType: null, url: 'https://a.test/feed' });
  const items = parsed.kind === 'feed' ? parsed.feed.items : [];
  // This value is in existing stores: one more parsed field would publish every such entry again.
  expect(identifyItems({ items }).items[0]?.identity).toBe('sha256:7d3585337301b2e3cb8447aa8c664c3dcd0d1ac502cee2a50686e3ad64e2d336');
});
