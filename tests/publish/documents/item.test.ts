import { expect, test } from 'vitest';
import type { Story } from '../../../src/model/story.ts';
import { toPublishedItem } from '../../../src/publish/documents/item.ts';
import type { ItemOptions, PublishedItem } from '../../../src/publish/documents/item.ts';
import { SEEN, site, toStory } from '../../support/story.ts';

const standard: ItemOptions = { siteUrl: site.url, content: 'lead', alsoPublished: 'footer', titlePrefix: false, updateNotes: true };

function check(story: Story, options: Partial<ItemOptions>, expected: Partial<PublishedItem>): void {
  expect(toPublishedItem(story, { ...standard, ...options })).toMatchObject(expected);
}

const footer = [{ title: 'Herald & "Sons"', url: 'https://herald.example.com/?a=1&b=2' }];
const line =
  '\n<p class="newsfold-also">Also published by <a href="https://herald.example.com/?a=1&amp;b=2">Herald &amp; &quot;Sons&quot;</a></p>';
const html = (text: string | null, said: object = {}) => toStory({ footer }, { revision: { html: text, ...said } });

test.each<[string, Story, Partial<ItemOptions>, Partial<PublishedItem>]>([
  ['the content with links to other copies below it', html('<p>x</p>'), {}, { content: `<p>x</p>${line}`, summary: null }],
  ['no line with alsoPublished: links', html('<p>x</p>'), { alsoPublished: 'links' }, { content: '<p>x</p>' }],
  [
    'a summary beside the content without the line',
    html('<p>x</p>', { summary: '<b>s</b>' }),
    {},
    { content: `<p>x</p>${line}`, summary: '<b>s</b>' },
  ],
  ['the summary alone with the line', html(null, { summary: '<b>s</b>' }), {}, { content: null, summary: `<b>s</b>${line}` }],
  ['the summary with content: summary', html('<p>x</p>', { summary: 's' }), { content: 'summary' }, { content: null, summary: `s${line}` }],
  [
    'a cut text when there is no summary',
    html('<p>x</p>', { text: 'a & b '.repeat(100) }),
    { content: 'summary', alsoPublished: 'none' },
    { content: null, summary: `<p>${'a &amp; b '.repeat(50).trim()}…</p>` },
  ],
  ['no script', html('<p onclick=x>x<script>y</script></p>'), { alsoPublished: 'none' }, { content: '<p>x</p>' }],
  [
    'links resolved against the address of the entry',
    html('<a href="/y">x</a>'),
    { alsoPublished: 'none' },
    { content: '<a href="https://coast.example.com/y">x</a>' },
  ],
])('an item has %s', (_, story, options, expected) => check(story, options, expected));

test("content: fullest takes the longest text among members of at least the lead's priority", () => {
  const texts = (priority: number) =>
    toStory(
      {},
      { revision: { text: 'short', html: 'short' } },
      { source: { id: 'b', priority }, revision: { text: 'much longer', html: 'much longer' } },
    );
  check(texts(50), { content: 'fullest' }, { content: 'much longer', title: 'Ferry returns' });
  check(texts(49), { content: 'fullest' }, { content: 'short' });
  check(texts(90), {}, { content: 'short' });
});

test.each([
  [{ title: 'A\u0000 & <b>' }, {}, 'A & <b>'],
  [{ title: ' \u0000 ', text: 'Words of the text' }, {}, 'Words of the text'],
  [{ title: '', text: 'word '.repeat(40) }, {}, `${'word '.repeat(16).trim()}…`],
  [{ title: '', text: '' }, {}, '(untitled)'],
  [{ title: 'A' }, { titlePrefix: true }, 'Coast Wire: A'],
])('%j with %j gives the title %j', (revision, options, title) => check(toStory({}, { revision }), options, { title }));

test.each([
  ['https://coast.example.com/x', 'https://coast.example.com/x'],
  [null, `${site.url}/stories/abcdefghijkl/`],
  ['javascript:alert(1)', `${site.url}/stories/abcdefghijkl/`],
  ['urn:isbn:1', `${site.url}/stories/abcdefghijkl/`],
])('an entry at %j gets the address %j', (url, expected) => check(toStory({}, { entry: { url } }), {}, { url: expected }));

test('related copies are named once each, if they have a web address', () => {
  const story = toStory(
    {},
    {},
    { entry: { url: 'https://herald.example.com/1' }, source: { id: 'herald', title: 'Herald' } },
    { entry: { url: 'https://herald.example.com/1' }, source: { id: 'again', title: 'Again' } },
    { entry: { url: 'https://coast.example.com/ferry' }, source: { id: 'same' } },
    { entry: { url: 'javascript:x' }, source: { id: 'bad' } },
    { entry: { url: null }, source: { id: 'local' } },
  );
  check(story, {}, { related: [{ title: 'Herald', url: 'https://herald.example.com/1' }] });
  check(story, { alsoPublished: 'links' }, { related: [{ title: 'Herald', url: 'https://herald.example.com/1' }] });
  expect(toPublishedItem(story, { ...standard, alsoPublished: 'none' }).related).toEqual([]);
});

test('an address that could run code is not published', () => {
  const bad = 'javascript:alert(1)';
  const item = toPublishedItem(
    toStory(
      {},
      {
        source: { feedUrl: bad, homePage: bad, feedId: bad },
        revision: {
          authors: [{ name: 'A', url: bad, email: null }],
          image: bad,
          enclosures: [
            { url: bad, type: null, length: null },
            { url: 'https://a.example.com/1', type: null, length: null },
          ],
        },
      },
    ),
    standard,
  );
  expect(item).toMatchObject({
    authors: [{ name: 'A', url: null }],
    image: null,
    enclosures: [{ url: 'https://a.example.com/1' }],
    source: { feedUrl: null, homePage: null },
  });
});

test.each([
  [
    'the id of the feed',
    { source: { feedId: 'tag:wire.example.com,2020:feed' } },
    {
      id: 'tag:wire.example.com,2020:feed',
      title: 'Coast Wire',
      feedUrl: 'https://wire.example.com/feed',
      homePage: 'https://wire.example.com/',
    },
  ],
  ['its address', {}, { id: 'https://wire.example.com/feed' }],
  [
    'its address on our page when its id is invalid',
    { source: { feedId: 'feed', feedUrl: null } },
    { id: `${site.url}/sources/#coast`, feedUrl: null },
  ],
  [
    'the feed that the entry names as its origin',
    { entry: { origin: { id: 'tag:o.example.com,2020:1', title: 'O', url: 'https://o.example.com/feed' } } },
    { id: 'tag:o.example.com,2020:1', title: 'O', feedUrl: 'https://o.example.com/feed', homePage: null },
  ],
  [
    'no address of the planet for an origin without one',
    { entry: { origin: { id: 'tag:o.example.com,2020:1', title: 'O', url: null } } },
    { id: 'tag:o.example.com,2020:1', feedUrl: null },
  ],
])('atom:source has %s', (_, words, expected) => expect(toPublishedItem(toStory({}, words), standard).source).toMatchObject(expected));

test('an undated entry has no publication date', () => {
  const item = toPublishedItem(toStory({ published: null, updated: SEEN }, { revision: { published: null } }), standard);
  expect(item).toMatchObject({ published: null, updated: SEEN, source: { updated: SEEN } });
});

test('no address of a private source is published, neither of a lead nor of another member', () => {
  const secret = {
    id: 'inner',
    private: true,
    feedId: 'https://inner.example.com/?key=secret',
    homePage: 'https://inner.example.com/',
    feedUrl: null,
  };
  const beside = toPublishedItem(toStory({}, {}, { source: { ...secret }, entry: { url: 'https://inner.example.com/y' } }), standard);
  expect(beside.related).toEqual([]);
  const led = toPublishedItem(toStory({}, { source: secret }), standard);
  expect(led.source).toMatchObject({ id: `${site.url}/sources/#inner`, feedUrl: null, homePage: null });
});
