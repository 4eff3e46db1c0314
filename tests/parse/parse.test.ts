import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseArticle, parseFeed } from '../../src/parse/parse.ts';
import { resolveUrl } from '../../src/parse/text/resolve-url.ts';
import { toCompact } from './compact.ts';
import { cases } from '../support/scale.ts';

const fixtures = join(import.meta.dirname, '../data/feeds');
const toBytes = (text: string) => new TextEncoder().encode(text);

async function read(
  document: string | Uint8Array,
  url = 'https://docs.example.com/feeds/feed.xml',
  contentType: string | null = null,
): Promise<unknown> {
  const result = await parseFeed({ bytes: typeof document === 'string' ? toBytes(document) : document, contentType, url });
  return result.kind === 'feed' ? toCompact(result.feed) : result.problem.code;
}

/** Expects the feed without null and empty fields, some of its fields, or the code of the
 *  refusal. */
async function check(document: string | Uint8Array, expected: object | string, url?: string): Promise<void> {
  const found = await read(document, url);
  if (typeof expected === 'string') expect(found).toBe(expected);
  else expect(found).toMatchObject(expected);
}

test.each(readdirSync(fixtures).filter((name) => !name.endsWith('.json')))('reads %s as the JSON file beside it states', async (name) => {
  const expected: unknown = JSON.parse(readFileSync(join(fixtures, name.replace(/\.[a-z]+$/, '.json')), 'utf8'));
  expect(await read(readFileSync(join(fixtures, name)))).toEqual(expected);
});

const rss = (inside: string) => `<rss version="2.0"><channel><title>T</title><link>https://a.example.com/</link>${inside}</channel></rss>`;
const atom = (inside: string) => `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${inside}</feed>`;

test.each([
  ['nothing', '', 'feed/empty'],
  ['white space', ' \n\t'.repeat(2000), 'feed/empty'],
  ['a byte order mark alone', new Uint8Array([0xef, 0xbb, 0xbf]), 'feed/empty'],
  ['a web page', '<!DOCTYPE html><html><head><title>Log in</title></head></html>', 'feed/html-page'],
  ['a web page in XHTML', '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', 'feed/html-page'],
  ['a page without a head', '<body>Sorry</body>', 'feed/html-page'],
  ['junk', 'no feed at all', 'feed/unknown-format'],
  ['other XML', '<?xml version="1.0"?><opml version="2.0"/>', 'feed/unknown-format'],
  ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), 'feed/unknown-format'],
  ['XML that ends before its first entry', rss('<item><title>a</title></item>').slice(0, 90), 'feed/broken-xml'],
  ['JSON that is no feed', '{"error":"not found"}', 'feed/not-json-feed'],
  ['broken JSON', '{"version":"https://jsonfeed.org/version/1.1"', 'feed/not-json-feed'],
])('refuses %s', (_, document, code) => check(document, code));

test('a refusal names the cause and a remedy', async () => {
  expect(await parseFeed({ bytes: toBytes('<html>'), contentType: null, url: 'https://a.example.com/' })).toEqual({
    kind: 'refused',
    problem: {
      code: 'feed/html-page',
      message: expect.stringMatching(/^the address returned a web page, not a feed: write `page:` in place of `feed:`/) as string,
    },
  });
});

test.each([
  [
    'a bad Atom date',
    atom('<entry><id>1</id><title>a</title><updated>soon</updated><published>yesterday</published></entry><entry><id>2</id></entry>'),
    { items: [{ guid: '1', updated: 'soon', published: 'yesterday' }, { guid: '2' }] },
  ],
  ['an empty Atom date', atom('<entry><id>1</id><updated/></entry>'), { items: [{ guid: '1' }] }],
  [
    'a bad RSS date',
    rss('<item><guid>1</guid><pubDate>32 Foo 20</pubDate></item><item><guid>2</guid></item>'),
    { items: [{ guid: '1', published: '32 Foo 20' }, { guid: '2' }] },
  ],
  ['an empty item', rss('<item/><item><guid>2</guid></item>'), { items: [{ title: '' }, { guid: '2' }] }],
  ['an item of text alone', rss('<item>words</item><item><guid>2</guid></item>'), { items: [{ title: '' }, { guid: '2' }] }],
  [
    'a bad link',
    atom('<entry><id>1</id><link href="http://["/></entry><entry><id>2</id><link/></entry>'),
    { items: [{ guid: '1' }, { guid: '2' }] },
  ],
  [
    'links without href on the feed',
    atom('<link>https://a.example.com/</link><entry><id>1</id></entry>'),
    { homePage: 'https://a.example.com/', items: [{ guid: '1' }] },
  ],
  [
    'names of Object itself',
    rss('<item><guid>1</guid><constructor>x</constructor><__proto__>y</__proto__></item>'),
    { items: [{ guid: '1' }] },
  ],
])('%s affects nothing else', (_, document, expected) => check(document, expected));

test('50,000 levels of markup do not exhaust the stack', async () => {
  const deep = '<div>'.repeat(50_000) + '</div>'.repeat(50_000);
  await check(atom(`<entry><id>1</id><content type="xhtml">${deep}</content></entry><entry><id>2</id></entry>`), {
    items: [{ guid: '1' }, { guid: '2' }],
  });
});

test.each([
  ['junk before the prolog', ` \n<!-- x --><?xml version="1.0"?>${rss('<item><guid>1</guid></item>')}`, { items: [{ guid: '1' }] }],
  ['words before the prolog', `Warning: x\n<?xml version="1.0" encoding="utf-8"?>${rss('')}`, { title: 'T' }],
  ['RSS without a version', '<rss><channel><title>a</title></channel></rss>', { format: 'rss', title: 'a' }],
  ['RSS with an unknown version', '<rss version="3"><channel><title>a</title></channel></rss>', { title: 'a' }],
  [
    'items beside the channel',
    '<rss version="2.0"><channel><title>a</title></channel><item><guid>1</guid></item></rss>',
    { items: [{ guid: '1' }] },
  ],
  [
    'another prefix for RDF',
    '<RDF:RDF xmlns:RDF="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>a</title></channel><item><title>b</title></item></RDF:RDF>',
    { format: 'rdf', items: [{ title: 'b' }] },
  ],
  ['an HTML title of an Atom feed', '<feed><title type="html">a &amp;amp; b</title></feed>', { title: 'a &amp; b', titleType: 'html' }],
])('reads %s', (_, document, expected) => check(document, expected));

test('reads a feed in the charset that HTTP names, and reports a wrong one', async () => {
  const bytes = new Uint8Array(Buffer.from(rss('<item><title>caf\xe9</title></item>'), 'latin1'));
  expect(await read(bytes, undefined, 'application/rss+xml; charset=iso-8859-1')).toMatchObject({ items: [{ title: 'café' }] });
  expect(await read(bytes, undefined, 'application/rss+xml; charset=utf-8')).toMatchObject({
    items: [{ title: 'café' }],
    problems: [{ code: 'decode/charset' }],
  });
});

test('leaves out relative links without a web address as base', async () => {
  await check(
    '<rss><channel><item><guid>1</guid><link>/a</link></item></channel></rss>',
    { items: [{ guid: '1', title: '', titleType: 'text' }] },
    'file:///home/feed.xml',
  );
  expect(JSON.stringify(await read('<rss><channel><item><link>/a</link></item></channel></rss>', 'file:///home/feed.xml'))).not.toContain(
    '/a',
  );
});

test.each([
  ['/a', 'https://b.example.com/c/d', 'https://b.example.com/a'],
  [' a?x#y ', 'https://b.example.com/c/d', 'https://b.example.com/c/a?x#y'],
  ['//c.example.com', 'https://b.example.com/', 'https://c.example.com/'],
  ['https://B.example.com', 'https://a.example.com/', 'https://B.example.com'],
  ['tag:a,2020:b', null, 'tag:a,2020:b'],
  ['a', null, null],
  ['a', 'file:///b', null],
  ['http://[', 'https://a.example.com/', null],
  ['', 'https://a.example.com/', null],
  [null, 'https://a.example.com/', null],
])('resolves %j against %j to %j', (link, base, expected) => expect(resolveUrl(link, base)).toBe(expected));

const tags = [
  'rss version="2.0"',
  'channel',
  'item',
  'feed',
  'entry',
  'title',
  'content type="xhtml"',
  'updated',
  'link',
  'html',
  'body',
  'rdf:RDF',
  'itunes:keywords',
  'article',
  'time datetime="x"',
];
const pieces = [
  ...tags.flatMap((tag) => [`<${tag}>`, `</${tag.split(' ')[0] ?? ''}>`]),
  '<!-- <html> -->',
  '<![CDATA[',
  ']]>',
  '&',
  '&nbsp;',
  '---\n',
  '# ',
  'title: ',
  '[',
  '{"items":[',
  '"',
  '*a',
  '\n',
  '\u0000',
  '<?xml version="1.0"?>',
  'x',
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => toBytes(parts.join(''))),
  fc.string({ unit: 'binary' }).map(toBytes),
  fc.json().map(toBytes),
  fc.uint8Array(),
);

test('parseFeed never rejects on random bytes', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, fc.option(fc.string()), async (bytes, contentType) => {
      expect(['feed', 'refused']).toContain((await parseFeed({ bytes, contentType, url: 'https://a.example.com/' })).kind);
    }),
    { numRuns: cases(1000) },
  );
});

test('parseArticle never throws on random bytes', () => {
  fc.assert(
    fc.property(hostile, fc.oneof(fc.constantFrom('a.txt', 'b/a.md', 'a.html', 'a.htm', ''), fc.string()), (bytes, location) => {
      expect(['feed', 'refused']).toContain(parseArticle({ bytes, contentType: null, url: 'file:///a' }, location).kind);
    }),
    { numRuns: cases(1000) },
  );
});
