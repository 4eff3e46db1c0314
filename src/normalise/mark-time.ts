/** What an update mark says of the time at which the update was made; every part null that it does not name. */
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

/** What is known around a mark. */
interface MarkContext {
  /** When the version before the mark came to be (its published or, for a second mark, the time of the first); null when unknown. */
  readonly earlier: Date | null;
  /** false when `earlier` is only a date: its day counts, in `earlierZone`. */
  readonly earlierHasTime: boolean;
  /** IANA zone in which a date alone was read; UTC when absent. */
  readonly earlierZone?: string;
  /** When this mark was first seen. */
  readonly seenAt: Date;
  /** IANA zone of a mark that names none; UTC when absent. */
  readonly zone?: string;
}

/**
 * The instant that an update mark stands for (DESIGN §4, Update marks). A clock time is (a) the first such one at or after `earlier`, to the
 * minute; (b) the one on `earlier`'s day, if that is all there is of it; (c) the latest before `seenAt`, if there is no `earlier`. A mark
 * without a clock time is (d) of `seenAt`; with a day alone it is the start of that day, or `seenAt` if that falls on it. A named day fixes
 * a clock time; without a year it is the latest such day up to `seenAt`. Whatever comes out after `seenAt` becomes the latest such clock
 * time up to it, and nothing comes out before `earlier`. Summer time by date; a time that a change of clocks skips or repeats is read
 * as Temporal's "compatible" does (RFC 5545 §3.3.5). An `earlier` after `seenAt` is no bound.
 * @throws RangeError when `context.zone` is no zone that the runtime knows
 */
export function resolveMarkTime(when: MarkWhen, context: MarkContext): Date {
  const seen = context.seenAt.getTime();
  const earlier = context.earlier === null || context.earlier.getTime() > seen ? null : context.earlier.getTime();
  const zone = when.zone ?? context.zone ?? 'UTC';
  const dayZone = context.earlierHasTime ? null : (context.earlierZone ?? 'UTC');
  const found = when.hour === null ? findDay(when, zone, earlier, seen) : findClock(when, when.hour, zone, earlier, seen, dayZone);
  return new Date(Math.min(seen, Math.max(found, earlier ?? -Infinity)));
}

const minuteMs = 60_000;

function findDay(when: MarkWhen, zone: string, earlier: number | null, seen: number): number {
  const start = startOfNamedDay(when, zone, seen);
  if (start === null) return seen;
  const [from, to] = [toMs(start, 0, 0, zone), toMs(start.add({ days: 1 }), 0, 0, zone)];
  const isBelievable = earlier === null || to > earlier;
  return isBelievable && to <= seen ? from : seen;
}

function findClock(when: MarkWhen, hour: number, zone: string, earlier: number | null, seen: number, dayZone: string | null): number {
  const minute = when.minute ?? 0;
  const toInstant = (day: Temporal.PlainDate): number => toMs(day, hour, minute, zone);
  const latest = (): number =>
    Math.max(
      ...daysAround(seen, zone)
        .map(toInstant)
        .filter((instant) => instant <= seen),
    );
  const named = startOfNamedDay(when, zone, seen, toInstant);
  const found = named !== null ? toInstant(named) : earlier === null ? latest() : afterEarlier(earlier, dayZone, zone, toInstant);
  return found <= seen ? found : latest();
}

/** `dayZone`: the zone of `earlier` where it is only a date; null when it has a time. */
function afterEarlier(earlier: number, dayZone: string | null, zone: string, toInstant: (day: Temporal.PlainDate) => number): number {
  if (dayZone !== null) return toInstant(Temporal.Instant.fromEpochMilliseconds(earlier).toZonedDateTimeISO(dayZone).toPlainDate());
  // A mark has no seconds: 15:45 is not before an article of 15:45:30.
  const bound = Math.floor(earlier / minuteMs) * minuteMs;
  return Math.min(
    ...daysAround(earlier, zone)
      .map(toInstant)
      .filter((instant) => instant >= bound),
  );
}

/** The day that a mark names. Without a year: the latest whose instant is not after `seen`. null when it names none, or 31 February. */
function startOfNamedDay(
  when: MarkWhen,
  zone: string,
  seen: number,
  toInstant = (day: Temporal.PlainDate): number => toMs(day, 0, 0, zone),
): Temporal.PlainDate | null {
  if (when.day === null) return null;
  const { month, day } = when.day;
  const lastYear = new Date(seen).getUTCFullYear() + 1;
  // Eight years reach from one 29 February to the next, across 1900 or 2100 too.
  const years = when.day.year === null ? Array.from({ length: 10 }, (_, index) => lastYear - index) : [when.day.year];
  for (const year of years) {
    const date = Temporal.PlainDate.from({ year, month, day });
    if (date.day === day && date.month === month && (when.day.year !== null || toInstant(date) <= seen)) return date;
  }
  return null;
}

/** The local day of an instant with two days on either side: zones differ by more than a day from end to end. */
function daysAround(instant: number, zone: string): Temporal.PlainDate[] {
  const day = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
  return [-2, -1, 0, 1, 2].map((days) => day.add({ days }));
}

function toMs(day: Temporal.PlainDate, hour: number, minute: number, zone: string): number {
  return day.toPlainDateTime({ hour, minute }).toZonedDateTime(zone).epochMilliseconds;
}
