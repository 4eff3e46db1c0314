import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOpml } from '../../../src/parse/opml/opml.ts';
import { toOpml } from '../../../src/publish/documents/opml.ts';
import { cases } from '../../support/scale.ts';

const data = join(import.meta.dirname, '../../data/opml');

/** Expects the sources of a list, a line each, and the codes of its problems. */
function check(list: string | Uint8Array, expected: readonly string[], problems: readonly string[] = []): void {
  const parsed = parseOpml(typeof list === 'string' ? list : { bytes: list, contentType: null, url: '' });
  expect(
    parsed.sources.map(({ kind, address, title, tags }) => `${kind} ${address} ${JSON.stringify(title)} ${tags.join(' ')}`.trim()),
  ).toEqual(expected);
  expect(parsed.problems.map(({ code }) => code)).toEqual(problems);
}

const list = (body: string) => `<?xml version="1.0"?><opml version="2.0"><head><title>T</title></head><body>${body}</body></opml>`;
const one = (attributes: string) => list(`<outline type="rss" ${attributes}/>`);

test.each(readdirSync(data).filter((name) => name.endsWith('.opml')))('reads the export of a feed reader: %s', (name) => {
  const bytes = readFileSync(join(data, name));
  const expected = JSON.parse(readFileSync(join(data, name.replace('.opml', '.json')), 'utf8')) as unknown;
  expect(parseOpml({ bytes, contentType: null, url: '' })).toEqual(expected);
});

test.each<[name: string, list: string, sources: string[], problems?: string[]]>([
  ['a byte order mark', `\ufeff${one('text="A" xmlUrl="https://a.test/"')}`, ['feed https://a.test/ "A"']],
  ['text before the declaration', `\n${one('text="A" xmlUrl="https://a.test/"')}`, ['feed https://a.test/ "A"']],
  ['single quotes and spaces', list("<outline text = 'A \"q\"' xmlUrl = ' https://a.test/ '  />"), ['feed https://a.test/ "A \\"q\\""']],
  ['brackets in a title', one('text="A < B > C" xmlUrl="https://a.test/"'), ['feed https://a.test/ "A < B > C"']],
  ['no title', one('xmlUrl="https://a.test/"'), ['feed https://a.test/ null']],
  ['the address as its title', one('text="https://a.test" title="A" xmlUrl="https://a.test/"'), ['feed https://a.test/ "A"']],
  ['the address as its only title', one('text="https://a.test" xmlUrl="https://a.test/"'), ['feed https://a.test/ null']],
  [
    'addresses with feed: in front',
    list('<outline xmlUrl="feed://a.test/x"/><outline xmlUrl="feed:https://b.test/"/>'),
    ['feed http://a.test/x null', 'feed https://b.test/ null'],
  ],
  [
    'a feed with feeds inside it',
    list('<outline text="A" xmlUrl="https://a.test/"><outline text="B" xmlUrl="https://b.test/"/></outline>'),
    ['feed https://a.test/ "A"', 'feed https://b.test/ "B"'],
  ],
  [
    'one feed in two folders',
    list(
      '<outline text="x"><outline text="A" xmlUrl="http://a.test/f"/></outline><outline text="y"><outline text="B" xmlUrl="https://A.test:443/f/#z"/></outline>',
    ),
    ['feed http://a.test/f "A" x y'],
  ],
  [
    'unclosed folders',
    '<opml><body><outline text="x"><outline text="A" xmlUrl="https://a.test/"/>',
    ['feed https://a.test/ "A" x'],
    ['opml/cut-off'],
  ],
  [
    'an end inside a tag',
    '<opml><body><outline text="x"><outline text="A" xmlUrl="https://a.test/"/><outline text="B" xml',
    ['feed https://a.test/ "A" x'],
    ['opml/cut-off'],
  ],
  [
    'other schemes',
    list('<outline text="A" xmlUrl="ftp://a.test/"/><outline text="B" xmlUrl="javascript:x"/><outline text="C" xmlUrl="/feed"/>'),
    [],
    ['opml/address', 'opml/address', 'opml/address'],
  ],
  ['no list', 'hello', [], ['opml/not-opml']],
  ['nothing', '', [], ['opml/not-opml']],
  ['a web page', '<!doctype html><html><body>Sign in</body></html>', [], ['opml/not-opml']],
  ['no body', '<opml version="2.0"><head><title>x</title></head></opml>', []],
  ['5000 nested folders', list('<outline text="d">'.repeat(5000)), [], ['opml/unreadable']],
  ['forbidden element names', list('<__proto__/><outline text="A" xmlUrl="https://a.test/"/>'), [], ['opml/unreadable']],
])('reads as much as possible of a list with %s', (_, text, sources, problems = []) => check(text, sources, problems));

test('reads the declared charset of the list', () => {
  const text = one('text="Café" xmlUrl="https://a.test/"').replace('?>', ' encoding="ISO-8859-1"?>');
  check(Buffer.from(text, 'latin1'), ['feed https://a.test/ "Café"']);
});

test('recognises web pages and feeds, and names left-out outlines without passwords', () => {
  expect(parseOpml('<html></html>').problems[0]?.message).toMatch(/but a web page: export/);
  expect(parseOpml('<rss version="2.0"></rss>').problems[0]?.message).toMatch(/but a feed: add it with newsfold sources add/);
  const { problems } = parseOpml(one('text="" xmlUrl="ftp://me:secret@a.test/"'));
  expect(problems[0]).toMatchObject({ entry: 'ftp://a.test/' });
  expect(JSON.stringify(problems)).not.toContain('secret');
});

test('never throws, and returns only addresses and tags that are valid in a configuration', () => {
  const piece = fc.constantFrom(
    '<outline ',
    'text="A" ',
    'xmlUrl="https://a.test/"',
    '/>',
    '>',
    '</outline>',
    '<opml>',
    '<body>',
    '</body>',
    '"',
    '&',
    '<!--',
    ']]>',
    '<![CDATA[',
    '\u0000',
    'category="a/ü,"',
  );
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(any, fc.boolean(), (text, isList) => {
      for (const { address, tags } of parseOpml(isList ? list(text) : text).sources) {
        expect(address).toMatch(/^https?:\/\/\S+$/i);
        for (const tag of tags) expect(tag).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
      }
    }),
    { numRuns: cases(2000) },
  );
});

test('reads back its own export: addresses, titles and tags, pages included', () => {
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((text) => text.replace(/\s+/g, ' ').trim());
  const title = fc
    .oneof(words, fc.constantFrom('Q & A', '<b>"x"</b>', "it's #1 🦀", ']]>', '中文'))
    .filter((text) => text !== '' && !/&[#a-z0-9]+;/i.test(text));
  const listed = fc.record({
    title,
    tags: fc.uniqueArray(
      fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((tag) => !tag.includes('--')),
      { maxLength: 3 },
    ),
    path: fc.webPath(),
    query: fc.webQueryParameters(),
    isPage: fc.boolean(),
  });
  fc.assert(
    fc.property(title, fc.array(listed, { maxLength: 8 }), (name, made) => {
      const sources = made.map(({ path, query, isPage, ...rest }, n) => {
        const address = `https://h${n}.test${path}?${query}`;
        return { ...rest, feedUrl: isPage ? null : address, homePage: isPage ? address : null, address };
      });
      const read = parseOpml(toOpml(name, sources));
      expect(read.title).toBe(name);
      const plain = (all: readonly { address: string; title: string | null; tags: readonly string[] }[]) =>
        all.map((source) => JSON.stringify([source.address, source.title, source.tags])).toSorted((a, b) => (a < b ? -1 : 1));
      expect(plain(read.sources)).toEqual(plain(sources));
      expect(read.problems.length).toBe(made.length === 0 ? 1 : 0);
    }),
  );
});

test('reads at most ten thousand sources of a list, in bounded time', () => {
  const body = Array.from({ length: 60_000 }, (_, n) => `<outline text="T ${n}" xmlUrl="https://h${n % 11_000}.test/"/>`).join('');
  const started = process.cpuUsage();
  const { sources, problems } = parseOpml(list(body));
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000).toBeLessThan(10_000);
  expect(sources).toHaveLength(10_000);
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['opml/too-many']));
});
