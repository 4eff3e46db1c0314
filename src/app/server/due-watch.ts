import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { OwnReads } from '../../ports/store/own-files.ts';

/** The context of a watch over publication dates. */
interface DueWatchContext {
  readonly store: OwnReads;
  readonly clock: Clock;
  readonly log: Log;
  /** Reports whether a run is under way or requested. The watch waits for it, since it may have
   *  begun before the date. */
  readonly isRunning: () => boolean;
  /** Starts a run for a date; null when a run was tried for that date before. */
  readonly startRun: (date: Date | null) => void;
}

/** Interval between checks, so that a run starts within a minute of a date. */
const LOOK_MS = 15_000;
/** Pause before another run for the same date, when the last one changed nothing (its folder is
 *  missing, another run went on). */
const AGAIN_MS = 600_000;

/** Starts a run when an own article is to appear or to end, independent of the schedule. A date
 *  that passed while no server ran is due at once. */
export function startDueWatch({ store, clock, log, isRunning, startRun }: DueWatchContext): { readonly stop: () => Promise<void> } {
  let tried: { readonly date: number; readonly at: number } | null = null;
  const look = async () => {
    if (isRunning()) return;
    const now = clock.now();
    const { passed } = await store.readDue(now);
    if (passed === null || isRunning()) return;
    const isNew = tried === null || passed.getTime() > tried.date;
    if (!isNew && Math.abs(now.getTime() - (tried?.at ?? 0)) < AGAIN_MS) return;
    tried = { date: passed.getTime(), at: now.getTime() };
    startRun(isNew ? passed : null);
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => log.error({ err: error }, 'publication dates could not be checked'));
  }, LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
