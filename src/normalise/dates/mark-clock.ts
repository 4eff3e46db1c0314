import { toHour } from './date.ts';
import { monthOf, zoneNames, zoneOfName } from './date-words.ts';
import type { MarkWhen } from './mark-time.ts';

/** A value read from a text, with the index after it. */
interface Reading<T> {
  readonly value: T;
  readonly end: number;
}

/** Returns the clock time at an index of a text: 1545ET, 15:45, 15.45 Uhr, 3:45 p.m., 3pm, 15h45,
 *  15 Uhr, kl. 15, noon, 午後3時45分. Returns null when there is none, or none that a clock shows. A
 *  dotted or bare number needs a word that makes it a time, since "2.10" is a version and "2020" a
 *  year. `24:00` is hour 0. The zone is not part of it. */
export function readClock(text: string, at: number): Reading<{ hour: number; minute: number | null }> | null {
  const { groups, end } = matchAt(clockForms, text, at);
  if (groups === null) return null;
  if (groups['noon'] !== undefined) return { value: { hour: 12, minute: 0 }, end };
  if (groups['midnight'] !== undefined) return { value: { hour: 0, minute: 0 }, end };
  const hour = toHour(Number(groups['hour']), groups['half']?.toLowerCase());
  const minute = groups['minute'] === undefined ? (groups['thirty'] === undefined ? null : 30) : Number(groups['minute']);
  return hour > 24 || (minute ?? 0) > 59 ? null : { value: { hour: hour % 24, minute }, end };
}

/** Returns the zone at an index of a text, bracketed or not; null when there is none. It is an IANA
 *  name or an offset (`GMT+2` is `+02:00`). "a.m. local" names none. */
export function readZone(text: string, at: number): Reading<string> | null {
  const { groups, end } = matchAt(zoneForms, text, at);
  if (groups === null) return null;
  if (groups['sign'] !== undefined) {
    const [hour, minute] = [Number(groups['hours']), Number(groups['minutes'] ?? 0)];
    if (hour > 14 || minute > 59) return null;
    return { value: `${groups['sign']}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`, end };
  }
  const name = zoneOfName(groups['zone'] ?? '');
  return name === null ? null : { value: name, end };
}

/** Returns the day at an index of a text: "Jan. 5", "5th January 2020", "5. Januar", "5 de enero",
 *  2020-01-05, 05.01.2020, 1月5日, 1/25. Returns null when there is none. `value` is null for an
 *  ambiguous day (1/5). */
export function readDay(text: string, at: number): Reading<MarkWhen['day']> | null {
  const { groups, end } = matchAt(dayForms, text, at);
  if (groups === null) return null;
  const year = groups['year'] === undefined ? null : Number(groups['year']) + (groups['year'].length === 2 ? 2000 : 0);
  if (groups['one'] !== undefined) {
    const [one, two] = [Number(groups['one']), Number(groups['two'])];
    if (one > 31 || two > 31 || (one > 12 && two > 12) || one * two === 0) return null;
    if (one <= 12 && two <= 12 && one !== two) return { value: null, end };
    return { value: one > 12 ? { year, month: two, day: one } : { year, month: one, day: two }, end };
  }
  const month = groups['name'] === undefined ? Number(groups['month']) : monthOf(groups['name']);
  const day = Number(groups['day']);
  if (month === null || month < 1 || month > 12 || day < 1 || day > 31) return null;
  return { value: { year, month, day }, end };
}

const letter = String.raw`[\p{L}\p{M}\p{N}]`;
const eastZones = zoneNames().filter((name) => /\p{Lo}/u.test(name));
const otherZones = zoneNames().filter((name) => !eastZones.includes(name));
const toDotted = (name: string): string => (/^[a-z]{1,3}t$/.test(name) ? name.split('').join(String.raw`\.?`) : name);
/** Chinese, Japanese and Korean words need no space after them. Short names may contain full stops
 *  ("E.T."). */
const zone = String.raw`(?:(?:${otherZones.map(toDotted).join('|')})\.?(?!${letter})|${eastZones.join('|')})`;
const offset = String.raw`(?:(?:gmt|utc) ?)?(?<sign>[+-])(?<hours>\d{1,2})(?::?(?<minutes>\d{2}))?(?!\d)`;
const half = String.raw`(?: ?(?<half>[ap])\.? ?m(?:\.|(?!${letter})))`;
const eastHalf = String.raw`(?<half>午前|午後|上午|下午|晚上|凌晨|早上|中午|오전|오후) ?`;
const hourWord = String.raw` ?(?:uhr|uur|hrs?|hours|h)(?!${letter})`;
const midnight = 'midnight|mitternachts?|minuit|medianoche|mezzanotte|północ|полночь|零時';
const noon = 'noon|midday|mittags?|midi|mediodía|mezzogiorno|południe|полдень|正午';

/** The first form that fits counts, so of two with the same beginning the longer is first. */
const clockForms = toPatterns([
  String.raw`(?<hour>\d{1,2})[.:](?<minute>\d{2})(?::\d{2})?${half}`,
  String.raw`(?:${eastHalf})?(?<hour>\d{1,2}):(?<minute>\d{2})(?::\d{2})?(?!\d)(?:${hourWord})?`,
  String.raw`(?:${eastHalf})?(?<hour>\d{1,2}) ?[時时点點시](?: ?(?:(?<minute>\d{1,2}) ?[分분]|(?<thirty>半|반)))?`,
  String.raw`(?<hour>\d{1,2})\.(?<minute>\d{2})(?:${hourWord}|(?= ?\(?${zone}))`,
  String.raw`(?:at|um|om|kl\.?|klo|alle ore|alle|ore|o|godz\.?) (?<hour>\d{1,2})\.(?<minute>\d{2})(?!\d)`,
  String.raw`(?<hour>\d{1,2}) ?(?:h|uhr|uur) ?(?<minute>[0-5]\d)(?!${letter})`,
  String.raw`(?<hour>\d{1,2})(?:${half}|${hourWord})`,
  String.raw`(?<hour>[01]\d|2[0-4])(?<minute>[0-5]\d)(?:${hourWord}|(?= ?\(?${zone}))`,
  String.raw`(?:at|um|om|kl\.?|@) ?(?<hour>[01]\d|2[0-4])(?<minute>[0-5]\d)(?!\d)`,
  String.raw`(?!19\d\d|20[0-5]\d)(?<hour>[01]\d|2[0-4])(?<minute>[0-5]\d)(?= ?[)\]:])`,
  String.raw`kl\.? (?<hour>\d{1,2})(?![\d.:])`,
  String.raw`(?:(?<midnight>${midnight})|(?<noon>${noon}))(?!${letter})`,
]);

const zoneForms = toPatterns([offset, String.raw`\(${offset}\)`, String.raw`(?<zone>${zone})`, String.raw`\((?<zone>${zone})\)`]);

const fullYear = String.raw`(?<year>(?:19|20)\d{2})(?!\d| ?(?:hrs|h|${zone}))`;
const dayForms = toPatterns([
  String.raw`(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)`,
  String.raw`(?:(?<year>\d{4}) ?[年년] ?)?(?<month>\d{1,2}) ?[月월] ?(?<day>\d{1,2}) ?[日일号號]`,
  String.raw`(?<name>\p{L}{3,12})\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?!\d|:\d| ?[ap]\.?m)(?:,? ${fullYear})?`,
  String.raw`(?<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)? ?(?:de |of |di )?(?<name>\p{L}{3,12})(?!\p{L})\.?(?:(?:,| de| del)? ${fullYear})?`,
  String.raw`(?<day>\d{1,2})\. ?(?<month>\d{1,2})\.(?: ?${fullYear}|(?!\d))`,
  String.raw`(?<one>\d{1,2})/(?<two>\d{1,2})(?:/(?<year>(?:19|20)\d{2}|\d{2}))?(?!\d)`,
]);

function toPatterns(forms: readonly string[]): RegExp[] {
  return forms.map((form) => new RegExp(form, 'iuy'));
}

interface Found {
  readonly groups: Readonly<Record<string, string | undefined>> | null;
  readonly end: number;
}

/** Returns the first pattern that fits at an index. A pattern with a month does not fit a word that
 *  is no month. */
function matchAt(patterns: readonly RegExp[], text: string, at: number): Found {
  for (const pattern of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null && (found.groups?.['name'] === undefined || monthOf(found.groups['name']) !== null)) {
      return { groups: found.groups ?? {}, end: at + found[0].length };
    }
  }
  return { groups: null, end: at };
}
