import { html } from 'hono/html';
import type { Site } from '../../../model/feed.ts';
import type { Markup } from '../frame/layout.ts';

/** Language and time zone in which a site writes times. */
type Locale = Pick<Site, 'language' | 'timeZone'>;

/** Shows an instant like `24 November 2026 at 01:47 UTC`, to the second in `datetime` and in the
 *  title. */
export function toMinute(date: Date, locale: Locale): Markup {
  return showAs(date, formatsOf(locale).long.format(date), locale);
}

/** Shows the time of day alone, for an item under its day. */
export function showTimeOfDay(date: Date, locale: Locale): Markup {
  return showAs(date, formatsOf(locale).time.format(date), locale);
}

/** Shows an instant as briefly as `other` beside it allows: the time of day on the same day,
 *  else the date. */
export function showShortTime(date: Date, other: Date, locale: Locale): Markup {
  return toDayName(date, locale) === toDayName(other, locale)
    ? showTimeOfDay(date, locale)
    : showAs(date, formatsOf(locale).date.format(date), locale);
}

/** Returns the day of an instant in words. */
export function toDayName(date: Date, locale: Locale): string {
  return formatsOf(locale).day.format(date);
}

/** Returns a number as the site's language writes it. */
export function toNumber(count: number, locale: Locale): string {
  return formatsOf(locale).number.format(count);
}

function showAs(date: Date, shown: string, locale: Locale): Markup {
  return html`<time datetime="${date.toISOString().replace('.000Z', 'Z')}" title="${formatsOf(locale).exact.format(date)}">${shown}</time>`;
}

/** Creating a formatter takes longer than rendering a page. */
const made = new Map<string, ReturnType<typeof makeFormats>>();

function formatsOf(locale: Locale): ReturnType<typeof makeFormats> {
  const name = `${locale.language} ${locale.timeZone}`;
  const known = made.get(name) ?? makeFormats(locale);
  made.set(name, known);
  return known;
}

function makeFormats({ language, timeZone }: Locale) {
  const locale = toLocale(language);
  const zone = timeZone ?? 'UTC';
  const whole = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  } as const;
  return {
    long: new Intl.DateTimeFormat(locale, whole),
    exact: new Intl.DateTimeFormat(locale, { ...whole, second: '2-digit' }),
    time: new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone }),
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone }),
    number: new Intl.NumberFormat(locale),
  };
}

/** Returns the locale of a language: British English (day before month, 24 hours) for none or an
 *  unusable one. */
function toLocale(language: string | null): string {
  if (language === null || language.toLowerCase() === 'en') return 'en-GB';
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en-GB';
  } catch (error) {
    if (error instanceof RangeError) return 'en-GB';
    throw error;
  }
}
