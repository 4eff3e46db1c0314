import { NewsfoldError } from '../../model/errors.ts';
import type { RunReport } from '../../run/report.ts';

/** Callbacks about the runs of a server. */
export interface RunListener {
  /** Called with the report of each run; null when another node makes the run. */
  readonly onReport: (report: RunReport | null) => void;
  /** Called with a failure. The server is unchanged, and the next slot tries again. */
  readonly onFailure: (error: NewsfoldError) => void;
}

/** Runs of a server, one after the other, whether the schedule, a saved file or the API asks for
 *  them. */
interface RunQueue {
  /** Requests a run; resolves at its end, also after a failure. */
  readonly start: (slot: Date | null) => Promise<void>;
  /** Reports whether a run is under way or requested. */
  readonly isRunning: () => boolean;
  /** Returns the error of the last run; null when it succeeded, or another process made one. */
  readonly readFailure: () => NewsfoldError | null;
  /** Lets no run begin until `resume`, not even one that waits. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Resolves when the current run has ended. */
  readonly ended: () => Promise<void>;
}

/** Creates the queue. `run` makes a run; `onEnd` is awaited after each. */
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
      // A run that was still waiting when the queue paused does not begin.
      if (isPaused) return;
      const report = await run(slot);
      failure = null;
      onReport(report);
    } catch (error) {
      // A run of another process is no failure.
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

/** Reports an expected failure.
 *  @throws any other error itself. */
export function tell(onFailure: RunListener['onFailure'], error: unknown): void {
  if (!(error instanceof NewsfoldError)) throw error;
  onFailure(error);
}
