import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DocumentFormat } from '../../../src/model/feed.ts';
import type { Story } from '../../../src/model/story.ts';
import type { DocumentContext } from '../../../src/publish/documents/document.ts';
import { toPublishedItem } from '../../../src/publish/documents/item.ts';
import { toXmlChars } from '../../../src/publish/html/xml-text.ts';
import { renderStories, site, toContext, toFeed, toStory } from '../../support/story.ts';
import { all, parseStrictly, textAt } from '../../support/strict-xml.ts';
import { cases } from '../../support/scale.ts';

const write = (format: DocumentFormat, stories: readonly Story[], context: Partial<DocumentContext> = {}) =>
  new TextDecoder().decode(renderStories(stories, format, toContext(context)).bytes);
const readAtom = (stories: readonly Story[], context: Partial<DocumentContext> = {}) => parseStrictly(write('atom', stories, context));
const readItems = (stories: readonly Story[]) => all(all(parseStrictly(write('rss', stories)), 'channel')[0], 'item');

interface JsonFeed {
  readonly [key: string]: unknown;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}
const readJson = (stories: readonly Story[], context: Partial<DocumentContext> = {}) =>
  JSON.parse(write('json', stories, context)) as JsonFeed;

/** Checks a story that has one text in all fields, in every format. */
function check(text: string): void {
  const url = `https://a.example.com/?${text}`;
  const story = toStory(
    { id: text },
    {
      entry: { url, language: text, origin: { id: text, title: text, url } },
      source: { title: text, tags: [text] },
      revision: {
        title: `T${text}T`,
        html: text,
        summary: text,
        authors: [{ name: text, url, email: null }],
        categories: [text],
        enclosures: [{ url, type: text, length: 1 }],
        image: url,
        rights: text,
      },
    },
    { entry: { url: `${url}2` }, source: { id: 'b', title: text } },
  );
  const kept = toXmlChars(text);
  // item.test.ts tests the text of an item. Here every format must carry it unchanged, whatever its
  // characters.
  const item = toPublishedItem(story, {
    siteUrl: site.url,
    content: 'lead',
    alsoPublished: 'footer',
    titlePrefix: false,
    updateNotes: true,
  });
  const title = toXmlChars(item.title);
  const [author] = item.authors;
  const addresses = { url: item.url, image: item.image, enclosure: item.enclosures[0], related: item.related[0] };
  for (const address of [item.url, addresses.enclosure?.url, author?.url ?? item.url, addresses.related?.url])
    expect(address).toMatch(/^https:[\x21-\x7e]+$/);
  const context = {
    feed: toFeed({ title: text }),
    site: { ...site, title: text, description: text, author: { name: text, email: null, url: null } },
  };
  const feed = readAtom([story, story], context);
  expect([textAt(feed, 'title'), textAt(feed, 'subtitle'), textAt(feed, 'author', 'name')]).toEqual([kept, kept, kept]);
  expect(all(feed, 'entry')).toHaveLength(2);
  for (const entry of all(feed, 'entry')) {
    const fields = ['id', 'title', 'rights'].map((name) => textAt(entry, name));
    expect(fields).toEqual([kept, title, item.rights]);
    expect([textAt(entry, 'author', 'name'), textAt(entry, 'author', 'uri')]).toEqual([author?.name, author?.url ?? null]);
    expect(textAt(entry, 'source', 'title')).toBe(item.source.title);
    expect(all(entry, 'category').map((category) => category.attributes['term'])).toEqual(item.categories);
    const hrefs = all(entry, 'link').map((link) => link.attributes['href']);
    expect(hrefs).toEqual([addresses.url, addresses.enclosure?.url, addresses.related?.url]);
  }
  for (const element of readItems([story, story])) {
    const texts = ['title', 'link', 'guid', 'dc:creator', 'source'].map((name) => textAt(element, name));
    expect(texts).toEqual([title, addresses.url, kept, author?.name, item.source.title]);
    expect(all(element, 'category').map((category) => category.text)).toEqual(item.categories);
    expect(all(element, 'enclosure')[0]?.attributes).toMatchObject({ url: addresses.enclosure?.url });
  }
  const json = readJson([story, story], context);
  expect(json).toMatchObject({ title: kept, description: kept });
  for (const element of json.items) {
    expect(element).toMatchObject({
      id: kept,
      url: addresses.url,
      title,
      authors: [{ name: author?.name }],
      image: addresses.image,
    });
    expect(element['tags'] ?? []).toEqual(item.categories);
    expect(element['attachments']).toMatchObject([{ url: addresses.enclosure?.url, size_in_bytes: 1 }]);
  }
}

test.each([
  'abc123',
  ']]>',
  '<![CDATA[x]]>',
  '&amp;',
  '<b>&</b>',
  '"\'',
  '\u0000a\ud800',
  '$&$1$`',
  'urn:x-newsfold:0:title',
  '<![CDATA[urn:x-newsfold:1:extras]]>',
  '<entry>',
  '\r\n\t',
  '\ufffe😀',
])('%j survives in every field of every format', check);

test('every string survives in every field, and every document is well-formed', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc
          .array(fc.constantFrom(']]>', '&', '<', '"', '\ud800', '\u0000', '\r', 'urn:x-newsfold:', '0:', 'id', '$'))
          .map((parts) => `x${parts.join('')}`),
      ),
      check,
    ),
    { numRuns: cases(300) },
  );
});

test('B6: atom:source has id, title, updated and the addresses of the source', () => {
  const story = toStory(
    {},
    { source: { feedId: 'tag:wire.example.com,2020:feed' }, revision: { updated: new Date('2026-01-05T15:30:00Z') } },
  );
  const [source] = all(all(readAtom([story]), 'entry')[0], 'source');
  expect(source && ['id', 'title', 'updated'].map((name) => textAt(source, name))).toEqual([
    'tag:wire.example.com,2020:feed',
    'Coast Wire',
    '2026-01-05T15:30:00.000Z',
  ]);
  expect(all(source, 'link').map(({ attributes }) => [attributes['rel'], attributes['href']])).toEqual([
    ['self', 'https://wire.example.com/feed'],
    ['alternate', 'https://wire.example.com/'],
  ]);
  expect(textAt(readItems([story])[0] ?? { name: '', attributes: {}, children: [], text: '' }, 'source')).toBe('Coast Wire');
});

test.each(['atom', 'rss', 'json'] as const)('no placeholder is left in %s when fields are empty', (format) => {
  const bare = toContext({ site: { ...site, description: null, language: null } });
  const text = Buffer.from(
    renderStories([toStory({}, { revision: { html: null, summary: null, text: '' } })], format, bare).bytes,
  ).toString();
  expect(text).not.toContain('x-newsfold');
  if (format === 'json') expect(JSON.parse(text)).not.toHaveProperty('description');
});

test('an entry without an author has its source as author, never the site', () => {
  const [entry] = all(readAtom([toStory()]), 'entry');
  expect(entry && textAt(entry, 'author', 'name')).toBe('Coast Wire');
  expect(readItems([toStory()]).map((item) => textAt(item, 'dc:creator'))).toEqual(['Coast Wire']);
  expect(readJson([toStory()]).items[0]?.['authors']).toEqual([{ name: 'Coast Wire' }]);
  const [signed] = all(readAtom([toStory({}, { revision: { authors: [{ name: 'A', url: null, email: 'a@example.com' }] } })]), 'entry');
  expect(signed && [textAt(signed, 'author', 'name'), textAt(signed, 'source', 'author')]).toEqual(['A', null]);
});

test('an RSS item without a summary has the beginning of its text, escaped, as description', () => {
  const [item] = readItems([toStory({}, { revision: { text: 'A <script> & more', html: '<p>A &lt;script&gt; &amp; more</p>' } })]);
  expect(item && [textAt(item, 'description'), textAt(item, 'content:encoded')]).toEqual([
    'A &lt;script&gt; &amp; more',
    '<p>A &lt;script&gt; &amp; more</p>',
  ]);
});

test('the e-mail address of an author is never published', () => {
  const story = toStory({}, { revision: { authors: [{ name: 'A', url: null, email: 'a@example.com' }] } });
  for (const format of ['atom', 'rss', 'json'] as const) expect(write(format, [story])).not.toContain('a@example.com');
});

test('an id that is no URL is written unchanged', () => {
  const story = toStory({ id: 'abc123' });
  expect(textAt(readAtom([story]), 'entry', 'id')).toBe('abc123');
  expect(all(readItems([story])[0], 'guid')[0]).toMatchObject({ text: 'abc123', attributes: { isPermaLink: 'false' } });
  expect(readJson([story]).items[0]?.['id']).toBe('abc123');
});

test('published is written only if it is known', () => {
  const seen = new Date('2026-01-05T16:00:00Z');
  const undated = toStory({ published: null, updated: seen });
  expect([textAt(readAtom([undated]), 'entry', 'published'), textAt(readAtom([undated]), 'entry', 'updated')]).toEqual([
    null,
    seen.toISOString(),
  ]);
  expect(readJson([undated]).items[0]).toMatchObject({ date_modified: seen.toISOString() });
  expect(readJson([undated]).items[0]).not.toHaveProperty('date_published');
  expect(textAt(readAtom([toStory()]), 'entry', 'published')).toBe('2026-01-05T15:00:00.000Z');
});

test('Atom and JSON have all enclosures, and RSS has the first, since it allows one', () => {
  const enclosures = [
    { url: 'https://a.example.com/1.mp3', type: 'audio/mpeg', length: 5 },
    { url: 'https://a.example.com/2', type: null, length: null },
  ];
  const story = toStory({}, { revision: { enclosures } });
  const links = all(all(readAtom([story]), 'entry')[0], 'link').filter((link) => link.attributes['rel'] === 'enclosure');
  expect(links.map((link) => link.attributes)).toEqual([
    { rel: 'enclosure', href: 'https://a.example.com/1.mp3', type: 'audio/mpeg', length: '5' },
    { rel: 'enclosure', href: 'https://a.example.com/2' },
  ]);
  expect(readJson([story]).items[0]?.['attachments']).toEqual([
    { url: 'https://a.example.com/1.mp3', mime_type: 'audio/mpeg', size_in_bytes: 5 },
    { url: 'https://a.example.com/2', mime_type: 'application/octet-stream' },
  ]);
  expect(all(readItems([story])[0], 'enclosure').map((enclosure) => enclosure.attributes)).toEqual([
    { url: 'https://a.example.com/1.mp3', type: 'audio/mpeg', length: '5' },
  ]);
});

test('other copies of a story are linked and named below its text', () => {
  const story = toStory(
    { footer: [{ title: 'Herald', url: 'https://herald.example.com/1' }] },
    {},
    { entry: { url: 'https://herald.example.com/1' }, source: { id: 'herald', title: 'Herald' } },
  );
  const [entry] = all(readAtom([story]), 'entry');
  expect(all(entry, 'link').map(({ attributes }) => [attributes['rel'] ?? 'alternate', attributes['href']])).toEqual([
    ['alternate', 'https://coast.example.com/ferry'],
    ['related', 'https://herald.example.com/1'],
  ]);
  expect(all(entry, 'content')[0]).toMatchObject({
    attributes: { type: 'html' },
    text: expect.stringMatching(/<p class="newsfold-also">Also published by <a href="[^"]+">Herald<\/a><\/p>$/) as string,
  });
});

test('titles are plain text, and site and entries have their language', () => {
  const feed = readAtom([
    toStory({}, { entry: { language: 'pt-BR' }, revision: { title: 'a < b' } }),
    toStory({}, { entry: { language: null } }),
    toStory({}, { entry: { language: 'no language!' } }),
  ]);
  expect(feed.attributes['xml:lang']).toBe('en');
  const entries = all(feed, 'entry');
  expect(entries.map((entry) => entry.attributes['xml:lang'])).toEqual(['pt-BR', undefined, undefined]);
  expect(all(entries[0], 'title')[0]).toMatchObject({ text: 'a < b' });
  expect(['text', undefined]).toContain(all(entries[0], 'title')[0]?.attributes['type']);
  expect(readAtom([], { site: { ...site, language: null } }).attributes).not.toHaveProperty('xml:lang');
  expect(textAt(parseStrictly(write('rss', [])), 'channel', 'language')).toBe('en');
});

test('B6: rel=self is the address at which a document is served', () => {
  const planet = { ...site, url: 'https://x.example.com/planet' };
  const selfOf = (format: DocumentFormat, feed = toFeed()) => {
    const text = write(format, [], { feed, site: planet });
    if (format === 'json') return (JSON.parse(text) as JsonFeed)['feed_url'];
    const root = parseStrictly(text);
    const links = [...all(root, 'link'), ...all(all(root, 'channel')[0], 'atom:link')];
    return links.find((link) => link.attributes['rel'] === 'self')?.attributes['href'];
  };
  const tech = toFeed({ slug: 'tech', isDefault: false });
  for (const format of ['atom', 'rss', 'json'] as const) {
    expect(selfOf(format)).toBe(`https://x.example.com/planet/feed.${format}`);
    expect(selfOf(format, tech)).toBe(`https://x.example.com/planet/feeds/tech.${format}`);
  }
});
