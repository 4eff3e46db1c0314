import type { DayCount } from '../model/headline.ts';
import type { Silence } from '../model/view.ts';
import { DAY_MS } from '../model/values/time.ts';

/** Days from which a rhythm is derived. */
export const RHYTHM_DAYS = 60;
/** Fewer days with an entry make no rhythm. */
const FEWEST_DAYS = 5;
/** Shorter pauses are no silence, for instance a weekend. */
const LEAST_DAYS = 3;

/** Returns how long a source or feed has had nothing new. Null: the pause is not longer than
 *  `times` the longest pause before, or there is no rhythm. Pauses are whole days: a source that
 *  brings ten entries each Monday has a median of minutes between two. `counts` are by the entries'
 *  own dates. `arrivedAt` is when a new entry last came, so one that came late ends a silence;
 *  null: unknown. */
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

/** Returns the counts of the last RHYTHM_DAYS days, oldest first, without gaps. */
export function toDayRow(counts: readonly DayCount[], today: number): number[] {
  const row = Array.from({ length: RHYTHM_DAYS }, () => 0);
  for (const { day, count } of counts) {
    const index = day - (today - RHYTHM_DAYS + 1);
    if (index >= 0 && index < RHYTHM_DAYS) row[index] = count;
  }
  return row;
}

/** Returns the number of a UTC day since 1970. */
export function toDay(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS);
}

/** Returns the beginning of the first of the RHYTHM_DAYS days that end with `today`, a number of
 *  `toDay`. */
export function firstRhythmDay(today: number): Date {
  return new Date((today - RHYTHM_DAYS + 1) * DAY_MS);
}
