import { expect, test } from 'vitest';
import { readFreshUntil, readRetryAfter } from '../../../src/ingest/http/poll-hints.ts';

const now = new Date('2026-03-01T12:00:00Z');

test.each([
  ['120', 120],
  [' 3600 ', 3600],
  ['Sun, 01 Mar 2026 13:30:00 GMT', 5400],
  ['Sunday, 01-Mar-26 13:30:00 GMT', 5400],
  ['2592000', 30 * 86_400],
  ['2678400', 31 * 86_400],
  ['2678401', 31 * 86_400],
  ['99999999999', 31 * 86_400],
  ['99999999999999999999', 31 * 86_400],
  ['9'.repeat(400), 31 * 86_400],
  ['Sun, 01 Mar 2099 13:30:00 GMT', 31 * 86_400],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 31 * 86_400],
  ['0', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['Sun, 01 Mar 2026 11:00:00 GMT', null],
  [null, null],
])('A7 reads Retry-After %j as seconds from now', (value, expected) => {
  expect(secondsTo(readRetryAfter(value, now))).toBe(expected);
});

test.each([
  [{ cacheControl: 'max-age=3600' }, 3600],
  [{ cacheControl: 'public, Max-Age="7200"' }, 7200],
  [{ cacheControl: 'max-age=60, max-age=3600' }, 60],
  [{ cacheControl: 's-maxage=9999, max-age=60' }, 60],
  [{ cacheControl: 'max-age=3600', age: '600' }, 3000],
  [{ cacheControl: 'max-age=3600', age: '3600' }, null],
  [{ cacheControl: 'max-age=3600', age: 'old' }, 3600],
  [{ cacheControl: 'max-age=0' }, null],
  [{ cacheControl: 'max-age=-1' }, null],
  [{ cacheControl: 'no-cache, max-age=3600' }, null],
  [{ cacheControl: 'max-age=3600, no-store' }, null],
  [{ cacheControl: 'no-cache="set-cookie", max-age=3600' }, 3600],
  [{ cacheControl: 'private, must-revalidate' }, null],
  [{ cacheControl: 'max-age=504576000' }, 30 * 86_400],
  [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT' }, 3600],
  [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT', date: 'Sun, 01 Mar 2026 12:30:00 GMT' }, 1800],
  [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT', age: '600' }, 3000],
  [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT', cacheControl: 'max-age=60' }, 60],
  [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT', cacheControl: 'max-age=soon' }, null],
  [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT', cacheControl: 'no-cache' }, null],
  [{ expires: 'Sun, 01 Mar 2042 13:00:00 GMT' }, 30 * 86_400],
  [{ expires: 'Sun, 01 Mar 2026 11:00:00 GMT' }, null],
  [{ expires: '0' }, null],
  [{ expires: '-1' }, null],
  [{}, null],
])('A6 takes %j as fresh for so many seconds', (fields, expected) => {
  expect(secondsTo(readFreshUntil({ cacheControl: null, expires: null, date: null, age: null, ...fields }, now))).toBe(expected);
});

function secondsTo(instant: Date | null): number | null {
  return instant === null ? null : (instant.getTime() - now.getTime()) / 1000;
}
