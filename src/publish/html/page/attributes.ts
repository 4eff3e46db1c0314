import { pageAttributeOf, type PageElement } from './tree.ts';

/** Characters of an address; a longer one is an attack on whoever logs or copies it (servers refuse
 *  8,000 and up). */
const MAX_URL = 8000;

/** Columns or rows that a cell may span; a browser lays out every one of them. */
const MAX_SPAN = 100;

/** Attributes that any element keeps: `lang` when it names a language (BCP 47), `dir` when HTML
 *  knows it (§3.2.6.4). */
export function keepGlobal(element: PageElement): Record<string, string | null> {
  const dir = pageAttributeOf(element, 'dir')?.toLowerCase() ?? '';
  return { lang: toLanguage(pageAttributeOf(element, 'lang')), dir: ['ltr', 'rtl', 'auto'].includes(dir) ? dir : null };
}

/** A language tag in canonical form (BCP 47 §4.5), null when there is none, it is malformed or
 *  names a language that nobody registered: a screen reader would pick a voice at random. `eng`
 *  becomes `en`, as the registry wants. */
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

/** An address as a URL parser writes it; null when it is none, is too long or has another scheme
 *  than the given ones. */
export function toAddress(value: string | null, schemes: readonly string[]): string | null {
  if (value === null || value.length > MAX_URL) return null;
  const url = URL.parse(value);
  if (url === null || !schemes.includes(url.protocol) || url.href.length > MAX_URL) return null;
  return url.href;
}

/** What a link is called that has no words: the host it leads to, of a mail link the address. */
export function toHost(href: string): string {
  const url = new URL(href);
  return url.host === '' ? url.pathname : url.host;
}

/** Digits that stand for a number from 0 to `most`, without leading zeros; null for everything
 *  else, percentages included. */
export function toWhole(value: string | null, most: number): string | null {
  const digits = value?.trim() ?? '';
  return /^\d{1,9}$/.test(digits) && Number(digits) <= most ? String(Number(digits)) : null;
}

/** A colspan or rowspan from 2 to MAX_SPAN, larger ones cut; null where 1 is meant. */
export function toSpan(value: string | null): string | null {
  const span = Math.min(Number(toWhole(value, 1e9) ?? 1), MAX_SPAN);
  return span > 1 ? String(span) : null;
}

/** A title that has something to say; null otherwise. */
export function toTitleAttribute(value: string | null): string | null {
  const title = cleanPageText(value ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return isVisible(title) ? title : null;
}

/** Text that HTML may carry: without control characters and noncharacters (HTML §13.1.4), line ends
 *  as a browser reads them. Of marks stacked on one letter 16 stay: no script needs half of that,
 *  and a stack is one unbreakable character that can be wider than the screen. */
export function cleanPageText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]|\p{Noncharacter_Code_Point}/gu, '')
      .replace(/(\p{M}{16})\p{M}+/gu, '$1')
  );
}

/** Whether there is something to see or to read aloud in a text: spaces, format characters and
 *  fillers that draw nothing do not count. */
export function isVisible(text: string): boolean {
  return /[^\s\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

/** Whether `datetime` of a `time` element says when, as HTML reads it (§4.5.14): a month, day,
 *  yearless day, time, instant, zone, week, year or duration. Days that a month does not have are
 *  not told apart up to 31. */
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
