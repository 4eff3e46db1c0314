import { monthOf, offsetOf, zoneOfName } from './date-words.ts';

/** Returns the instant of a date as written in a feed, a file or a file's name. Returns null when
 *  no form below fits, or the calendar has no such day. Without a zone it is UTC, without a time
 *  midnight, without a day the first; the weekday is ignored. The forms are those of RFC 5322 §3.3
 *  and §4.3, RFC 3339, W3C-DTF and asctime. Unix seconds, Unix milliseconds and the long forms of
 *  twelve languages are read too. A date like "5/1/2020" is null, since it may be in May or in
 *  January. The machine's own zone and the present moment have no influence. `zone`: IANA zone of
 *  dates that name none (UTC if absent). A time that a change of clocks skips is counted from the
 *  hour before. Of a repeated time the first is meant (RFC 5545 §3.3.5). */
export function parseDate(text: string, zone = 'UTC'): Date | null {
  const written = readWritten(text);
  return written === null ? null : toInstant(written, zone);
}

/** Returns the same instant, but null when the zone is unknown. RFC 5322 §4.3 reads unknown zones
 *  as UTC, but no article may be shown on such a guess. */
export function parseCertainDate(text: string, zone: string): Date | null {
  const name = readWritten(text)?.zone?.trim();
  const isKnown = name === undefined || /\d|\//.test(name) || offsetOf(name) !== null || zoneOfName(name) !== null;
  return isKnown ? parseDate(text, zone) : null;
}

/** The web did not exist before; older dates are zeroes and typing errors. */
const OLDEST = Date.UTC(1990, 0, 1);

/** Returns the first of several written dates that is readable and believable, with its text; null
 *  when none is. Sources often give a date in several elements, of which one contains zeroes or
 *  words. */
export function readDate(texts: readonly (string | null)[], zone = 'UTC'): { readonly date: Date; readonly text: string } | null {
  for (const text of texts) {
    const date = text === null ? null : parseDate(text, zone);
    if (text !== null && date !== null && date.getTime() >= OLDEST) return { date, text };
  }
  return null;
}

/** Reports whether a written date has a time of day. An update mark's clock time is then searched
 *  after it, else on its day (docs/design.md §70). Midnight counts when it is written. false for a
 *  text that is no date. */
export function hasTimeOfDay(text: string): boolean {
  const written = readWritten(text);
  return written !== null && (written.hour ?? written.seconds) !== undefined && toInstant(written, 'UTC') !== null;
}

/** Named groups of the forms below, as written. A group that does not occur is absent or
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

/** The table of forms, tried from the top. `prepare` limits the text to 100 characters, so no form
 *  can run long. */
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
    // When a word is no month, a later form may still fit.
    if (groups !== undefined && (groups.name === undefined || monthOf(groups.name) !== null)) return groups;
  }
  return null;
}

/** Prepares a text: full-width signs become plain, lower case. Comments (RFC 5322 §3.2.2), commas
 *  except decimal ones, and words such as "de" and "at" are dropped. */
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
  // 31 February would become a day of March.
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
    // The day comes first, unless that is impossible or the clock is an American one.
    return two > 12 || (one <= 12 && written.half !== undefined) ? [year, one, two] : [year, two, one];
  }
  const month = written.name === undefined ? Number(written.month ?? 1) : monthOf(written.name);
  return month === null ? null : [year, month, Number(written.day ?? 1)];
}

/** Returns milliseconds since midnight. Returns null for a time that no clock shows. 24:00 is the
 *  end of the day; a leap second is the second before it. */
function toClock(written: Written): number | null {
  const [minute, second] = [Number(written.minute ?? 0), Number(written.second ?? 0)];
  const hour = toHour(Number(written.hour ?? 0), written.half);
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return null;
  return ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + Math.floor(Number(`0.${written.fraction ?? 0}`) * 1000);
}

/** Returns the hour, 0 to 24, of a number and a word for the half of the day. The hour of "12 am"
 *  is 0; that of "3 pm" or 午後3時 is 15. Without such a word, or with an hour above 12 ("15:45 pm"),
 *  the number is returned unchecked. */
export function toHour(hour: number, halfOfDay: string | undefined): number {
  if (halfOfDay === undefined || hour > 12) return hour;
  const isAfternoon = /^(?:p|午後|下午|晚上|中午|오후)/.test(halfOfDay);
  return isAfternoon ? (hour % 12) + 12 : hour % 12;
}

/** Returns minutes east of UTC at a local time in milliseconds; null for an impossible zone. An
 *  unknown word is UTC (RFC 5322 §4.3). */
function toOffset(name: string, local: number): number | null {
  const numeric = /([+-]?)(\d{1,2})(:?)(\d{1,2})?$/.exec(name);
  if (numeric !== null) {
    const [, sign, hours, colon, minutes] = numeric;
    const offset = Number(hours) * 60 + Number(minutes ?? 0);
    // RFC 5322 §3.3 allows any four digits after a sign. Without a sign, some software has turned a
    // "+" into a space.
    const most = colon === '' && sign !== '' && minutes?.length === 2 ? 99 * 60 + 59 : 15 * 60;
    return offset > most || Number(minutes ?? 0) > 59 ? null : sign === '-' ? -offset : offset;
  }
  const fixed = offsetOf(name);
  if (fixed !== null) return fixed;
  const iana = name.includes('/') ? name : zoneOfName(name);
  return iana === null ? 0 : offsetAt(iana, local);
}

/** Returns the minutes east of UTC that turn a local time into its instant; null for an unknown
 *  zone. */
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
