import { DAY_MS, HOUR_MS } from '../model/values/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClockMark, ClockReads, ClockWrites } from '../ports/store/retention.ts';
import type { Log } from '../ports/log.ts';
import type { RunReads } from '../ports/store/runs.ts';

/** The machine's clock, and the store with the clock mark of the last run. */
interface ClockContext {
  readonly store: ClockReads;
  readonly clock: Clock;
}

interface TrustedClockContext extends ClockContext {
  readonly store: ClockReads & ClockWrites & RunReads;
  readonly log: Log;
}

/** If two runs are further apart, the clock may have been set between them: cron starts Newsfold
 *  once a month at least. */
const JUMP_MS = 32 * DAY_MS;
/** An ordinary correction sets a clock back by no more than this. */
const BACK_MS = HOUR_MS;
/** Jumps that are not believed at once: back by more than a day, or forward by more than half a
 *  year. */
const UNBELIEVED = { backMs: DAY_MS, forwardMs: 180 * DAY_MS };

/** Returns the trusted clock of a run. It is the machine's clock, unless that clock was set back by
 *  a day or forward by months. A jump is not believed for a day: meanwhile time continues from the
 *  last run, so that nothing gets a false date. If time goes back all the same, waits are shifted
 *  so that they last no longer than planned. The caller holds the run lock. */
export async function openTrustedClock({ store, clock, log }: TrustedClockContext): Promise<Clock> {
  const now = clock.now();
  const known = await store.readClock();
  const mark = judgeClock(known, await store.readLastRun(), now);
  const backMs = known === null ? 0 : known.at.getTime() + known.offsetMs - (now.getTime() + mark.offsetMs);
  if (backMs > BACK_MS) await store.shiftWaits(backMs, new Date(now.getTime() + mark.offsetMs));
  await store.saveClock(mark);
  if (isDoubted(mark))
    log.warn({ now, lastRunAt: known?.at }, 'the clock has jumped since the last run: check it; if it is right, it is trusted after a day');
  if (mark.offsetMs === 0) return clock;
  return { now: () => new Date(clock.now().getTime() + mark.offsetMs) };
}

/** Returns the clock of the present run, for a node that reads for that run. */
export async function readTime({ store, clock }: ClockContext): Promise<Clock> {
  const offsetMs = (await store.readClock())?.offsetMs ?? 0;
  return offsetMs === 0 ? clock : { now: () => new Date(clock.now().getTime() + offsetMs) };
}

/** Reports whether the clock agrees with the last run; before any run it is trusted. */
export async function isTrusted({ store, clock }: ClockContext): Promise<boolean> {
  const known = await store.readClock();
  return known === null || (known.offsetMs === 0 && Math.abs(clock.now().getTime() - known.at.getTime()) < JUMP_MS);
}

/** Reports whether the clock has jumped less than a day ago. */
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
  // The clock was set right again.
  if (offsetMs !== 0 && passed - offsetMs >= -BACK_MS && passed - offsetMs <= JUMP_MS) return trusted;
  // The clock was believed when it jumped forward, and is now set right: the jump was wrong, not
  // this correction.
  if (known !== null && offsetMs === 0 && passed < 0 && isDoubted(known)) return { at: now, since: now, offsetMs: 0 };
  const isBelieved = passed >= -UNBELIEVED.backMs && passed <= UNBELIEVED.forwardMs;
  return { at: now, since: now, offsetMs: isBelieved ? 0 : offsetMs - passed };
}
