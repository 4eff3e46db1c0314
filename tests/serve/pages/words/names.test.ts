import { expect, test } from 'vitest';
import { showName, toExcerpt, toLang, toPageTitle } from '../../../../src/serve/pages/words/names.ts';

test.each([
  ['Ferry returns', 'Ferry returns'],
  ['  two\n lines ', 'two lines'],
  ['', '(untitled)'],
  ['\u202egnp.exe', 'gnp.exe'],
  ['\u2067balanced\u2069', 'balanced'],
  ['שלום\u200f!', 'שלום\u200f!'],
  ['\u200b\u200b\ufeff', '(untitled)'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['👩\u200d👧', '👩\u200d👧'],
  [`z${'\u0301'.repeat(40)}algo`, `z${'\u0301'.repeat(4)}algo`],
  ['x'.repeat(400), `${'x'.repeat(299)}…`],
])('shows the title %j as %j', (title, expected) => expect(toPageTitle(title)).toBe(expected));

test('isolates a name and escapes it', async () => {
  expect(String(await showName('<b>\u202eA&B'))).toBe('<bdi>&lt;b&gt;A&amp;B</bdi>');
  expect(String(await showName(' '))).toBe('<bdi>(unnamed)</bdi>');
});

test('cuts an excerpt at a word, and a Chinese one at half as many characters', () => {
  expect(toExcerpt('short\n\ntext')).toBe('short text');
  const cut = toExcerpt('word '.repeat(100));
  expect(cut).toMatch(/ word…$/);
  expect(cut.length).toBeLessThanOrEqual(281);
  expect(toExcerpt('港'.repeat(300))).toBe(`${'港'.repeat(140)}…`);
  expect(toExcerpt('👍'.repeat(300))).toBe(`${'👍'.repeat(140)}…`);
});

test.each([
  ['en_GB', 'en-GB'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
  ['"><script>', ''],
  ['klingon', ''],
  [null, ''],
])('takes %j for the language %j', (language, expected) => expect(toLang(language)).toBe(expected));
