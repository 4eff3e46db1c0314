import type { ParsedFeed } from '../model/parsed.ts';
import type { PublisherHints, Rhythm } from '../model/source.ts';
import { DAY_MS } from '../model/values/time.ts';
import { parseDate, readDate } from './dates/date.ts';

/** Number of newest entries from which the rhythm is measured; older ones show how it used to
 *  be. */
const NEWEST = 20;
/** Fewest dates that make a rhythm. */
const LEAST = 3;

/** A document dated later than this before its reading may be generated on request: many servers
 *  write the present moment into it. */
const MADE_FOR_ASKING_MS = DAY_MS;
/** Older dates are wrong: the web did not exist. */
const OLDEST = Date.UTC(1990, 0, 1);

/** Returns the newest believable date that a document gives itself; null when there is none. */
export function readDocumentDate({ changed }: ParsedFeed, seenAt: Date): Date | null {
  const newest = seenAt.getTime() - MADE_FOR_ASKING_MS;
  const times = changed.flatMap((text) => parseDate(text)?.getTime() ?? []).filter((time) => time >= OLDEST && time <= newest);
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** Clocks or zones may be wrong by this much. An entry dated less far ahead counts as written
 *  now. */
const AHEAD_MS = DAY_MS;
/** More entries dated far ahead make the document a list of coming events. */
const MOST_AHEAD = 5;

/** Reports whether a date is further ahead of its reading than clocks and zones may be wrong. */
export function isFarAhead(date: Date, seenAt: Date): boolean {
  return date.getTime() - seenAt.getTime() > AHEAD_MS;
}

/** Reports whether a document is a list of coming events, such as a calendar. */
export function isOfTheFuture({ items }: ParsedFeed, seenAt: Date): boolean {
  const dates = items.flatMap(({ published }) => parseDate(published ?? '') ?? []);
  return dates.filter((date) => isFarAhead(date, seenAt)).length > MOST_AHEAD;
}

/** Returns a document's polling hints (docs/polling.md A9). */
export function readPublisherHints({ ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase }: ParsedFeed): PublisherHints {
  return { ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase: updateBase === null ? null : parseDate(updateBase) };
}

/** Returns the publishing frequency of a source by the dates of the newest entries of its document.
 *  Dates after `seenAt` are ignored. */
export function readRhythm(feed: ParsedFeed, seenAt: Date): Rhythm {
  const dates = feed.items
    .flatMap(({ published, updated, spareDates }) => {
      const written = published === null ? [updated, ...(spareDates?.updated ?? [])] : [published, ...(spareDates?.published ?? [])];
      return readDate(written)?.date.getTime() ?? [];
    })
    .filter((time) => time <= seenAt.getTime())
    .sort((a, b) => b - a)
    .slice(0, NEWEST);
  const gaps = dates
    .slice(1)
    .map((time, index) => (dates[index] ?? time) - time)
    .sort((a, b) => a - b);
  const [newest] = dates;
  return {
    gapMs: dates.length < LEAST ? null : Math.round(gaps[Math.floor(gaps.length / 2)] ?? 0),
    newestAt: newest === undefined ? null : new Date(newest),
  };
}
