import { expect, test } from 'vitest';
import type { MatchField } from '../../../src/model/feed.ts';
import { findPatternFault, toMatcher } from '../../../src/publish/selection/match.ts';
import type { CandidateWords } from '../../../src/model/listing.ts';

const bare = { sourceId: 'coast', url: null, language: null };
const toWords = (rest: Partial<CandidateWords>) => ({ title: '', text: '', authors: [], categories: [], ...rest });

function check(pattern: string, title: string, expected: boolean): void {
  expect(toMatcher({ field: 'title', pattern })({ ...bare, words: toWords({ title }) })).toBe(expected);
}

test.each([
  ['tide', 'Low TIDE at noon', true],
  ['tide', 'tide', true],
  ['tide', 'tides', false],
  ['tide', 'riptide', false],
  ['tide', 'low-tide.', true],
  ['low tide', 'a low\n  tide', true],
  ['low tide', 'a low\u00a0tide', true],
  ['low tide', 'low, tide', false],
  ['ÉCLAIR', 'un éclair', true],
  ['été', 'vététiste', false],
  ['C++', 'about C++, again', true],
  ['a.c', 'abc', false],
  ['港', '新しい港が開く', true],
  ['東京', '今日東京は雨', true],
  ['ข่าว', 'อ่านข่าววันนี้', true],
  ['한국', '한국 뉴스', true],
  ['', 'anything', true],
])('the word or phrase %j matches %j: %s', (pattern, title, expected) => {
  if (pattern === '') expect(findPatternFault(pattern)).toMatch(/blank/);
  else check(pattern, title, expected);
});

test.each([
  ['/tide/', 'riptide', true],
  ['/^low/', 'Low tide', true],
  ['/^low/', 'a low tide', false],
  ['/t(i|a)de?\\b/', 'TAD', true],
  ['/\\p{Greek}/', 'the α', true],
  ['/a\\/b/', 'a/b', true],
  ['/', 'a / b', true],
])('the pattern %j matches %j: %s', check);

test('a pattern that would be catastrophic with backtracking matches a long text quickly', () => {
  check('/^(a+)+$/', `${'a'.repeat(50_000)}!`, false);
  check('/^(a+)+$/', 'a'.repeat(50_000), true);
  check('/(x+x+)+y/', 'x'.repeat(50_000), false);
});

test.each<[MatchField, string, string]>([
  ['title', 'harbour', 'bridge'],
  ['text', 'mended', 'harbour'],
  ['author', 'Ada Oar', 'harbour'],
  ['category', 'boats', 'harbour'],
  ['url', '/example\\.com/', 'harbour'],
  ['language', 'pt', 'harbour'],
])('a rule for the field %s finds %j and not %j', (field, found, missed) => {
  const words = { title: 'The harbour', text: 'It is mended', authors: ['Bo', 'Ada Oar'], categories: ['fish', 'boats'] };
  const member = { ...bare, language: 'pt-BR', url: 'https://a.example.com/x', words };
  expect(toMatcher({ field, pattern: found })(member)).toBe(true);
  expect(toMatcher({ field, pattern: missed })(member)).toBe(false);
});

test('no pattern matches an empty field', () => {
  const member = { ...bare, words: toWords({}) };
  for (const field of ['author', 'category', 'url', 'language'] as const) expect(toMatcher({ field, pattern: 'a' })(member)).toBe(false);
});

test.each([
  ['tide', null],
  ['(', null],
  ['/a(/', /missing closing/],
  ['/(?=a)/', /invalid/],
  ['/(a)\\1/', /invalid/],
  [' \t', /blank/],
])('the fault of the pattern %j is described', (pattern, expected) => {
  if (expected === null) expect(findPatternFault(pattern)).toBeNull();
  else expect(findPatternFault(pattern)).toMatch(expected);
});
