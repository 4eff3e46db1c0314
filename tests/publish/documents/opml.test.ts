import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toOpml } from '../../../src/publish/documents/opml.ts';
import { toXmlChars } from '../../../src/publish/html/xml-text.ts';
import { all, parseStrictly, textAt } from '../../support/strict-xml.ts';

function check(text: string): void {
  const source = { title: text, feedUrl: `https://a.example.com/?${text}`, homePage: null, tags: [text, 'b'] };
  const opml = parseStrictly(toOpml(text, [source, source]));
  expect(opml.attributes['version']).toBe('2.0');
  expect(textAt(opml, 'head', 'title')).toBe(toXmlChars(text));
  const kept = toXmlChars(text);
  const folders = all(all(opml, 'body')[0], 'outline');
  expect(folders.map(({ attributes }) => attributes)).toEqual([{ text: kept }]);
  const outlines = all(folders[0], 'outline');
  expect(outlines).toHaveLength(2);
  expect(outlines[0]?.attributes).toEqual({
    type: 'rss',
    text: kept,
    title: kept,
    xmlUrl: `https://a.example.com/?${kept}`,
    category: `${kept},b`,
  });
}

test.each(['Coast Wire', '<b>&"\'', ']]>', '\u0000a\ud800', 'a\nb\tc'])('a source with the title %j is listed', check);

test('the list is well-formed for any title', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), check));
});

test('an empty list has one outline, as OPML 2.0 requires', () => {
  expect(all(all(parseStrictly(toOpml('T', [])), 'body')[0], 'outline').map(({ attributes }) => attributes)).toEqual([
    { text: 'No feeds are read' },
  ]);
});

test('each source is listed once in the folder of its first tag, and a page without a feed is a link', () => {
  const source = (name: string, tags: readonly string[]) => ({ title: name, feedUrl: `https://${name}.test/`, homePage: null, tags });
  const page = { title: 'p', feedUrl: null, homePage: 'https://p.test/', tags: [] };
  const opml = parseStrictly(toOpml('T', [source('a', ['x', 'y']), page, source('b', ['y']), source('c', ['x'])]));
  const tops = all(all(opml, 'body')[0], 'outline');
  expect(tops.map((top) => [top.attributes['text'], all(top, 'outline').map(({ attributes }) => attributes['text'])])).toEqual([
    ['x', ['a', 'c']],
    ['p', []],
    ['y', ['b']],
  ]);
  expect(tops[1]?.attributes).toEqual({ type: 'link', text: 'p', title: 'p', url: 'https://p.test/', htmlUrl: 'https://p.test/' });
});
