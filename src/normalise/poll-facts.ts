import type { ParsedFeed } from '../model/parsed.ts';
import type { PollWishes, Rhythm } from '../model/source.ts';
import { parseDate, readDate } from './date.ts';

/** Entries that a rhythm is taken from: those before say how it was. */
const NEWEST = 20;
/** Fewer dates are no rhythm. */
const LEAST = 3;

/** What a document asks of those who poll it (CHECKS A9). */
export function readWishes({ ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase }: ParsedFeed): PollWishes {
  return { ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase: updateBase === null ? null : parseDate(updateBase) };
}

/** How often a source publishes, by the dates of the newest entries of its document; dates after `seenAt` are not believed. */
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
