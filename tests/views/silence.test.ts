import { expect, test } from 'vitest';
import { findSilence, RHYTHM_DAYS, toDayRow } from '../../src/views/silence.ts';

const TODAY = 20_000;

/** Checks a source with one entry on each day; days are counted back from today. */
function check(ago: readonly number[], expected: ReturnType<typeof findSilence>, times = 2, arrived: number | null = null): void {
  const counts = ago.toSorted((a, b) => b - a).map((days) => ({ day: TODAY - days, count: 1 }));
  const arrivedAt = arrived === null ? null : new Date((TODAY - arrived) * 86_400_000);
  expect(findSilence(counts, TODAY, { times, arrivedAt })).toEqual(expected);
}

test.each([
  ['a source with an entry today', [0, 1, 2, 3, 4, 5], null],
  ['a weekend', [2, 3, 4, 5, 6, 9], null],
  ['three days without an entry after daily ones', [3, 4, 5, 6, 7, 8], { days: 3, longestBefore: 1 }],
  ['a weekly source in its sixth day', [6, 13, 20, 27, 34, 41], null],
  ['a weekly source that missed two weeks', [21, 28, 35, 42, 49], { days: 21, longestBefore: 7 }],
  ['exactly twice the longest pause', [6, 9, 10, 11, 12], null],
  ['too few days for a rhythm', [30, 31, 32, 33], null],
  ['no entries', [], null],
  ['days before the period', [70, 71, 72, 73, 74, 75], null],
  ['a date in the future', [-3, 10, 11, 12, 13, 14], { days: 10, longestBefore: 1 }],
] as const)('judges %s', (_name, ago, expected) => check(ago, expected));

test('a larger factor needs a longer pause for a silence', () => check([7, 9, 10, 11, 12], null, 4));

test('an entry that came late ends a silence, whatever its date', () => {
  check([7, 8, 9, 10, 11], null, 2, 0);
  check([7, 8, 9, 10, 11], { days: 4, longestBefore: 1 }, 2, 4);
  check([3, 4, 5, 6, 7], { days: 3, longestBefore: 1 }, 2, 30);
});

test('a row of counts has no gaps and leaves out days outside the period', () => {
  const row = toDayRow(
    [-1, 0, 5, RHYTHM_DAYS - 1, RHYTHM_DAYS].map((ago, index) => ({ day: TODAY - ago, count: index + 1 })),
    TODAY,
  );
  expect(row).toHaveLength(RHYTHM_DAYS);
  expect([row.at(-1), row.at(-6), row[0]]).toEqual([2, 3, 4]);
  expect(row.reduce((sum, count) => sum + count, 0)).toBe(9);
});
