import { pageAttributeOf, type PageElement } from './tree.ts';

/** Most characters of an address. Servers refuse 8,000 and more; longer ones only burden logs and
 *  clipboards. */
const MAX_URL = 8000;

/** Most columns or rows that a cell may span, since a browser lays out each of them. */
const MAX_SPAN = 100;

/** Returns the attributes that any element keeps: a `lang` that names a language (BCP 47) and a
 *  `dir` that HTML knows (§3.2.6.4). */
export function keepGlobal(element: PageElement): Record<string, string | null> {
  const dir = pageAttributeOf(element, 'dir')?.toLowerCase() ?? '';
  return { lang: toLanguage(pageAttributeOf(element, 'lang')), dir: ['ltr', 'rtl', 'auto'].includes(dir) ? dir : null };
}

/** Returns a language tag in canonical form (BCP 47 §4.5): `eng` becomes `en`. Null when it is
 *  missing, malformed or unregistered: a screen reader would then pick a voice at random. */
export function toLanguage(tag: string | null): string | null {
  if (tag === null || tag.length > 35 || !/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag)) return null;
  try {
    const canonical = Intl.getCanonicalLocales(tag)[0] ?? '';
    return languages.of(canonical.replace(/-.*/, '')) === undefined ? null : canonical;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** Returns an address as a URL parser writes it; null when it is invalid, too long or of none of
 *  the given schemes. */
export function toAddress(value: string | null, schemes: readonly string[]): string | null {
  if (value === null || value.length > MAX_URL) return null;
  const url = URL.parse(value);
  if (url === null || !schemes.includes(url.protocol) || url.href.length > MAX_URL) return null;
  return url.href;
}

/** Returns the name of a link without words: its host, or the address of a mail link. */
export function toHost(href: string): string {
  const url = new URL(href);
  return url.host === '' ? url.pathname : url.host;
}

/** Returns a whole number from 0 to `most` without leading zeros; null for anything else,
 *  percentages included. */
export function toWhole(value: string | null, most: number): string | null {
  const digits = value?.trim() ?? '';
  return /^\d{1,9}$/.test(digits) && Number(digits) <= most ? String(Number(digits)) : null;
}

/** Returns a colspan or rowspan from 2 to MAX_SPAN, larger ones reduced to that; null for a span of
 *  1. */
export function toSpan(value: string | null): string | null {
  const span = Math.min(Number(toWhole(value, 1e9) ?? 1), MAX_SPAN);
  return span > 1 ? String(span) : null;
}

/** Returns a title with visible text; null for any other. */
export function toTitleAttribute(value: string | null): string | null {
  const title = cleanPageText(value ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return isVisible(title) ? title : null;
}

/** Returns text that HTML may carry, without control characters and noncharacters (HTML §13.1.4),
 *  and with line ends as browsers read them. At most 16 combining marks on one letter are kept,
 *  twice as many as any script needs. A longer stack can be one unbreakable character wider than
 *  the screen. */
export function cleanPageText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // oxlint-disable-next-line no-control-regex -- these characters are searched for
      .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]|\p{Noncharacter_Code_Point}/gu, '')
      .replace(/(\p{M}{16})\p{M}+/gu, '$1')
  );
}

/** Reports whether a text has anything to see or to read aloud. Spaces, format characters and
 *  invisible fillers do not count. */
export function isVisible(text: string): boolean {
  return /[^\s\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

/** Reports whether the `datetime` of a `time` element is valid (HTML §4.5.14). It may be a month,
 *  day, yearless day, time, instant, zone, week, year or duration. Days are checked up to 31 only,
 *  whatever the month. */
export function isTime(value: string): boolean {
  return times.some((pattern) => pattern.test(value));
}

const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0[1-9]|1[0-2])';
const YEAR = '(?!0{4,}(?:-|$))\\d{4,6}';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,3})?)?';
const ZONE = '(?:Z|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)';
const times = [
  `${YEAR}(?:-${MONTH}(?:-${DAY}(?:[T ]${CLOCK}${ZONE}?)?)?)?`,
  `${MONTH}-${DAY}`,
  CLOCK,
  ZONE,
  `${YEAR}-W(?:0[1-9]|[1-4]\\d|5[0-3])`,
  'P(?=\\d|T\\d)(?:\\d{1,9}D)?(?:T(?=\\d)(?:\\d{1,9}H)?(?:\\d{1,9}M)?(?:\\d{1,9}(?:\\.\\d{1,3})?S)?)?',
].map((pattern) => new RegExp(`^${pattern}$`));
