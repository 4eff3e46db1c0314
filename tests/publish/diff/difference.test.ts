import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createComparer } from '../../../src/publish/diff/difference.ts';
import { cases } from '../../support/scale.ts';

function compareTexts(before: string, after: string, language: string | null) {
  const difference = createComparer(language)(before, after);
  if (difference === null) throw new Error('not compared');
  return difference;
}

/** Returns the comparison as one line: `[-removed-]`, `{+added+}`. */
function show(before: string, after: string, language: string | null = null): string {
  const marks = { same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}'] } as const;
  return compareTexts(before, after, language)
    .parts.map(({ kind, text }) => marks[kind][0] + text + marks[kind][1])
    .join('');
}

const long = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');

test.each([
  ['a word', 'The ferry sails at nine today.', 'The ferry sails at ten today.', 'The ferry sails at [-nine -]{+ten +}today.'],
  ['a number', 'Of 12 boats 3 came back.', 'Of 12 boats 5 came back.', 'Of 12 boats [-3 -]{+5 +}came back.'],
  ['nothing', 'The same words.', 'The same words.', 'The same words.'],
  ['spaces alone', 'The  same\nwords.', 'The same words.', 'The same words.'],
  ['words added at the end', 'It rained.', 'It rained. It snowed.', 'It rained. {+It snowed.+}'],
  ['a paragraph on top', 'It rained all day.', 'It snows now.\n\nIt rained all day.', '{+It snows now.\n\n+}It rained all day.'],
  [
    'neighbouring changes as one',
    'The old red and rusty boat sank at its mooring.',
    'The new blue and shiny boat sank at its mooring.',
    'The [-old red and rusty -]{+new blue and shiny +}boat sank at its mooring.',
  ],
  ['Chinese by words', '旧港口今天重新开放。', '旧港口明天重新开放。', '旧港口[-今天-]{+明天+}重新开放。'],
  ['Thai by words', 'เรือออกวันนี้', 'เรือออกวันพุธ', 'เรือออกวัน[-นี้-]{+พุธ+}'],
  [
    'an update put on top',
    'It rained all day.\n\nIt was cold.',
    'It rained all day.\n\nIt snowed.\n\nIt was cold.',
    'It rained all day.\n\n{+It snowed.\n\n+}It was cold.',
  ],
  [
    'an update that begins like the text below it',
    'The gate was shut at two in the morning.',
    'Update: The gate is open.\n\nThe gate was shut at two in the morning.',
    '{+Update: The gate is open.\n\n+}The gate was shut at two in the morning.',
  ],
  ['words removed from the top', 'It snows now.\n\nIt rained all day.', 'It rained all day.', '[-It snows now.\n\n-]It rained all day.'],
  [
    'Arabic',
    'عاد السوق إلى الساحة القديمة اليوم',
    'عاد السوق إلى الساحة الجديدة اليوم',
    'عاد السوق إلى الساحة [-القديمة -]{+الجديدة +}اليوم',
  ],
  ['emoji', 'Storm 🌊 over, ferry sails', 'Storm 🌤️ over, ferry sails', 'Storm [-🌊 -]{+🌤️ +}over, ferry sails'],
  ['an empty text before', '', 'Now there is one.', '{+Now there is one.+}'],
  ['an empty text after', 'There was one.', '', '[-There was one.-]'],
  ['two empty texts', '', '', ''],
])('a comparison shows %s', (name, before, after, expected) => {
  const language = name.startsWith('Chinese') ? 'zh' : name.startsWith('Thai') ? 'th' : null;
  expect(show(before, after, language)).toBe(expected);
});

test('long unchanged runs are cut to a few words beside each change', () => {
  const shown = show(`${long} one ${long} two ${long}`, `${long} ONE ${long} TWO ${long}`);
  expect(shown).toBe(`… ${words(28, 40)} [-one -]{+ONE +}${words(0, 12)} … ${words(28, 40)} [-two -]{+TWO +}${words(0, 12)} … `);
});

function words(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `word${from + index}`).join(' ');
}

test('added and removed words are counted', () => {
  expect(compareTexts(`${long} a b c`, `${long} d`, null)).toMatchObject({ added: 1, removed: 3, kind: 'words' });
});

test('texts with almost nothing in common are not compared', () => {
  const other = long.replaceAll('word', 'term');
  expect(compareTexts(long, other, null)).toEqual({
    parts: [
      { kind: 'removed', text: long },
      { kind: 'added', text: other },
    ],
    added: 40,
    removed: 40,
    kind: 'anew',
  });
});

/** Texts of few different words, so that they share some. */
const text = fc
  .array(fc.constantFrom('the ', 'ferry ', 'sails ', 'at\n\n', 'nine ', '港口', '今天', '👍 ', 'x'), { maxLength: 10 })
  .map((list) => list.join(''));
const squeeze = (spaced: string) => spaced.replace(/\s+/g, ' ').trim();

test('a comparison without cuts contains both texts completely', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { parts } = compareTexts(before, after, 'zh');
      const without = (kind: string) =>
        squeeze(
          parts
            .filter((part) => part.kind !== kind)
            .map((part) => part.text)
            .join(''),
        );
      expect(without('removed')).toBe(squeeze(after));
      expect(without('added').replaceAll(' ', '')).toBe(squeeze(before).replaceAll(' ', ''));
    }),
    { numRuns: cases(500) },
  );
});

test.each([
  [
    'a million different words',
    Array.from({ length: 200_000 }, (_, index) => `a${index}`).join(' '),
    Array.from({ length: 200_000 }, (_, index) => `b${index}`).join(' '),
  ],
  [
    'words in reverse',
    Array.from({ length: 20_000 }, (_, index) => index).join(' '),
    Array.from({ length: 20_000 }, (_, index) => 20_000 - index).join(' '),
  ],
  ['one word of a million characters', 'x'.repeat(1_000_000), 'y'.repeat(1_000_000)],
  ['Chinese without end', '港口今天'.repeat(60_000), '明天渔民'.repeat(60_000)],
])('a comparison shows only the beginnings of %s', (_name, before, after) => {
  const { parts, kind: method } = compareTexts(before, after, 'zh');
  expect(method).not.toBe('words');
  expect(parts.map(({ kind }) => kind)).toEqual(['removed', 'added']);
  for (const { text: shown } of parts) expect(shown.length).toBeLessThan(3000);
});

const pages: readonly (readonly [name: string, texts: readonly string[], compared: number])[] = [
  [
    'a live blog of 60 kB that grows on top',
    Array.from({ length: 26 }, (_, n) => `Update ${n}: the water stands at ${n} metres.\n\n`.repeat(n) + `${long} `.repeat(200)),
    25,
  ],
  [
    'two million characters with one changed word',
    Array.from({ length: 26 }, (_, n) => `${long} `.repeat(3500) + n + ` ${long}`.repeat(3500)),
    3,
  ],
  ['an update of 5000 words', [long, `${'new '.repeat(5000)}\n\n${long}`], 1],
  ['texts that share half their words', Array.from({ length: 26 }, (_, n) => toHalf(n, 1300)), 1],
  ['long texts with nothing in common', Array.from({ length: 26 }, (_, n) => `w${n} `.repeat(50_000)), 1],
  ['Chinese without end', Array.from({ length: 26 }, (_, n) => `${n}港口今天`.repeat(60_000)), 1],
];

/** Returns words of which every other one is in no other text. */
function toHalf(n: number, count: number): string {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? `w${index}` : `x${n}-${index}`)).join(' ');
}

test.each(pages)('the versions on a page are compared within a bounded time: %s', (_name, texts, least) => {
  const run = () => {
    const compare = createComparer('zh');
    return texts.slice(1).map((after, index) => compare(texts[index] ?? '', after));
  };
  const found = run();
  expect(found.filter((one) => one !== null).length).toBeGreaterThanOrEqual(least);
  if (least === texts.length - 1) expect(found.every((one) => one?.kind === 'words')).toBe(true);
  const startedAt = process.cpuUsage();
  run();
  // The bound is five times the usual time of the processor, which other programs do not affect.
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1000).toBeLessThan(750);
});
