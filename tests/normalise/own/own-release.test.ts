import { expect, test } from 'vitest';
import { parseCertainDate, parseDate } from '../../../src/normalise/dates/date.ts';
import { judgeRelease } from '../../../src/normalise/own/own-release.ts';
import { parseArticle } from '../../../src/parse/parse.ts';

const now = new Date('2026-11-29T12:00:00Z');

/** Checks an article with this front matter at noon of 29 November in Berlin. The verdict is
 *  `shown`, `shown until …`, `embargo …`, `expired`, or the code of a fault. */
function check(head: string, expected: string, location = 'a.md'): void {
  const bytes = new TextEncoder().encode(`---\n${head}\n---\nBody`);
  const parsed = parseArticle({ bytes, contentType: null, url: 'file:///a' }, location);
  if (parsed.kind === 'refused') expect.fail(parsed.problem.message);
  const { hold, expiresAt } = judgeRelease(parsed.own.release, { now, zone: 'Europe/Berlin' });
  const toText = (date: Date | null) => (date === null ? '' : ` ${date.toISOString().replace(':00.000Z', 'Z')}`);
  const shown = `shown${expiresAt === null ? '' : ` until${toText(expiresAt)}`}`;
  expect(hold === null ? shown : hold.reason === 'fault' ? hold.code : `${hold.reason}${toText(hold.until)}`).toBe(expected);
}

test.each([
  ['date: 2026-11-29 13:00', 'shown'],
  ['date: 2026-11-29 13:01', 'embargo 2026-11-29T12:01Z'],
  ['date: 2026-12-24', 'embargo 2026-12-23T23:00Z'],
  ['date: 2026-12-24T12:00:00+01:00', 'embargo 2026-12-24T11:00Z'],
  ['date: 2026-12-24 12:00 Europe/London', 'embargo 2026-12-24T12:00Z'],
  ['date: 2026-12-24 12:00 CET', 'embargo 2026-12-24T11:00Z'],
  ['date: 24 December 2026', 'embargo 2026-12-23T23:00Z'],
  ['date: 20261224', 'embargo 2026-12-23T23:00Z'],
  ['date: 1798110000', 'embargo 2026-12-24T11:00Z'],
  ['date: 1985-05-01', 'shown'],
  ['date: 2026-12-24\npublishDate: 2026-11-01', 'shown'],
  ['date: 2026-11-01\npublishDate: 2026-12-24', 'embargo 2026-12-23T23:00Z'],
  ['publish_date: 2026-12-24', 'embargo 2026-12-23T23:00Z'],
  ['pubDate: 2026-12-24', 'embargo 2026-12-23T23:00Z'],
  ['published: 2026-12-24', 'embargo 2026-12-23T23:00Z'],
  ['publishDate: 2026-11-01\nembargo: 2026-12-24', 'embargo 2026-12-23T23:00Z'],
  ['expiryDate: 2026-12-24', 'shown until 2026-12-23T23:00Z'],
  ['expiryDate: 2026-11-29 13:00', 'expired'],
  ['unpublishDate: 2026-11-01', 'expired'],
  ['date: 2026-12-24\nexpiryDate: 2026-12-25', 'embargo 2026-12-23T23:00Z'],
  ['date: 2026-13-45', 'article/date'],
  ['date: tomorrow', 'article/date'],
  ['date: 5/1/2026', 'article/date'],
  ['date: 2026-12-24 12:00 Nowhere/Town', 'article/date'],
  ['date: 2026-11-01 12:00 QQQ', 'article/date'],
  ['date: 2026-11-01\nupdated: never', 'article/date'],
  ['expiryDate: soon', 'article/date'],
  ['publishDate: 2026-11-01\ndate: soon', 'article/date'],
])('%j is %s', (head, expected) => check(head, expected));

test('an article waits for the date in its file name, unless the front matter has one', () => {
  check('title: T', 'embargo 2026-12-23T23:00Z', '2026-12-24-a.md');
  check('date: 2026-11-01', 'shown', '2026-12-24-a.md');
  check('title: T', 'shown', '2026-11-29-a.md');
});

test.each([
  ['2026-11-29 09:30', '2026-11-29T08:30Z'],
  ['2026-11-29T09:30:00', '2026-11-29T08:30Z'],
  ['20261129T0930', '2026-11-29T08:30Z'],
  ['29 Nov 2026 09:30', '2026-11-29T08:30Z'],
  ['Nov 29, 2026 9:30 AM', '2026-11-29T08:30Z'],
  ['29.11.2026 09:30', '2026-11-29T08:30Z'],
  ['29/11/2026 09:30', '2026-11-29T08:30Z'],
  ['2026年11月29日 9時30分', '2026-11-29T08:30Z'],
  ['2026-11-29', '2026-11-28T23:00Z'],
  ['2026-07-29', '2026-07-28T22:00Z'],
  ['2026-11-29 09:30Z', '2026-11-29T09:30Z'],
  ['2026-11-29 09:30 EST', '2026-11-29T14:30Z'],
  // The hour that 29 March lacks, and the one that 25 October has twice.
  ['2026-03-29 02:30', '2026-03-29T01:30Z'],
  ['2026-03-29 03:30', '2026-03-29T01:30Z'],
  ['2026-10-25 02:30', '2026-10-25T00:30Z'],
  ['2026-03-29 02:30 Europe/Berlin', '2026-03-29T01:30Z'],
])('a date without a zone is read in the given zone: %s', (text, expected) => {
  expect(parseDate(text, 'Europe/Berlin')?.toISOString().replace(':00.000Z', 'Z')).toBe(expected);
  expect(parseCertainDate(text, 'Europe/Berlin')).toEqual(parseDate(text, 'Europe/Berlin'));
});

test('a date begins at one o’clock when a change of clocks skips midnight', () => {
  expect(parseDate('2026-04-24', 'Africa/Cairo')).toEqual(new Date('2026-04-23T22:00:00Z'));
});
