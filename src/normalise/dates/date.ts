import { monthOf, offsetOf, zoneOfName } from './date-words.ts';

/**
 * The instant that a date as written in a feed, a file or its name stands for. null when the
 * table below does not know it, or it names a day that the calendar has not. Without a zone it
 * is UTC, without a time midnight, without a day the first; a weekday is not looked at. RFC
 * 5322 §3.3 and §4.3, RFC 3339, W3C-DTF, asctime, Unix seconds or milliseconds, and the long
 * forms of twelve languages. "5/1/2020" is null: it is in May or in January. Nothing depends on
 * the machine's own zone or on the present moment. `zone`: IANA zone of what names none (UTC if
 * absent). A time that a change of clocks skips counts on from the hour before. Of a time that
 * it repeats the first holds (RFC 5545 §3.3.5).
 */
export function parseDate(text: string, zone = 'UTC'): Date | null {
  const written = readWritten(text);
  return written === null ? null : toInstant(written, zone);
}

/** The same, and null too when a zone is named that nobody knows. RFC 5322 §4.3 reads that as
 *  UTC, but nothing is to be shown on such a guess. */
export function parseCertainDate(text: string, zone: string): Date | null {
  const name = readWritten(text)?.zone?.trim();
  const isKnown = name === undefined || /\d|\//.test(name) || offsetOf(name) !== null || zoneOfName(name) !== null;
  return isKnown ? parseDate(text, zone) : null;
}

/** Nothing was on the web before; older dates are zeroes and typing errors. */
const OLDEST = Date.UTC(1990, 0, 1);

/** The first of several written dates that can be read and believed, with its text; null when there
 *  is none. Sources often give a date in several elements, one of which their software fills with
 *  zeroes or words. */
export function readDate(texts: readonly (string | null)[], zone = 'UTC'): { readonly date: Date; readonly text: string } | null {
  for (const text of texts) {
    const date = text === null ? null : parseDate(text, zone);
    if (text !== null && date !== null && date.getTime() >= OLDEST) return { date, text };
  }
  return null;
}

/** Whether a written date names a time of day: an update mark's clock time is then looked for after
 *  it, else on its day (docs/design.md §70). Midnight counts when it is written out. false for what
 *  is no date. */
export function hasTimeOfDay(text: string): boolean {
  const written = readWritten(text);
  return written !== null && (written.hour ?? written.seconds) !== undefined && toInstant(written, 'UTC') !== null;
}

/** Groups that a form of the table may catch, as written; those that did not occur are absent or
 *  undefined. */
type Written = Readonly<
  Partial<
    Record<
      'year' | 'month' | 'day' | 'name' | 'hour' | 'minute' | 'second' | 'fraction' | 'half' | 'zone' | 'seconds' | 'one' | 'two',
      string
    >
  >
>;

const clock = String.raw`(?:(?<hour>\d{1,2}) ?[:.h] ?(?<minute>\d{1,2})(?: ?[:.m] ?(?<second>\d{1,2})(?:[.,:](?<fraction>\d{1,9}))?)?h?|(?<hour>\d{1,2}) ?(?:h|(?=[ap]m(?!\p{L}))))(?: ?(?<half>am|pm)(?!\p{L}))?`;
const zone = String.raw`(?: ?(?<zone>(?:gmt|utc?|z)? ?[+-]\d{1,2}(?::?\d{2}|:\d)?|(?<= )\d{4}|\p{L}+(?:/[\p{L}_-]+){1,2}|\p{L}{1,5})(?: \p{L}{1,5})?)`;
const tail = String.raw`(?:(?: ?t ?| (?:- )?)${clock}${zone}?)?`;
const lead = String.raw`(?:[\p{L}'-]+[.:]? ?(?:(?<= )|(?=\d))){0,2}`;
const dayName = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th|er|o|a)?\.?[ /-]?(?<name>\p{L}{3,12})\.?`;
const nameDay = String.raw`(?<name>\p{L}{3,12})\.?[ -]?(?<day>\d{1,2})(?:st|nd|rd|th)?\.?`;
const anyYear = String.raw`(?<year>\d{4}|'?\d{2})`;
const half = String.raw`(?<half>午前|午後|上午|下午|晚上|凌晨|早上|中午|오전|오후)`;

/** The one table of forms, tried from the top on text prepared by `prepare`, which holds at most
 *  100 characters: none can run long. */
const forms: readonly RegExp[] = [
  String.raw`(?<seconds>\d{10}|\d{13})(?:\.\d{1,9})?`,
  String.raw`(?<year>\d{4})(?:[/.-] ?(?<month>\d{1,2})(?:[/.-] ?(?<day>\d{1,2})\.?${tail})?)?`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?: ?t?(?<hour>\d{2}):?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?${zone}?)?`,
  String.raw`${lead}${dayName}[ /-]?${anyYear}${tail}`,
  String.raw`(?<year>\d{4})[. /-]? ?${nameDay}${tail}`,
  String.raw`${lead}${nameDay}[ -]${anyYear}${tail}`,
  String.raw`${lead}(?:${nameDay}|${dayName}) ${clock}${zone}? (?<year>\d{4})(?: ?[+-]\d{4})?`,
  String.raw`${clock}${zone}? (?:- )?(?:\p{L}+ )?(?:${nameDay}|${dayName}) (?<year>\d{4})`,
  String.raw`${lead}(?<day>\d{1,2})\. ?(?<month>\d{1,2})\. ?${anyYear}${tail}`,
  String.raw`${lead}(?<one>\d{1,2})[/-](?<two>\d{1,2})[/-](?<year>\d{4})${tail}`,
  String.raw`(?<name>\p{L}{3,12})\.? (?<year>\d{4})`,
  String.raw`(?<year>\d{4}) ?[年년] ?(?<month>\d{1,2}) ?[月월] ?(?<day>\d{1,2}) ?[日일号號]?(?: ?(?:星期.|[周週].|.曜日?|.요일))?(?: ?${half}? ?(?<hour>\d{1,2}) ?[:時时点點시](?: ?(?<minute>\d{1,2}) ?[:分분]?(?: ?(?<second>\d{1,2}) ?[秒초]?)?)?${zone}?)?`,
].map((form) => new RegExp(`^${form}$`, 'u'));

const fillers = new Set(
  'de du of del do dos at à a las alle ore às as om um kl kl. godz godz. o в г г. года den uhr uur hrs hours klo'.split(' '),
);

function readWritten(text: string): Written | null {
  if (text.length > 300) return null;
  const prepared = prepare(text);
  if (prepared.length > 100) return null;
  for (const form of forms) {
    const groups: Written | undefined = form.exec(prepared)?.groups;
    // A word in the place of a month that is none may still be read by a later form.
    if (groups !== undefined && (groups.name === undefined || monthOf(groups.name) !== null)) return groups;
  }
  return null;
}

/** Full-width signs to plain ones, lower case, no comments (RFC 5322 §3.2.2), no commas but a
 *  decimal one, no words such as "de" and "at". */
function prepare(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ')
    .replaceAll('\u2212', '-')
    .replace(/,(?!\d)|(?<!:\d\d:\d\d),/g, ' ')
    .replace(/(?<![\p{L}])([ap])\. ?m\.?(?![\p{L}])/gu, '$1m');
  return plain
    .split(/\s+/)
    .filter((word) => word !== '' && !fillers.has(word))
    .join(' ');
}

function toInstant(written: Written, ownZone: string): Date | null {
  if (written.seconds !== undefined) return new Date(Number(written.seconds) * (written.seconds.length === 10 ? 1000 : 1));
  const date = toCalendarDay(written);
  const time = toClock(written);
  if (date === null || time === null) return null;
  const [year, month, day] = date;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  // 31 February has become a day of March.
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  const local = midnight.getTime() + time;
  const offset = written.zone === undefined ? offsetAt(ownZone, local) : toOffset(written.zone, local);
  return offset === null ? null : new Date(local - offset * 60_000);
}

function toCalendarDay(written: Written): readonly [year: number, month: number, day: number] | null {
  if (written.year === undefined) return null;
  const digits = written.year.replace("'", '');
  // RFC 5322 §4.3: two digits are 2000 to 2049 or 1950 to 1999.
  const year = Number(digits) + (digits.length > 2 ? 0 : Number(digits) < 50 ? 2000 : 1900);
  if (written.one !== undefined && written.two !== undefined) {
    const [one, two] = [Number(written.one), Number(written.two)];
    if (one <= 12 && two <= 12 && one !== two && written.half === undefined) return null;
    // Day first, unless that cannot be or the clock is an American one.
    return two > 12 || (one <= 12 && written.half !== undefined) ? [year, one, two] : [year, two, one];
  }
  const month = written.name === undefined ? Number(written.month ?? 1) : monthOf(written.name);
  return month === null ? null : [year, month, Number(written.day ?? 1)];
}

/** Milliseconds since midnight; null when no clock shows that. 24:00 is the end of the day, a leap
 *  second the second before it. */
function toClock(written: Written): number | null {
  const [minute, second] = [Number(written.minute ?? 0), Number(written.second ?? 0)];
  const hour = toHour(Number(written.hour ?? 0), written.half);
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return null;
  return ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + Math.floor(Number(`0.${written.fraction ?? 0}`) * 1000);
}

/** The hour from 0 to 24 that a number and a word for the half of the day name: "12 am" is 0, "3
 *  pm" and 午後3時 are 15. Without a word, or with an hour above 12 ("15:45 pm"), the number stands as
 *  it is; it is not checked. */
export function toHour(hour: number, halfOfDay: string | undefined): number {
  if (halfOfDay === undefined || hour > 12) return hour;
  const isAfternoon = /^(?:p|午後|下午|晚上|中午|오후)/.test(halfOfDay);
  return isAfternoon ? (hour % 12) + 12 : hour % 12;
}

/** Minutes east of UTC at a local time given as milliseconds; null for a zone that cannot be. An
 *  unknown word is UTC (RFC 5322 §4.3). */
function toOffset(name: string, local: number): number | null {
  const numeric = /([+-]?)(\d{1,2})(:?)(\d{1,2})?$/.exec(name);
  if (numeric !== null) {
    const [, sign, hours, colon, minutes] = numeric;
    const offset = Number(hours) * 60 + Number(minutes ?? 0);
    // RFC 5322 §3.3 lets four digits be anything; without a sign they had a "+" that somewhere was
    // taken for a space.
    const most = colon === '' && sign !== '' && minutes?.length === 2 ? 99 * 60 + 59 : 15 * 60;
    return offset > most || Number(minutes ?? 0) > 59 ? null : sign === '-' ? -offset : offset;
  }
  const fixed = offsetOf(name);
  if (fixed !== null) return fixed;
  const iana = name.includes('/') ? name : zoneOfName(name);
  return iana === null ? 0 : offsetAt(iana, local);
}

/** Minutes east of UTC that take a local time to its instant; null for a zone that is none. */
function offsetAt(zoneName: string, local: number): number | null {
  if (zoneName === 'UTC') return 0;
  try {
    const wall = new Date(local).toISOString().slice(0, 23);
    return (local - Temporal.PlainDateTime.from(wall).toZonedDateTime(zoneName).epochMilliseconds) / 60_000;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
