import { DAY_MS, HOUR_MS } from '../model/values/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClockMark, ClockReads, ClockWrites } from '../ports/store/retention.ts';
import type { Log } from '../ports/log.ts';
import type { RunReads } from '../ports/store/runs.ts';

/** The machine's clock, and the mark of the last run to compare it with. */
interface TimeParts {
  readonly store: ClockReads;
  readonly clock: Clock;
}

interface KeepTimeParts extends TimeParts {
  readonly store: ClockReads & ClockWrites & RunReads;
  readonly log: Log;
}

/** Two runs that are further apart have a clock between them that may have been set: who runs
 *  Newsfold from cron does so once a month at least. */
const JUMP_MS = 32 * DAY_MS;
/** A clock that is corrected goes back by no more. */
const BACK_MS = HOUR_MS;
/** What a clock is not believed at once: that it is yesterday, or that nobody has run this for half
 *  a year. */
const UNBELIEVED = { backMs: DAY_MS, forwardMs: 180 * DAY_MS };

/** The clock that a run goes by: the machine's, but one that was set back, or forward by months, is
 *  not believed for a day; meanwhile time goes on from the last run, so that nothing gets a false
 *  date. Where time goes back after all, what waits for an instant waits no longer than it would
 *  have. The caller has the run lock. */
export async function openTrustedClock({ store, clock, log }: KeepTimeParts): Promise<Clock> {
  const now = clock.now();
  const known = await store.readClock();
  const mark = judgeClock(known, await store.readLastRun(), now);
  const backMs = known === null ? 0 : known.at.getTime() + known.offsetMs - (now.getTime() + mark.offsetMs);
  if (backMs > BACK_MS) await store.shiftWaits(backMs, new Date(now.getTime() + mark.offsetMs));
  await store.saveClock(mark);
  if (isDoubted(mark))
    log.warn({ now, lastRunAt: known?.at }, 'the clock has jumped since the last run: check it; if it is right, it is believed in a day');
  if (mark.offsetMs === 0) return clock;
  return { now: () => new Date(clock.now().getTime() + mark.offsetMs) };
}

/** The time of the run that goes on, on a node that reads for it. */
export async function readTime({ store, clock }: TimeParts): Promise<Clock> {
  const offsetMs = (await store.readClock())?.offsetMs ?? 0;
  return offsetMs === 0 ? clock : { now: () => new Date(clock.now().getTime() + offsetMs) };
}

/** Whether the clock is where the last run would have it; before any run it is believed. */
export async function isTrusted({ store, clock }: TimeParts): Promise<boolean> {
  const known = await store.readClock();
  return known === null || (known.offsetMs === 0 && Math.abs(clock.now().getTime() - known.at.getTime()) < JUMP_MS);
}

/** Whether the clock has jumped less than a day ago. */
export function isDoubted({ at, since }: ClockMark): boolean {
  return at.getTime() - since.getTime() < DAY_MS;
}

function judgeClock(known: ClockMark | null, lastRunAt: Date | null, now: Date): ClockMark {
  const before = known?.at ?? lastRunAt;
  const trusted = { at: now, since: new Date(now.getTime() - DAY_MS), offsetMs: 0 };
  if (before === null) return trusted;
  const passed = now.getTime() - before.getTime();
  const offsetMs = known?.offsetMs ?? 0;
  if (passed >= -BACK_MS && passed <= JUMP_MS) {
    const mark = { at: now, since: known?.since ?? trusted.since, offsetMs };
    return isDoubted(mark) ? mark : { ...mark, offsetMs: 0 };
  }
  // Set right again.
  if (offsetMs !== 0 && passed - offsetMs >= -BACK_MS && passed - offsetMs <= JUMP_MS) return trusted;
  // It was believed when it jumped forward, and is set right: the jump was wrong, not this.
  if (known !== null && offsetMs === 0 && passed < 0 && isDoubted(known)) return { at: now, since: now, offsetMs: 0 };
  const isBelieved = passed >= -UNBELIEVED.backMs && passed <= UNBELIEVED.forwardMs;
  return { at: now, since: now, offsetMs: isBelieved ? 0 : offsetMs - passed };
}
