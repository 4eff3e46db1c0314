const months: readonly string[] = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Sun, 06 Nov 1994 08:49:37 GMT, and RFC 850's Sunday, 06-Nov-94 08:49:37 GMT. */
const fixed = /^(?:[a-z]{3,9},?\s+)?(\d{1,2})[ -]([a-z]{3})[ -](\d{4}|\d{2})\s+(\d{2}):(\d{2}):(\d{2})\s+(?:gmt|utc|z|[+-]0000)$/i;
/** Sun Nov  6 08:49:37 1994, of C's asctime. */
const asctime = /^[a-z]{3}\s+([a-z]{3})\s+(\d{1,2})\s+(\d{2}):(\d{2}):(\d{2})\s+(\d{4})$/i;

/** The instant of an HTTP-date in any of its three forms (RFC 9110 §5.6.7), with the GMT that some servers write as UTC or +0000.
 *  null for everything else, `0` and `-1` included: `Date.parse` would make a year out of them. A year of two digits that lies more
 *  than fifty years after `now` is of the century before. The name of the day is not compared. */
export function parseHttpDate(text: string, now: Date): Date | null {
  const trimmed = text.trim();
  const [, day = '', month = '', year = '', hour = '', minute = '', second = ''] = fixed.exec(trimmed) ?? [];
  if (day !== '') return toInstant(fullYear(year, now), month, day, hour, minute, second);
  const [, monthC = '', dayC = '', hourC = '', minuteC = '', secondC = '', yearC = ''] = asctime.exec(trimmed) ?? [];
  return dayC === '' ? null : toInstant(Number(yearC), monthC, dayC, hourC, minuteC, secondC);
}

function fullYear(text: string, now: Date): number {
  if (text.length === 4) return Number(text);
  const year = Math.floor(now.getUTCFullYear() / 100) * 100 + Number(text);
  return year > now.getUTCFullYear() + 50 ? year - 100 : year;
}

function toInstant(year: number, monthName: string, day: string, hour: string, minute: string, second: string): Date | null {
  const month = months.indexOf(monthName.toLowerCase());
  // A leap second is the next second: Date knows none.
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const instant = new Date(Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second)));
  const rolledOver = new Date(Date.UTC(year, month, Number(day))).getUTCMonth() !== month || Number(day) === 0;
  return rolledOver ? null : instant;
}
