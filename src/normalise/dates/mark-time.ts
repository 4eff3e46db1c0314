import { DAY_MS, MINUTE_MS } from '../../model/values/time.ts';

/** The time of an update, as its mark gives it. Each field is null when the mark does not name
 *  it. */
export interface MarkWhen {
  /** 0 to 23. */
  readonly hour: number | null;
  /** 0 to 59; null with an hour means the full hour. */
  readonly minute: number | null;
  /** IANA name or an offset such as `+02:00`; null when no zone is named. */
  readonly zone: string | null;
  /** A calendar day; `year` is null when the mark leaves it out. */
  readonly day: { readonly year: number | null; readonly month: number; readonly day: number } | null;
}

/** The facts around a mark. */
interface MarkContext {
  /** Time of the version before the mark: the article's date, or the time of the previous mark;
   *  null when unknown. */
  readonly earlier: Date | null;
  /** false when `earlier` is a date without a time: then its day in `earlierZone` counts. */
  readonly earlierHasTime: boolean;
  /** IANA zone in which a date without a time was read; UTC when absent. */
  readonly earlierZone?: string;
  /** Time at which this mark was first seen. */
  readonly seenAt: Date;
  /** Time at which the version before the mark was first seen, when the mark was not there yet;
   *  null or absent when unknown. */
  readonly knownAt?: Date | null;
  /** true when the mark was there when the article was first seen: the update is then not news. */
  readonly isFirstSight?: boolean;
  /** IANA zone of a mark that names none; UTC when absent. */
  readonly zone?: string;
}

/** Returns the instant of an update mark (docs/design.md §70). A clock time is (a) the first such
 *  time at or after `earlier`, to the minute. If `earlier` is only a day, it is (b) such a time on
 *  that day. Without `earlier` it is (c) the latest such time before `seenAt`. A mark without a
 *  clock time is (d) at `seenAt`. A day alone means its start, or `seenAt` if that is on the day. A
 *  named day fixes a clock time; without a year it is the latest such day up to `seenAt`. A result
 *  after `seenAt` becomes the latest such clock time before it. A result before the version that it
 *  updates becomes `seenAt`. Summer time depends on the date. Times that a change of clocks skips
 *  or repeats are read as Temporal's "compatible" (RFC 5545 §3.3.5). An `earlier` after `seenAt` is
 *  ignored.
 *  @throws RangeError when the runtime does not know `context.zone` */
export function resolveMarkTime(when: MarkWhen, context: MarkContext): Date {
  return findMarkTime(when, context) ?? context.seenAt;
}

/** Returns the same instant, but null instead of `seenAt` when the mark gives no time, or at first
 *  sight no believable one. A day without a year is then the first such day after `earlier`. The
 *  article may be years old.
 *  @throws RangeError when the runtime does not know `context.zone` */
export function findMarkTime(when: MarkWhen, context: MarkContext): Date | null {
  const seen = context.seenAt.getTime();
  const around = toAround(when, context, seen);
  const found = when.hour === null ? findDay(when, around) : findClock(when, when.hour, around);
  return found === null ? null : new Date(Math.min(seen, Math.max(found, around.floor)));
}

/** The facts around a mark, with instants in milliseconds since 1970. */
interface Around {
  readonly zone: string;
  readonly seen: number;
  readonly earlier: number | null;
  readonly hasTime: boolean;
  /** Zone of `earlier` when it is a date without a time. */
  readonly dayZone: string;
  /** Earliest possible result, because the version before the mark was already there. */
  readonly floor: number;
  readonly isFirstSight: boolean;
}

/** Returns the facts around a mark. For a version that was at least a day old when first seen, the
 *  first sight counts as its time. A mark added later is later than that. */
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
  const atTimes = (instant: number, isInRange: (time: number) => boolean): number[] =>
    daysAround(instant, zone).map(toInstant).filter(isInRange);
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

/** Returns the day that a mark names; null when it names none, or 31 February. Without a year: the
 *  latest such day whose instant is not after `seen`. At first sight: the first such day that is
 *  not before `earlier`. */
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
  // Eight years suffice from one 29 February to the next, even across 1900 or 2100.
  const years = when.day.year === null ? Array.from({ length: 10 }, (_, index) => toYear(index)) : [when.day.year];
  for (const year of years) {
    const date = Temporal.PlainDate.from({ year, month, day });
    if (date.day !== day || date.month !== month) continue;
    const isInRange = isFirstAfter ? toMs(date.add({ days: 1 }), 0, 0, zone) > earlier : toInstant(date) <= seen;
    if (when.day.year !== null || isInRange) return date;
  }
  return null;
}

/** Returns the local day of an instant, and two days on either side: zones differ by more than a
 *  day from end to end. */
function daysAround(instant: number, zone: string): Temporal.PlainDate[] {
  const day = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
  return [-2, -1, 0, 1, 2].map((days) => day.add({ days }));
}

function toMs(day: Temporal.PlainDate, hour: number, minute: number, zone: string): number {
  return day.toPlainDateTime({ hour, minute }).toZonedDateTime(zone).epochMilliseconds;
}
