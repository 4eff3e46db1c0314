import { DAY_MS, MINUTE_MS } from '../../model/values/time.ts';

/** What an update mark says of the time at which the update was made; every part null that it does
 *  not name. */
export interface MarkWhen {
  /** 0 to 23. */
  readonly hour: number | null;
  /** 0 to 59; null with an hour means the full hour. */
  readonly minute: number | null;
  /** IANA name or an offset such as `+02:00`; null when no zone is named. */
  readonly zone: string | null;
  /** A day of the calendar; its year is null when the mark leaves it out. */
  readonly day: { readonly year: number | null; readonly month: number; readonly day: number } | null;
}

/** The facts around a mark. */
interface MarkContext {
  /** When the version before the mark came to be (its published or, for a second mark, the time of
   *  the first); null when unknown. */
  readonly earlier: Date | null;
  /** false when `earlier` is only a date: its day counts, in `earlierZone`. */
  readonly earlierHasTime: boolean;
  /** IANA zone in which a date alone was read; UTC when absent. */
  readonly earlierZone?: string;
  /** When this mark was first seen. */
  readonly seenAt: Date;
  /** When the version before the mark was first seen, as the mark was not there yet; null or absent
   *  when that is not known. */
  readonly knownAt?: Date | null;
  /** true when the mark stood there as its article was first seen: it is no news then. */
  readonly isFirstSight?: boolean;
  /** IANA zone of a mark that names none; UTC when absent. */
  readonly zone?: string;
}

/**
 * The instant that an update mark stands for (docs/design.md §70). A clock time is (a) the
 * first such one at or after `earlier`, to the minute. If `earlier` is only a day, it is (b)
 * the one on that day. Without `earlier` it is (c) the latest before `seenAt`. A mark without a
 * clock time is (d) of `seenAt`. With a day alone it is the start of that day, or `seenAt` if
 * that falls on it. A named day fixes a clock time; without a year it is the latest such day up
 * to `seenAt`. A result after `seenAt` becomes the latest such clock time up to it. If that is
 * before the version that it updates, it becomes `seenAt`. Summer time by date; a time that a
 * change of clocks skips or repeats is read as Temporal's "compatible" does (RFC 5545 §3.3.5).
 * An `earlier` after `seenAt` is no bound.
 * @throws RangeError when `context.zone` is no zone that the runtime knows
 */
export function resolveMarkTime(when: MarkWhen, context: MarkContext): Date {
  return findMarkTime(when, context) ?? context.seenAt;
}

/** The same; null instead of `seenAt` where the mark says nothing, or nothing that can be believed
 *  of what stood there at first sight. A day without a year is then the first such day after
 *  `earlier`: the article may be years old.
 *  @throws RangeError as above */
export function findMarkTime(when: MarkWhen, context: MarkContext): Date | null {
  const seen = context.seenAt.getTime();
  const around = toAround(when, context, seen);
  const found = when.hour === null ? findDay(when, around) : findClock(when, when.hour, around);
  return found === null ? null : new Date(Math.min(seen, Math.max(found, around.floor)));
}

/** The facts around a mark; instants in milliseconds. */
interface Around {
  readonly zone: string;
  readonly seen: number;
  readonly earlier: number | null;
  readonly hasTime: boolean;
  /** Zone of `earlier` where it is only a date. */
  readonly dayZone: string;
  /** The version before it stood there then: nothing comes out before this. */
  readonly floor: number;
  readonly isFirstSight: boolean;
}

/** A version that was a day old or more when it was first seen counts from its sight. A mark
 *  that is put in later is later than that. */
function toAround(when: MarkWhen, context: MarkContext, seen: number): Around {
  const upToSeen = (date: Date | null | undefined) => (date == null || date.getTime() > seen ? null : date.getTime());
  const [said, known] = [upToSeen(context.earlier), upToSeen(context.knownAt)];
  const isOld = said !== null && known !== null && known - said >= DAY_MS;
  const earlier = isOld ? known : said;
  return {
    zone: when.zone ?? context.zone ?? 'UTC',
    seen,
    earlier,
    hasTime: isOld || context.earlierHasTime,
    dayZone: context.earlierZone ?? 'UTC',
    floor: earlier ?? known ?? -Infinity,
    isFirstSight: context.isFirstSight === true,
  };
}

function findDay(when: MarkWhen, around: Around): number | null {
  const { zone, seen, floor, isFirstSight } = around;
  const start = startOfNamedDay(when, around);
  if (start === null) return null;
  const [from, to] = [toMs(start, 0, 0, zone), toMs(start.add({ days: 1 }), 0, 0, zone)];
  const isBelievable = to > floor && (isFirstSight ? from : to) <= seen;
  return isBelievable ? from : null;
}

function findClock(when: MarkWhen, hour: number, around: Around): number | null {
  const { zone, seen, earlier, hasTime, dayZone, isFirstSight } = around;
  // A mark has no seconds: 15:45 is not before an article of 15:45:30.
  const floor = Math.floor(around.floor / MINUTE_MS) * MINUTE_MS;
  const toInstant = (day: Temporal.PlainDate): number => toMs(day, hour, when.minute ?? 0, zone);
  const atTimes = (instant: number, isFit: (time: number) => boolean): number[] => daysAround(instant, zone).map(toInstant).filter(isFit);
  const latest = (): number => {
    const time = Math.max(...atTimes(seen, (one) => one <= seen));
    return time < floor ? seen : time;
  };
  const named = startOfNamedDay(when, around, toInstant);
  if (named !== null) {
    const time = toInstant(named);
    if (time < floor || (time > seen && isFirstSight)) return null;
    return time <= seen ? time : latest();
  }
  if (earlier === null) return latest();
  const time = hasTime
    ? Math.min(...atTimes(earlier, (one) => one >= floor))
    : toInstant(Temporal.Instant.fromEpochMilliseconds(earlier).toZonedDateTimeISO(dayZone).toPlainDate());
  return time <= seen ? time : latest();
}

/** The day that a mark names. Without a year: the latest whose instant is not after `seen`; at
 *  first sight, the first that is not before `earlier`. null when it names none, or 31 February. */
function startOfNamedDay(
  when: MarkWhen,
  { zone, seen, earlier, isFirstSight }: Around,
  toInstant = (day: Temporal.PlainDate): number => toMs(day, 0, 0, zone),
): Temporal.PlainDate | null {
  if (when.day === null) return null;
  const { month, day } = when.day;
  const isFirstAfter = isFirstSight && earlier !== null && when.day.year === null;
  const lastYear = new Date(seen).getUTCFullYear() + 1;
  const toYear = (index: number): number => (isFirstAfter ? new Date(earlier).getUTCFullYear() - 1 + index : lastYear - index);
  // Eight years reach from one 29 February to the next, across 1900 or 2100 too.
  const years = when.day.year === null ? Array.from({ length: 10 }, (_, index) => toYear(index)) : [when.day.year];
  for (const year of years) {
    const date = Temporal.PlainDate.from({ year, month, day });
    if (date.day !== day || date.month !== month) continue;
    const isFit = isFirstAfter ? toMs(date.add({ days: 1 }), 0, 0, zone) > earlier : toInstant(date) <= seen;
    if (when.day.year !== null || isFit) return date;
  }
  return null;
}

/** The local day of an instant with two days on either side: zones differ by more than a day from
 *  end to end. */
function daysAround(instant: number, zone: string): Temporal.PlainDate[] {
  const day = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
  return [-2, -1, 0, 1, 2].map((days) => day.add({ days }));
}

function toMs(day: Temporal.PlainDate, hour: number, minute: number, zone: string): number {
  return day.toPlainDateTime({ hour, minute }).toZonedDateTime(zone).epochMilliseconds;
}
