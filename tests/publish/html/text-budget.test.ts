import { expect, test } from 'vitest';
import { fitDocument } from '../../../src/publish/documents/document.ts';
import { sanitise } from '../../../src/publish/html/sanitise.ts';
import { boundPage, boundSummary, boundText, cutText, findCut, findLevel, MOST_TEXT_BYTES } from '../../../src/publish/html/text-budget.ts';
import { escapeXml, measureXml } from '../../../src/publish/html/xml-text.ts';
import { renderStories, toContext, toStory } from '../../support/story.ts';

const url = 'https://coast.example.com/a?b=1&c=2';

test.each(['', 'plain', '<p title="a">Tom & "Jerry"’s</p>', "it's é 猫 \u{1f6a2}", '&amp;&lt;', '\ud800 alone'])(
  'the measured size is that of the escaped text, in bytes: %j',
  (text) => {
    // Characters that XML cannot carry are dropped or replaced: one byte of difference at most.
    expect(measureXml(text)).toBeGreaterThanOrEqual(Buffer.byteLength(escapeXml(text)) - 1);
    if (text.isWellFormed()) expect(measureXml(text)).toBe(Buffer.byteLength(escapeXml(text)));
  },
);

test.each([
  ['characters that become ten bytes', '&'],
  ['quotes', '"'],
  ['paragraphs', '<p>The ferry sails, &amp; comes back.</p>'],
  ['deep markup', '<div><b>a'],
  ['links', '<a href="https://l.example/?a=1&amp;b=2">a</a> '],
  ['one endless word', 'x'],
  ['Chinese', '渡船'],
  ['characters of four bytes', '\u{1f6a2}'],
  ['pictures', '<img src="https://p.example/a.jpg" alt="a &quot;boat&quot;">'],
])('a text is cut to its bound and stays valid HTML: %s', (_name, unit) => {
  const clean = sanitise(unit.repeat(Math.ceil(1_990_000 / unit.length)), null);
  const cut = boundText(clean, url);
  expect(measureXml(cut)).toBeLessThan(MOST_TEXT_BYTES * 1.02);
  if (measureXml(clean) > MOST_TEXT_BYTES) {
    expect(cut).toContain('The text goes on at <a href="https://coast.example.com/a?b=1&amp;c=2">coast.example.com</a>.');
    expect(measureXml(cut)).toBeGreaterThan(MOST_TEXT_BYTES * 0.9);
  }
  // Every tag is whole and closed, since sanitising again changes nothing. No entity is broken.
  expect(sanitise(cut, null).replaceAll(/ class="[^"]*"/g, '')).toBe(cut.replaceAll(/ class="[^"]*"/g, ''));
  expect(cut).not.toMatch(/&(?![a-z]+;|#\d+;)/);
  expect(cut.isWellFormed()).toBe(true);
});

test('a text within its bound is not changed or reported', () => {
  const text = `<p>${'The ferry sails. '.repeat(20_000)}</p>`;
  expect(boundText(text, url)).toBe(text);
  expect(boundSummary('<p>short</p>')).toBe('<p>short</p>');
  expect(boundPage('<p>short</p>', null, url)).toBe('<p>short</p>');
  expect(findCut(text)).toBeNull();
  // Markup that is removed does not count: an embedded file, styles, scripts.
  expect(findCut(`<p style="${'a'.repeat(1_500_000)}">short</p>`)).toBeNull();
  expect(findCut('&'.repeat(1_990_000))).toBeGreaterThan(17_000_000);
});

test('a page shows the beginning of a long text and names its source, even without an address', () => {
  expect(boundPage('<p>word </p>'.repeat(100_000), null, null)).toMatch(/<p class="newsfold-cut">The text goes on at its source\.<\/p>$/);
  expect(cutText('<p>one two three</p>', 12, null)).toMatch(/^<p>/);
});

test.each([
  ['all fit', [1, 2, 3], 6, Infinity],
  ['only the longest is cut', [1, 2, 100], 13, 10],
  ['all are cut alike', [100, 100, 100], 30, 10],
  ['a short text keeps its length', [5, 100, 100], 25, 10],
  ['none', [], 10, Infinity],
])('the longest texts are cut first: %s', (_name, sizes, most, level) => {
  expect(findLevel(sizes, most)).toBe(level);
});

test('a document that is too long has only its longest texts cut, in each format', () => {
  const long = (n: number) =>
    toStory({ no: n, id: `urn:x:${n}`, key: `k${n}` }, { revision: { html: `<p>${'& '.repeat(90_000)}${n}</p>` } });
  const short = toStory({ id: 'urn:x:short', key: 'short' }, { revision: { html: '<p>The whole of it.</p>' } });
  const context = toContext();
  const stories = [...Array.from({ length: 40 }, (_, n) => long(n)), short];
  for (const format of ['atom', 'rss', 'json'] as const) {
    const { bytes } = renderStories(stories, format, context);
    expect(bytes.length).toBeGreaterThan(16_000_000);
  }
  const item = (content: string, seq: number) => ({ id: String(seq), url, content, seq }) as never;
  const fitted = fitDocument([
    ...Array.from({ length: 40 }, (_, n) => item('<p>&amp; and so on</p>'.repeat(20_000), n)),
    item('<p>short</p>', 99),
  ]);
  expect(fitted.reduce((sum, { content }) => sum + measureXml(content ?? ''), 0)).toBeLessThan(16_100_000);
  expect(fitted.at(-1)?.content).toBe('<p>short</p>');
  expect(fitted[0]?.content).toContain('The text goes on at');
});
