import type { DayCount } from '../model/headline.ts';
import type { Silence } from '../model/view.ts';
import { DAY_MS } from '../model/values/time.ts';

/** Days that a rhythm is judged by. */
export const RHYTHM_DAYS = 60;
/** With fewer days that have something there is no rhythm to speak of. */
const FEWEST_DAYS = 5;
/** A weekend is no silence. */
const LEAST_DAYS = 3;

/** How long there has been nothing new, when that is `times` as long as the longest pause before;
 *  null when it is not, or when there is no rhythm. By whole days, since most sources keep the
 *  rhythm of days: the median time between two entries says nothing of one that brings ten each
 *  Monday. Counts are by the dates that entries have; what came late (`arrivedAt`, when something
 *  new came last; null when that is unknown) is no silence, whatever its date. */
export function findSilence(
  counts: readonly DayCount[],
  today: number,
  { times, arrivedAt }: { readonly times: number; readonly arrivedAt: Date | null },
): Silence | null {
  const days = counts.map(({ day }) => day).filter((day) => day > today - RHYTHM_DAYS && day <= today);
  const last = days.at(-1);
  if (last === undefined || days.length < FEWEST_DAYS) return null;
  const longestBefore = Math.max(...days.slice(1).map((day, index) => day - (days[index] ?? day)));
  const silent = today - Math.max(last, arrivedAt === null ? 0 : toDay(arrivedAt));
  return silent >= LEAST_DAYS && silent > times * longestBefore ? { days: silent, longestBefore } : null;
}

/** Counts of the last RHYTHM_DAYS days, oldest first, without gaps. */
export function toDayRow(counts: readonly DayCount[], today: number): number[] {
  const row = Array.from({ length: RHYTHM_DAYS }, () => 0);
  for (const { day, count } of counts) {
    const place = day - (today - RHYTHM_DAYS + 1);
    if (place >= 0 && place < RHYTHM_DAYS) row[place] = count;
  }
  return row;
}

/** Returns the number of a UTC day since 1970. */
export function toDay(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS);
}

/** Returns the beginning of the first of the RHYTHM_DAYS days that end with `today`, which `toDay`
 *  has numbered. */
export function firstRhythmDay(today: number): Date {
  return new Date((today - RHYTHM_DAYS + 1) * DAY_MS);
}
