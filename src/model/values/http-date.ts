/** Returns the instant of an HTTP-date in one of the three forms of RFC 9110 §5.6.7: `Sun, 06 Nov
 *  1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov 6 08:49:37 1994`. Returns null
 *  for anything else, such as `0`, `-1` or 31 February. `exact` is for dates from clients: an
 *  If-Modified-Since outside the grammar is ignored (RFC 9110 §13.1.3). `tolerant` is for dates
 *  from servers: any case, spaces around, UTC or +0000 for GMT, days of one digit. The weekday is
 *  not compared with the date. `now` decides the century of a two-digit year. */
export function parseHttpDate(text: string, now: Date, reading: 'exact' | 'tolerant'): Date | null {
  const trimmed = reading === 'exact' ? text : text.trim();
  const found = FORMS[reading].map((form) => form.exec(trimmed)?.groups).find((groups) => groups !== undefined);
  if (!found) return null;
  const number = (name: string) => Number(found[name]);
  const [day, hour, minute, second] = [number('day'), number('hour'), number('minute'), number('second')];
  const month = MONTHS.indexOf(found['month']?.toLowerCase() ?? '');
  const year = toFullYear(found['year'] ?? '', now);
  const midnight = new Date(Date.UTC(year, month, day));
  // Date knows no leap second: second 60 is the next minute.
  if (month < 0 || midnight.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return null;
  return new Date(midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000);
}

const TIME = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`;

const FORMS = {
  exact: [
    new RegExp(String.raw`^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${TIME} GMT$`),
    new RegExp(String.raw`^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) ${TIME} GMT$`),
    new RegExp(String.raw`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`),
  ],
  tolerant: [
    new RegExp(
      String.raw`^(?:[a-z]{3,9},?\s+)?(?<day>\d{1,2})[ -](?<month>[a-z]{3})[ -](?<year>\d{4}|\d{2})\s+${TIME}\s+(?:gmt|utc|z|[+-]0000)$`,
      'i',
    ),
    new RegExp(String.raw`^[a-z]{3}\s+(?<month>[a-z]{3})\s+(?<day>\d{1,2})\s+${TIME}\s+(?<year>\d{4})$`, 'i'),
  ],
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Returns the year in four digits. A two-digit year more than 50 years ahead belongs to the last
 *  century (RFC 9110 §5.6.7). */
function toFullYear(text: string, now: Date): number {
  if (text.length === 4) return Number(text);
  const present = now.getUTCFullYear();
  const year = present - (present % 100) + Number(text);
  return year > present + 50 ? year - 100 : year;
}
