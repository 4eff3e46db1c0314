/** The instant of an HTTP-date in any of the three forms that a recipient must know (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`,
 *  `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. null for anything else, a day that no month has included. The name of
 *  the day of the week is not compared with the date. `now` tells the century of a year of two digits. */
export function parseHttpDate(text: string, now: Date): Date | null {
  const found = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (!found) return null;
  const number = (name: string) => Number(found[name]);
  const month = MONTHS.indexOf(found['month'] ?? '');
  const year = found['year']?.length === 2 ? toFullYear(number('year'), now) : number('year');
  const day = new Date(Date.UTC(year, month, number('day')));
  // Second 60 is a leap second.
  if (month < 0 || day.getUTCDate() !== number('day') || number('hour') > 23 || number('minute') > 59 || number('second') > 60) return null;
  return new Date(day.getTime() + ((number('hour') * 60 + number('minute')) * 60 + number('second')) * 1000);
}

const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
const FORMS = [
  new RegExp(`^[A-Z][a-z]{2}, (?<day>\\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, (?<day>\\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\\d{2}) ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** More than 50 years ahead is the last century (RFC 9110 §5.6.7). */
function toFullYear(short: number, now: Date): number {
  const year = now.getUTCFullYear() - (now.getUTCFullYear() % 100) + short;
  return year > now.getUTCFullYear() + 50 ? year - 100 : year;
}
