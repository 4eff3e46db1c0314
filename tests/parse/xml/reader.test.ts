import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readXml } from '../../../src/parse/xml/reader.ts';
import { parseXml } from '../../../src/parse/xml/feed.ts';
import { cases } from '../../support/scale.ts';

const rss = (items: string, attributes = '') =>
  `<rss version="2.0"${attributes}><channel><title>T</title><link>https://a.test/</link>${items}</channel></rss>`;
const first = '<item><title>One</title><link>https://a.test/1</link><guid>1</guid><description>Text one</description></item>';
const last = '<item><title>Two</title><link>https://a.test/2</link><guid>2</guid><description>Text two</description></item>';

/** Returns the items as [title, url, guid, text], and the codes of the problems. */
async function read(text: string) {
  const result = await parseXml(text, 'https://a.test/feed');
  if (result.kind === 'refused') return { items: [], problems: [result.problem.code] };
  const items = result.feed.items.map(({ title, url, guid, html, summary }) => [title, url, guid, html ?? summary]);
  return { items, problems: result.feed.problems.map((problem) => problem.code) };
}

const whole = [
  ['One', 'https://a.test/1', '1', 'Text one'],
  ['Two', 'https://a.test/2', '2', 'Text two'],
];

/** Expects every field of both items despite the damage. */
async function check(text: string, problems: readonly string[]): Promise<void> {
  expect(await read(text)).toEqual({ items: whole, problems });
}

test.each<[damage: string, text: string, problems: string[]]>([
  ['no damage', rss(first + last), []],
  ['junk before the prolog and after the root', `\n\nnotice: x<br>\n<?xml version="1.0"?>${rss(first + last)}<!-- x --></body></html>`, []],
  ['uppercase tags', rss((first + last).replace(/<(\/?)(\w+)/g, (_, slash: string, name: string) => `<${slash}${name.toUpperCase()}`)), []],
  ['a comment that never ends', rss(`<!-- first ${first}${last}`), ['xml/comment']],
  ['a comment that runs into the next', rss(`<!-- first\n${first}<!-- second -->${last}`), ['xml/comment']],
  ['CDATA without its end', rss(first.replace('Text one', '<![CDATA[Text one') + last), ['xml/cdata']],
  [
    'CDATA without its end before another',
    rss((first + last).replace('Text one', '<![CDATA[Text one').replace('Text two', '<![CDATA[Text two]]>')),
    ['xml/cdata'],
  ],
  [
    'CDATA that ends in ]] alone',
    rss((first + last).replace('Text one', '<![CDATA[Text one]]').replace('Text two', '<![CDATA[Text two]]>')),
    ['xml/cdata'],
  ],
  ['an open tag without its >', rss(first.replace('<title>One', '<titleOne') + last), ['xml/open-tag']],
  [
    'an open tag without its > before CDATA',
    rss(first.replace('<description>Text one', '<description<![CDATA[Text one]]>') + last),
    ['xml/open-tag'],
  ],
  ['a close tag without its >', rss(first.replace('</title>', '</title') + last), ['xml/close-tag']],
  ['a title without its close tag', rss(first.replace('</title>', '') + last), ['xml/unclosed']],
  ['a guid without its close tag', rss(first.replace('</guid>', '') + last), ['xml/unclosed']],
  ['a description without its close tag', rss(first.replace('</description>', '') + last), ['xml/unclosed']],
  ['an item without its close tag', rss(first.replace('</item>', '') + last), ['xml/unclosed']],
  ['a close tag that closes nothing', rss(`${first}</wrong>${last}`), ['xml/close']],
  ['a missing end', rss(first + last).slice(0, -16), ['xml/cut']],
  ['an attribute without its first quote', rss(first + last, ' xmlns:x=http://x.test/"'), ['xml/quote']],
  ['an attribute without its last quote', rss(`${first.replace('<guid>', '<guid isPermaLink="false>')}${last}`), ['xml/quote']],
  [
    'a prefixed root and undeclared prefixes',
    rss(first.replace('<description>Text one</description>', '<content:encoded>Text one</content:encoded>') + last),
    [],
  ],
  [
    'another prefix for a known namespace',
    rss(
      first.replace('<description>Text one</description>', '<c:encoded>Text one</c:encoded>') + last,
      ' xmlns:c="http://purl.org/rss/1.0/modules/content/"',
    ),
    [],
  ],
])('all fields survive %s', (_, text, problems) => check(text, problems));

test.each<[name: string, item: string, expected: string]>([
  ['an unescaped &', 'Fish & chips', 'Fish & chips'],
  ['entities of HTML', 'caf&eacute;&nbsp;&mdash; &hellip;', 'café\u00a0— …'],
  ['an unknown entity', '&x; &#0; &amp;', '&x; � &'],
  ['a < in text', '1 < 2 <3 x<y', '1 < 2 <3 x<y'],
  ['text encoded twice', 'cafÃ© Â· Razerâ€™s', 'café · Razer’s'],
  ['text encoded twice, half of it as character references', 'cafÃ&copy; donâ&#8364;&#8482;t', 'café don’t'],
  ['a genuine Ã', 'São Ã', 'São Ã'],
  ['CDATA with a tag', '<![CDATA[<p>a & b</p>]]>', '<p>a & b</p>'],
  ['unescaped markup', '<p>a <b>b</b> &lt;c&gt;<br/></p><p/>', '<p>a <b>b</b> &lt;c&gt;<br/></p><p></p>'],
])('text with %s reads as intended', async (_, text, expected) => {
  expect((await read(rss(`<item><description>${text}</description></item>`))).items[0]?.[3]).toBe(expected);
});

test('Atom elements with a prefix are read as Atom', async () => {
  const text = `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title><a:entry><a:title>One</a:title><a:id>1</a:id><a:link href="https://a.test/1"/><a:summary>Text one</a:summary></a:entry></a:feed>`;
  expect(await read(text)).toEqual({ items: [['One', 'https://a.test/1', '1', 'Text one']], problems: [] });
});

test('entities of a DTD are never expanded', async () => {
  const bomb = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`;
  expect((await read(`${bomb}${rss('<item><title>&b; &x;</title></item>')}`)).items).toEqual([['&b; &x;', null, null, null]]);
});

test('deep nesting is read up to a limit', () => {
  const text = rss(`<item>${'<x>'.repeat(100_000)}deep${'</x>'.repeat(100_000)}<title>One</title></item>`);
  expect(readXml(text).root).not.toBeNull();
});

test('property names of Object are not found as elements', async () => {
  expect(
    (await read(rss('<item><title>One</title><constructor>x</constructor><__proto__>y</__proto__><toString>z</toString></item>'))).items,
  ).toEqual([['One', null, null, null]]);
});

test('the reader never throws on random text', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<item>',
    '</item>',
    '<title',
    '="',
    "'",
    '&',
    '<?',
    '<!',
    ' a=',
    'x',
    '\n',
    '<rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 }), (pieces) => {
      expect(readXml(`<rss>${pieces.join('')}`).root).not.toBeNull();
      readXml(pieces.join(''));
    }),
    { numRuns: cases(2000) },
  );
});
