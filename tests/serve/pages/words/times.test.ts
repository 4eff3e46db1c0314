import { expect, test } from 'vitest';
import { toMinute, showTimeOfDay, toDayName, toNumber } from '../../../../src/serve/pages/words/times.ts';

const date = new Date('2026-01-05T20:45:07Z');

test.each([
  [null, null, '5 January 2026 at 20:45 UTC', 'Monday, 5 January 2026', '20:45'],
  ['en', 'America/New_York', '5 January 2026 at 15:45 GMT-5', 'Monday, 5 January 2026', '15:45'],
  ['de', 'Asia/Tokyo', '6. Januar 2026 um 05:45 GMT+9', 'Dienstag, 6. Januar 2026', '05:45'],
  ['xx-invalid-tag-', null, '5 January 2026 at 20:45 UTC', 'Monday, 5 January 2026', '20:45'],
])('writes a time for %s in %s', async (language, timeZone, long, day, time) => {
  const place = { language, timeZone };
  const shown = String(await toMinute(date, place));
  expect(shown).toContain(`>${long}</time>`);
  expect(shown).toContain('datetime="2026-01-05T20:45:07Z"');
  // The attributes are exact to the second.
  expect(shown).toMatch(/title="[^"]*45:07/);
  expect(toDayName(date, place)).toBe(day);
  expect(String(await showTimeOfDay(date, place))).toContain(`>${time}</time>`);
});

test("writes numbers in the site's language", () => {
  expect(toNumber(12_345, { language: 'en', timeZone: null })).toBe('12,345');
  expect(toNumber(12_345, { language: 'de', timeZone: null })).toBe('12.345');
});
