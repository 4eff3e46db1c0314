import { createTask, parse } from 'node-cron';
import { DAY_MS } from '../model/values/time.ts';

/** The slots of a schedule, each an instant at which a run is due. */
interface Slots {
  /** The first slot after an instant; null when the next fifty years have none. */
  readonly next: (after: Date) => Date | null;
}

/** Returns the slots of a valid cron expression by the wall clock of a zone (IANA name; null for
 *  the machine's). Every slot comes once at both changes of the clocks (POSIX crontab leaves them
 *  open; node-cron loses an hour of them in autumn). A schedule is frequent when it has slots
 *  before, in and after the skipped or repeated hour. A frequent schedule follows the wall clock
 *  through both readings of a repeated hour. Any other schedule runs at the first reading of a
 *  repeated slot. A skipped slot runs at the first moment after the skipped hour. */
export function createSlots(expression: string, timeZone: string | null): Slots {
  const wall = createWall(expression);
  const zone = timeZone ?? Temporal.Now.timeZoneId();
  return {
    next(after) {
      const limit = after.getTime() + LOOK_AHEAD_MS;
      for (let span = spanAt(after.getTime(), zone); span.from < limit; span = spanAt(span.to, zone)) {
        const found = firstWithin(span, after.getTime(), wall, limit);
        if (found !== null) return new Date(found);
        if (span.to >= limit) break;
      }
      return null;
    },
  };
}

/** The longest gap: a 29 February that is a Monday comes every 28 years, and across 2100 after
 *  40. */
const LOOK_AHEAD_MS = 50 * 366 * DAY_MS;

/** The time between two changes of the clocks, in instants of milliseconds. */
interface Span {
  readonly from: number;
  /** End of the span, excluded; Infinity when no later change is known. */
  readonly to: number;
  /** Milliseconds by which wall clocks are ahead of UTC. */
  readonly offset: number;
  /** Offset before the change at which this span begins; null when there was none. */
  readonly before: number | null;
}

function spanAt(instant: number, zone: string): Span {
  // The extra millisecond makes a change at this very instant begin the span.
  const at = Temporal.Instant.fromEpochMilliseconds(instant + 1).toZonedDateTimeISO(zone);
  const from = at.getTimeZoneTransition('previous');
  return {
    from: from?.epochMilliseconds ?? -Infinity,
    to: at.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: at.offsetNanoseconds / 1e6,
    before: from === null ? null : from.subtract({ nanoseconds: 1 }).offsetNanoseconds / 1e6,
  };
}

/** Returns the first slot of a span after an instant and up to a limit; null when there is none. */
function firstWithin({ from, to, offset, before }: Span, after: number, wall: Wall, limit: number): number | null {
  let start = Math.max(after, from - 1) + offset;
  let madeUp = Infinity;
  if (before !== null && before < offset) {
    const [first, end] = [from + before, from + offset];
    const moment = from + wall.second * 1000;
    if (moment > after && wall.hasAny(first, end) && !isFrequent(wall, first, end)) madeUp = moment;
  } else if (before !== null && before > offset) {
    const [first, end] = [from + offset, from + before];
    if (start < end && !isFrequent(wall, first, end)) start = Math.max(start, end - 1);
  }
  const regular = wall.next(start, Math.min(to, limit) + offset);
  const found = Math.min(madeUp, regular === null ? Infinity : regular - offset);
  return found < to && found <= limit ? found : null;
}

function isFrequent(wall: Wall, from: number, to: number): boolean {
  const length = to - from;
  return wall.hasAny(from - length, from) && wall.hasAny(from, to) && wall.hasAny(to, to + length);
}

/** A schedule by the wall clock alone; its times are milliseconds as if they were UTC. */
interface Wall {
  /** Returns the first slot after a time and before an end. */
  readonly next: (after: number, end: number) => number | null;
  readonly hasAny: (from: number, end: number) => boolean;
  /** The first second of a minute at which the schedule has a slot. */
  readonly second: number;
}

function createWall(expression: string): Wall {
  const { hour, minute, second } = parse(expression);
  const inOrder = (list: readonly number[]) => list.toSorted((a, b) => a - b);
  const times = inOrder(hour).flatMap((h) => inOrder(minute).flatMap((m) => inOrder(second).map((s) => ((h * 60 + m) * 60 + s) * 1000)));
  const [first = 0] = times;
  // node-cron also knows special days (the last of a month, a third Friday).
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  const isDay = (day: number) => task.match(new Date(day + first));
  const next = (after: number, end: number) => {
    for (let day = Math.floor(after / DAY_MS) * DAY_MS; day < end; day += DAY_MS) {
      const time = isDay(day) ? times.find((one) => day + one > after) : undefined;
      if (time !== undefined) return day + time < end ? day + time : null;
    }
    return null;
  };
  return { next, hasAny: (from, end) => next(from - 1, end) !== null, second: Math.min(...second) };
}
