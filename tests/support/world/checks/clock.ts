import type { Story } from '../../../../src/model/story.ts';
import { DAY, HOUR } from '../world.ts';
import type { World } from '../world.ts';

/** Longest wait between two polls of a source: a day, a quarter more after failures, or some hours
 *  for which an answer is fresh. A run may come hours after that. */
const LONGEST_WAIT = 40 * HOUR;
/** A jump that is not believed leaves the time of the last run, which is at most so long ago. */
const LARGEST_ERROR = 33 * DAY;

/** Checks that a clock which is set gives no entry a false time and makes no source wait. */
export function createClockCheck(world: World) {
  const seen = new Set<string>();
  const asked = new Map<string, number>();
  /** The true time of the first run since the clock was last set; the first run believes it. */
  let settledAt: number | null = null;
  /** The present error is the work of one jump that nobody believes: back or forward by years. */
  let isWild = false;
  let lastRun = world.now.getTime();

  function checkWaits(answered: ReadonlySet<string>, gap: number, isBelievedNow: boolean): string[] {
    const now = world.now.getTime();
    return world.outlets.flatMap(({ id, isDeclared }) => {
      if (answered.has(id) || !isDeclared) {
        asked.set(id, now);
        return [];
      }
      // The time between two runs may count for nothing when the clock was set, and again when it
      // is believed.
      if (world.clock.steps.length > 0 || isBelievedNow) asked.set(id, (asked.get(id) ?? now) + gap);
      const since = asked.get(id);
      if (since === undefined) asked.set(id, now);
      return since !== undefined && now - since > LONGEST_WAIT ? [`source ${id} was not asked for ${(now - since) / HOUR} hours`] : [];
    });
  }

  function checkTimes(stories: readonly Story[]): string[] {
    const found: string[] = [];
    const now = world.now.getTime();
    const isRight = world.clock.offMs === 0 && settledAt !== null && now - settledAt >= DAY;
    for (const { members } of stories)
      for (const { entry } of members) {
        if (seen.has(entry.key)) continue;
        seen.add(entry.key);
        const error = Math.abs(entry.firstSeenAt.getTime() - now);
        if (isRight && error > 0) found.push(`entry ${entry.key} was first seen at ${entry.firstSeenAt.toISOString()}, by a right clock`);
        if (isWild && error > LARGEST_ERROR)
          found.push(`entry ${entry.key} was first seen at ${entry.firstSeenAt.toISOString()}, which nobody may believe`);
      }
    return found;
  }

  return {
    /** Notes that a run which was left dead has asked these sources. */
    noteAsked(sources: ReadonlySet<string>): void {
      for (const id of sources) asked.set(id, world.now.getTime());
    },
    /** Checks a run that has ended, and asked these sources. */
    check(stories: readonly Story[], answered: ReadonlySet<string>): string[] {
      const now = world.now.getTime();
      const { steps } = world.clock;
      const wasRight = settledAt !== null && lastRun - settledAt >= DAY;
      if (steps.length > 0) {
        isWild = wasRight && steps.length === 1 && world.clock.offMs === steps[0] && isUnbelieved(steps[0]);
        settledAt = now;
      } else settledAt ??= now - DAY;
      if (now - settledAt >= DAY) isWild = false;
      const found = checkWaits(answered, now - lastRun, now - settledAt >= DAY && lastRun - settledAt < DAY);
      const wrong = checkTimes(stories);
      // A killed run has stored entries at another time.
      if (!world.isLeftDead && world.clock.isEverSet) found.push(...wrong);
      lastRun = now;
      steps.length = 0;
      return found;
    },
  };
}

function isUnbelieved(ms: number): boolean {
  return ms < -3 * DAY || ms > 220 * DAY;
}
