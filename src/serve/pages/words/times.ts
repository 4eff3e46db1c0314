import { html } from 'hono/html';
import type { Site } from '../../../model/feed.ts';
import type { Markup } from '../frame/layout.ts';

/** How a site writes times: in its language, in its zone. */
type Place = Pick<Site, 'language' | 'timeZone'>;

/** An instant for people, exact in `datetime` and in the title: `24 November 2026 at 01:47 UTC`. */
export function toMinute(date: Date, place: Place): Markup {
  return showAs(date, formatsOf(place).long.format(date), place);
}

/** The time of day alone, for what stands under its day. */
export function showTimeOfDay(date: Date, place: Place): Markup {
  return showAs(date, formatsOf(place).time.format(date), place);
}

/** As short as it can be told beside `other`: the time of day alone on one day, else the date
 *  alone. */
export function showShortTime(date: Date, other: Date, place: Place): Markup {
  return toDayName(date, place) === toDayName(other, place)
    ? showTimeOfDay(date, place)
    : showAs(date, formatsOf(place).date.format(date), place);
}

/** The day of an instant, in words. */
export function toDayName(date: Date, place: Place): string {
  return formatsOf(place).day.format(date);
}

/** A number as the site's language writes it. */
export function toNumber(count: number, place: Place): string {
  return formatsOf(place).number.format(count);
}

function showAs(date: Date, shown: string, place: Place): Markup {
  return html`<time datetime="${date.toISOString().replace('.000Z', 'Z')}" title="${formatsOf(place).exact.format(date)}">${shown}</time>`;
}

/** To make one takes longer than to write a page. */
const made = new Map<string, ReturnType<typeof makeFormats>>();

function formatsOf(place: Place): ReturnType<typeof makeFormats> {
  const name = `${place.language} ${place.timeZone}`;
  const known = made.get(name) ?? makeFormats(place);
  made.set(name, known);
  return known;
}

function makeFormats({ language, timeZone }: Place) {
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

/** British English where nothing is said, or nothing that can be used: day before month, 24
 *  hours. */
function toLocale(language: string | null): string {
  if (language === null || language.toLowerCase() === 'en') return 'en-GB';
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en-GB';
  } catch (error) {
    if (error instanceof RangeError) return 'en-GB';
    throw error;
  }
}
