import { expect, test } from 'vitest';
import { parseHttpDate } from '../../../src/model/values/http-date.ts';

const now = new Date('2026-03-01T12:00:00Z');

/** The third column is the exact reading where it differs from the tolerant one. */
test.each<[text: string, tolerant: string | null, exact?: null]>([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
  ['Friday, 06-Nov-76 08:49:37 GMT', '2076-11-06T08:49:37.000Z'],
  ['Sunday, 06-Nov-77 08:49:37 GMT', '1977-11-06T08:49:37.000Z'],
  ['Thu, 31 Dec 2026 23:59:60 GMT', '2027-01-01T00:00:00.000Z'],
  ['Sun, 1 Mar 2026 13:00:00 UTC', '2026-03-01T13:00:00.000Z', null],
  ['Sun, 01 Mar 2026 13:00:00 +0000', '2026-03-01T13:00:00.000Z', null],
  [' sun, 01 mar 2026 13:00:00 gmt ', '2026-03-01T13:00:00.000Z', null],
  ['06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z', null],
  ['0', null],
  ['-1', null],
  ['2026', null],
  ['', null],
  ['Sun, 31 Feb 2026 13:00:00 GMT', null],
  ['Sun, 00 Mar 2026 13:00:00 GMT', null],
  ['Sun, 01 Foo 2026 13:00:00 GMT', null],
  ['Sun, 01 Mar 2026 25:00:00 GMT', null],
  ['Sun, 01 Mar 2026 13:00:00 +0100', null],
])('reads the HTTP-date %j', (text, tolerant, exact) => {
  expect(parseHttpDate(text, now, 'tolerant')?.toISOString() ?? null).toBe(tolerant);
  expect(parseHttpDate(text, now, 'exact')?.toISOString() ?? null).toBe(exact === undefined ? tolerant : exact);
});
