import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { OwnReads } from '../../ports/store/own-files.ts';

/** The parts that a watch over dates works with. */
interface DueWatchParts {
  readonly store: OwnReads;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a run is under way or asked for: it is waited for, since it may have begun before the
   *  date. */
  readonly isRunning: () => boolean;
  /** Starts a run for a date; null for one that was tried before. */
  readonly startRun: (date: Date | null) => void;
}

/** A run starts within a minute of a date. */
const LOOK_MS = 15_000;
/** A date that a run has changed nothing about (its folder is away, another run went on) is tried
 *  again after this. */
const AGAIN_MS = 600_000;

/** Starts a run when the date of an own article has come, or is over, whatever the schedule
 *  says. A date that passed while nothing ran is due at once. */
export function startDueWatch({ store, clock, log, isRunning, startRun }: DueWatchParts): { readonly stop: () => Promise<void> } {
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
    looking = looking.then(look).catch((error: unknown) => log.error({ err: error }, 'it could not be looked for what is due'));
  }, LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
