import { NewsfoldError } from '../../model/errors.ts';
import type { RunReport } from '../../run/report.ts';

/** Hears of the runs of a server. */
export interface RunListener {
  /** Given the report of each run; null when another node makes it. */
  readonly onReport: (report: RunReport | null) => void;
  /** Told what could not be done. The server is left as it was, and the next slot tries again. */
  readonly onFailure: (error: NewsfoldError) => void;
}

/** The runs of a server: one after the other, for the schedule, a saved file, and the API alike. */
export interface RunQueue {
  /** Asks for a run; resolves at its end, whatever comes of it. */
  readonly start: (slot: Date | null) => Promise<void>;
  /** Reports whether a run is under way or asked for. */
  readonly isRunning: () => boolean;
  /** Why the last run could not be made; null when it was, and when another process made one. */
  readonly readFailure: () => NewsfoldError | null;
  /** Lets no run begin from now on, not even one that waits, until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Resolves when the run at hand has ended. */
  readonly ended: () => Promise<void>;
}

/** `run` makes a run; `onEnd` is awaited after each. */
export function createRunQueue(
  { onReport, onFailure }: RunListener,
  run: (slot: Date | null) => Promise<RunReport | null>,
  onEnd: () => Promise<void>,
): RunQueue {
  let running = Promise.resolve();
  let isPaused = false;
  let failure: NewsfoldError | null = null;
  let count = 0;
  const runNext = async (slot: Date | null) => {
    try {
      // A run that was asked for before the end, and has not begun, is not begun.
      if (isPaused) return;
      const report = await run(slot);
      failure = null;
      onReport(report);
    } catch (error) {
      // Somebody else's run is no failure.
      if (error instanceof NewsfoldError && error.code !== 'run/locked') failure = error;
      tell(onFailure, error);
    } finally {
      count--;
    }
  };
  return {
    start(slot) {
      if (isPaused) return running;
      count++;
      running = running.then(() => runNext(slot)).then(onEnd);
      return running;
    },
    isRunning: () => count > 0,
    readFailure: () => failure,
    pause: () => void (isPaused = true),
    resume: () => void (isPaused = false),
    ended: () => running,
  };
}

/** Tells of an error that was foreseen.
 *  @throws the error itself when it was not. */
export function tell(onFailure: RunListener['onFailure'], error: unknown): void {
  if (!(error instanceof NewsfoldError)) throw error;
  onFailure(error);
}
