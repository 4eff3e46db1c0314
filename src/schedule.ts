import { createTask, validateDetailed } from 'node-cron';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

/** A schedule in force. */
export interface Schedule {
  /** No run starts after this; one that is under way goes on. */
  readonly stop: () => Promise<void>;
}

/** What is wrong with a cron expression, in words; null when it can be used. */
export function checkSchedule(expression: string): string | null {
  const result = validateDetailed(expression);
  return result.valid ? null : result.errors.map((error) => `${error.field}: ${error.message}`).join('; ');
}

/** Time between the next two runs, milliseconds: how long a document stays fresh. */
export function intervalOf(expression: string, timeZone: string | null): number {
  const task = createTask(expression, () => undefined, timeZone === null ? {} : { timezone: timeZone });
  const [first, second] = task.getNextRuns(2);
  void task.destroy();
  return first && second ? second.getTime() - first.getTime() : 0;
}

/** Starts runs by a cron expression, each told the instant that it was planned for, at `second` of the minute if it names none, never two at once: a slot that comes while a run is under way is passed over. A run that throws is
 *  logged and the next slot tries again. */
export function startSchedule(
  parts: { readonly clock: Clock; readonly log: Log },
  startRun: (slot: Date) => Promise<unknown>,
  options: { readonly expression: string; readonly timeZone: string | null; readonly second: number },
): Schedule {
  const { log } = parts;
  const logger = {
    info: (message: string) => log.debug({}, message),
    warn: (message: string) => log.warn({}, message),
    error: (message: string | Error) => log.error({ err: message }, 'schedule'),
    debug: (message: string | Error) => log.debug({}, String(message)),
  };
  const task = createTask(
    atSecond(options.expression, options.second),
    async ({ date }) => {
      try {
        await startRun(date);
      } catch (error) {
        log.error({ err: error, at: parts.clock.now() }, 'the run failed; the next slot tries again');
      }
    },
    { noOverlap: true, name: 'newsfold-run', logger, ...(options.timeZone !== null && { timezone: options.timeZone }) },
  );
  task.on('execution:overlap', () => log.warn({}, 'the run before has not ended: this slot is passed over'));
  void task.start();
  return {
    stop: async () => {
      await task.stop();
      await task.destroy();
    },
  };
}

/** A cron expression of five fields begins at second 0, when half the world's jobs do: it gets a second of its own (CHECKS A15). */
export function atSecond(expression: string, second: number): string {
  const fields = expression.trim().split(/\s+/);
  return fields.length === 5 ? `${second} ${fields.join(' ')}` : expression;
}
