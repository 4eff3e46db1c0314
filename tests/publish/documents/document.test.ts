import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { DocumentFormat, Feed } from '../../../src/model/feed.ts';
import type { Story } from '../../../src/model/story.ts';
import { formats } from '../../../src/publish/documents/document.ts';
import { toDocumentPath } from '../../../src/publish/documents/paths.ts';
import { renderStories, toContext, toFeed, toStory } from '../../support/story.ts';
import { all, parseStrictly, textAt } from '../../support/strict-xml.ts';

const stories = [
  toStory({ id: 'urn:x:1', updated: new Date('2026-01-05T15:00:00Z') }),
  toStory({ id: 'urn:x:2', updated: new Date('2026-01-07T15:00:00Z') }),
];

function render(format: DocumentFormat, of: readonly Story[] = stories) {
  return renderStories(of, format, toContext());
}

/** Checks a property of the document in every format. */
function check(toFound: (format: DocumentFormat) => unknown, expected: (format: DocumentFormat) => unknown): void {
  for (const format of formats) expect(toFound(format)).toEqual(expected(format));
}

test('the same stories give the same bytes and the same tag', () => {
  check(render, (format) => renderStories(structuredClone(stories), format, toContext()));
});

test('compressed forms inflate to the bytes', () => {
  check(
    (format) => Buffer.from(gunzipSync(render(format).gzip)),
    (format) => Buffer.from(render(format).bytes),
  );
  check(
    (format) => Buffer.from(brotliDecompressSync(render(format).brotli)),
    (format) => Buffer.from(render(format).bytes),
  );
});

test('B1: the tag changes if and only if the bytes change', () => {
  const other = [
    toStory({ id: 'urn:x:1', updated: new Date('2026-01-05T15:00:00Z') }, { revision: { html: '<p>Changed</p>' } }),
    ...stories.slice(1),
  ];
  check(
    (format) => render(format, other).tag === render(format).tag,
    () => false,
  );
  expect(new Set(formats.map((format) => render(format).tag)).size).toBe(3);
  check(
    (format) => /^[\w-]{22}$/.test(render(format).tag),
    () => true,
  );
});

test('B1: an empty feed is valid and has the time of its creation, not the present time', () => {
  const feed = parseStrictly(new TextDecoder().decode(render('atom', []).bytes));
  expect(['id', 'title', 'updated'].map((name) => textAt(feed, name))).toEqual([
    'urn:uuid:5d8ff5f4-3d9f-5f4a-9c3e-0b5a4a1f6a01',
    'Everything',
    '2026-01-01T00:00:00.000Z',
  ]);
  expect(all(feed, 'entry')).toEqual([]);
  const rss = parseStrictly(new TextDecoder().decode(render('rss', []).bytes));
  expect(['title', 'link', 'description', 'lastBuildDate'].map((name) => textAt(rss, 'channel', name))).toEqual([
    'Everything',
    'https://planet.example.com/',
    'What is said around the harbour',
    'Thu, 01 Jan 2026 00:00:00 GMT',
  ]);
  expect(JSON.parse(new TextDecoder().decode(render('json', []).bytes))).toMatchObject({
    version: 'https://jsonfeed.org/version/1.1',
    items: [],
  });
  const year = String(new Date().getUTCFullYear());
  if (year !== '2026')
    check(
      (format) => new TextDecoder().decode(render(format, []).bytes).includes(year),
      () => false,
    );
});

test('B6: updated of a feed is that of its newest story', () => {
  const feed = parseStrictly(new TextDecoder().decode(render('atom').bytes));
  expect(textAt(feed, 'updated')).toBe('2026-01-07T15:00:00.000Z');
});

test('B3: each format has its media type and charset', () => {
  const types = { atom: 'application/atom+xml', rss: 'application/rss+xml', json: 'application/feed+json' };
  check(
    (format) => render(format).contentType,
    (format) => `${types[format]}; charset=utf-8`,
  );
});

test('the default feed is at the root and the others are below their slug', () => {
  check(
    (format) => toDocumentPath(toFeed(), format),
    (format) => `/feed.${format}`,
  );
  check(
    (format) => toDocumentPath(toFeed({ slug: 'tech', isDefault: false }), format),
    (format) => `/feeds/tech.${format}`,
  );
});

test('a document has the content that its feed chooses', () => {
  const feed = toFeed({ content: 'summary' });
  const { bytes } = renderStories([toStory({}, { revision: { summary: 'Short', html: '<p>Long</p>' } })], 'atom', toContext({ feed }));
  expect(new TextDecoder().decode(bytes)).not.toContain('Long');
});

test('WebSub: every format names the hub and the address of the document', () => {
  const text = (format: DocumentFormat, hubUrl: string | null, rest: Partial<Feed> = {}) =>
    new TextDecoder().decode(renderStories(stories, format, toContext({ hubUrl, feed: toFeed(rest) })).bytes);
  const hubUrl = 'https://hub.example/?a=1&b=2';
  const linksOf = (xml: string, path: readonly string[]) => {
    const head = path.reduce((node, name) => all(node, name)[0] ?? node, parseStrictly(xml));
    const links = [...all(head, 'link'), ...all(head, 'atom:link')].map(({ attributes }) => [attributes['rel'], attributes['href']]);
    return Object.fromEntries(links.filter(([rel]) => rel === 'hub' || rel === 'self')) as object;
  };
  expect(linksOf(text('atom', hubUrl), [])).toEqual({ hub: hubUrl, self: 'https://planet.example.com/feed.atom' });
  expect(linksOf(text('rss', hubUrl), ['channel'])).toEqual({ hub: hubUrl, self: 'https://planet.example.com/feed.rss' });
  expect(JSON.parse(text('json', hubUrl))).toMatchObject({
    hubs: [{ type: 'WebSub', url: hubUrl }],
    feed_url: 'https://planet.example.com/feed.json',
  });
  for (const format of formats) {
    expect(text(format, null)).not.toContain('hub');
    // A hub would have to know the token of a private feed's readers.
    expect(text(format, hubUrl, { private: true, token: 'secret' })).not.toContain('hub');
  }
});
