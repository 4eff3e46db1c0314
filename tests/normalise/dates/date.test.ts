import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasTimeOfDay, parseDate } from '../../../src/normalise/dates/date.ts';

/** Checks a date. `expected` is an instant in ISO form, a day ("2020-01-05") for a date without a
 *  time, or null for no date. */
function check(text: string, expected: string | null): void {
  const date = parseDate(text);
  const hasTime = hasTimeOfDay(text);
  const read =
    date === null ? null : hasTime ? date.toISOString().replace('.000Z', 'Z').replace(':00Z', 'Z') : date.toISOString().slice(0, 10);
  expect(read).toBe(expected);
}

test.each([
  ['Sun, 05 Jan 2020 15:45:00 GMT', '2020-01-05T15:45Z'],
  ['Thu, 5 Jan 2020 15:45', '2020-01-05T15:45Z'],
  ['5 Jan 20 15:45 EST', '2020-01-05T20:45Z'],
  ['5 Jan 70 15:45 EDT', '1970-01-05T19:45Z'],
  ['Sun, 5 Jan 2020 3:45:1 +0100 (CET)', '2020-01-05T02:45:01Z'],
  ['Sunday, 05-Jan-20 15:45:00 GMT', '2020-01-05T15:45Z'],
  ['Sun,5 Jan 2020 15:45:00 -0000', '2020-01-05T15:45Z'],
  ['05 Jan 2020 15:45 A', '2020-01-05T15:45Z'],
  ['05 Jan 2020 15:45 IST', '2020-01-05T10:15Z'],
  ['05 Jan 2020 15:45 AEDT', '2020-01-05T04:45Z'],
  ['05 Jan 2020 15:45 MSK', '2020-01-05T12:45Z'],
  ['05 Jan 2020 15:45 GMT+1', '2020-01-05T14:45Z'],
  ['05 Jan 2020 15:45 +1', '2020-01-05T14:45Z'],
  ['05 Jan 2020 15:45 UTC+2', '2020-01-05T13:45Z'],
  ['05 Jan 2020 15:45:00 -05', '2020-01-05T20:45Z'],
  ['05 Jan 2020 15:45:00  0100', '2020-01-05T14:45Z'],
  ['05 Jan 2020 15:45:00 +3000', '2020-01-04T09:45Z'],
  ['05 Jan 2020 15:45 AEST', '2020-01-05T05:45Z'],
  ['05 Jan 2020 15:45 JST', '2020-01-05T06:45Z'],
  ['05 Jan 2020 15:45 CEST', '2020-01-05T13:45Z'],
  ['05 Jul 2020 15:45 BST', '2020-07-05T14:45Z'],
  ['05 Jan 2020 15:45 America/Argentina/Buenos_Aires', '2020-01-05T18:45Z'],
  ['Sun, 05 Jan 2020 24:00:00 GMT', '2020-01-06T00:00Z'],
  ['Sun, Jan 5, 2020 15:45:00 GMT', '2020-01-05T15:45Z'],
  ['Sun , 05 Jan, 2020 15.45.00 GMT', '2020-01-05T15:45Z'],
  ['05 Jan 2020 03:45:00 PM EST', '2020-01-05T20:45Z'],
  ['05 Jan 2020 15:45:00 +-0100', null],
  ['32 Jan 2020 10:00 GMT', null],
  ['31 Feb 2020 10:00 GMT', null],
  ['5 Jan 2020 25:00', null],
  ['5 Jan 2020 10:61', null],
])('reads RFC 822 and its mistakes: %j', check);

test.each([
  ['2020', '2020-01-01'],
  ['2020-02', '2020-02-01'],
  ['2020-01-05', '2020-01-05'],
  ['2020/01/05', '2020-01-05'],
  ['20200105', '2020-01-05'],
  ['20200105T154500Z', '2020-01-05T15:45Z'],
  ['2020-01-05T15:45Z', '2020-01-05T15:45Z'],
  ['2020-01-05 15:45:1', '2020-01-05T15:45:01Z'],
  ['2020-01-05T15:45:00.500Z', '2020-01-05T15:45:00.500Z'],
  ['2020-01-05T15:45:00,5+01', '2020-01-05T14:45:00.500Z'],
  ['2020-01-05T15:45:00+0530', '2020-01-05T10:15Z'],
  ['2020-01-05T15:45:00-05:00[America/New_York]', '2020-01-05T20:45Z'],
  ['2020-07-05T15:45:00 America/New_York', '2020-07-05T19:45Z'],
  ['2020-01-05T24:00:00Z', '2020-01-06T00:00Z'],
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59Z'],
  ['2020-01-05 15:45:00 +0000 UTC', '2020-01-05T15:45Z'],
  ['2020-01-05T15:45:00+1', '2020-01-05T14:45Z'],
  ['2020-01-05T15:45:00+00:0', '2020-01-05T15:45Z'],
  ['2020-01-05T15:45:00Z+01:00', '2020-01-05T14:45Z'],
  ['2020-01-05t15:45:00z', '2020-01-05T15:45Z'],
  ['2020-1-5T3:4:5Z', '2020-01-05T03:04:05Z'],
  ['2020-Jan-05 15:45', '2020-01-05T15:45Z'],
  ['2020-02-30', null],
  ['2020-13-01', null],
  ['0000-00-00', null],
])('reads RFC 3339 and W3C-DTF and their mistakes: %j', check);

test.each([
  ['Sun Jan  5 15:45:00 2020', '2020-01-05T15:45Z'],
  ['Sun Jan 5 15:45:00 EST 2020', '2020-01-05T20:45Z'],
  ['Sun Jan 05 2020 15:45:00 GMT+0100 (Central European Standard Time)', '2020-01-05T14:45Z'],
  ['January 5, 2020 3:45 PM EST', '2020-01-05T20:45Z'],
  ['July 5, 2020 at 3:45 p.m. ET', '2020-07-05T19:45Z'],
  ['Jan. 5th, 2020', '2020-01-05'],
  ['15:45, 5 January 2020', '2020-01-05T15:45Z'],
  ['5 January 2020 12:05 am', '2020-01-05T00:05Z'],
  ['1/25/2020 3:45 PM', '2020-01-25T15:45Z'],
  ['5/1/2020', null],
  ['05.01.2020 15:45', '2020-01-05T15:45Z'],
  ['1578239100', '2020-01-05T15:45Z'],
  ['1578239100000', '2020-01-05T15:45Z'],
])('reads dates as programs and people write them: %j', check);

test.each([
  ['Sonntag, 5. März 2020, 15:45 Uhr', '2020-03-05T15:45Z'],
  ['le 1er août 2020 à 15h45', '2020-08-01T15:45Z'],
  ['domingo, 5 de enero de 2020 15:45', '2020-01-05T15:45Z'],
  ['5 gennaio 2020 alle ore 15:45', '2020-01-05T15:45Z'],
  ['5 de março de 2020 às 15h45', '2020-03-05T15:45Z'],
  ['zondag 5 januari 2020 om 15.45 uur', '2020-01-05T15:45Z'],
  ['5 мая 2020 г. в 15:45 МСК', '2020-05-05T12:45Z'],
  ['5 października 2020, godz. 15:45', '2020-10-05T15:45Z'],
  ['5 Ocak 2020 15:45', '2020-01-05T15:45Z'],
  ['5. ledna 2020', '2020-01-05'],
  ['5. tammikuuta 2020 klo 15.45', '2020-01-05T15:45Z'],
  ['2020. március 5. 15:45', '2020-03-05T15:45Z'],
  ['5 Ιανουαρίου 2020', '2020-01-05'],
  ['5 січня 2020', '2020-01-05'],
  ['5 ianuarie 2020', '2020-01-05'],
  ['5 de gener de 2020', '2020-01-05'],
  ['5 Agustus 2020', '2020-08-05'],
  ['5 يناير 2020', '2020-01-05'],
  ['2020年1月5日 15:45', '2020-01-05T15:45Z'],
  ['２０２０年１月５日（日）午後3時45分', '2020-01-05T15:45Z'],
  ['2020년 1월 5일 오후 3:45', '2020-01-05T15:45Z'],
])('reads other languages: %j', check);

test.each([
  '10-12 March 2020',
  '2019-2020',
  'Spring 2020',
  '5 hours ago',
  'yesterday at 12:00',
  '12:00:00 5/1/2020',
  '',
  ' ',
  'now',
  'today',
  'junk',
  '-',
  '12:30',
  '5 foo 2020',
  'tomorrow at noon',
  '99999999999999',
  '2020-01-05T15:45:00+99:00',
])('finds no date in %j', (text) => check(text, null));

test('reads every formatted instant, and no string throws', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date('1000-01-01'), max: new Date('9999-12-31') }), (date) => {
      expect(parseDate(date.toISOString())).toEqual(date);
      expect(parseDate(date.toUTCString())?.getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
  const pieces = fc.constantFrom(
    '5',
    '31',
    '2020',
    ' ',
    'Jan',
    'Feb',
    '-',
    ':',
    '/',
    '.',
    'T',
    'Z',
    '+',
    'am',
    '年',
    '月',
    ',',
    'ET',
    '15:45',
    'a/b',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (text) => {
        expect(Number.isNaN(parseDate(text)?.getTime() ?? 0)).toBe(false);
      },
    ),
  );
});
