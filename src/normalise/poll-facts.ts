import type { ParsedFeed } from '../model/parsed.ts';
import type { PublisherHints, Rhythm } from '../model/source.ts';
import { DAY_MS } from '../model/values/time.ts';
import { parseDate, readDate } from './dates/date.ts';

/** Entries that a rhythm is taken from: those before say how it was. */
const NEWEST = 20;
/** Fewer dates are no rhythm. */
const LEAST = 3;

/** A document that is younger than this when it is read may have been made for the asking. Many
 *  servers write the present moment into it. */
const MADE_FOR_ASKING_MS = DAY_MS;
/** Nothing was on the web before. */
const OLDEST = Date.UTC(1990, 0, 1);

/** The age that a document gives itself: the newest of its dates that can be believed; null when
 *  there is none. */
export function readDocumentDate({ changed }: ParsedFeed, seenAt: Date): Date | null {
  const newest = seenAt.getTime() - MADE_FOR_ASKING_MS;
  const times = changed.flatMap((text) => parseDate(text)?.getTime() ?? []).filter((time) => time >= OLDEST && time <= newest);
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** A clock or a zone may be wrong by as much: an entry that is dated so far ahead is of now. */
const AHEAD_MS = DAY_MS;
/** More entries that are dated far ahead are a list of what is to come. */
const MOST_AHEAD = 5;

/** Whether a date is further ahead of its reading than clocks and zones may be wrong. */
export function isFarAhead(date: Date, seenAt: Date): boolean {
  return date.getTime() - seenAt.getTime() > AHEAD_MS;
}

/** Whether a document is a list of what is to come, as a calendar of events is. */
export function isOfTheFuture({ items }: ParsedFeed, seenAt: Date): boolean {
  const dates = items.flatMap(({ published }) => parseDate(published ?? '') ?? []);
  return dates.filter((date) => isFarAhead(date, seenAt)).length > MOST_AHEAD;
}

/** What a document asks of those who poll it (docs/polling.md A9). */
export function readPublisherHints({ ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase }: ParsedFeed): PublisherHints {
  return { ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase: updateBase === null ? null : parseDate(updateBase) };
}

/** How often a source publishes, by the dates of the newest entries of its document; dates after
 *  `seenAt` are not believed. */
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
