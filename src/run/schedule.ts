import { validateDetailed } from 'node-cron';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createSlots } from './cron-slots.ts';

/** A schedule in force. */
interface Schedule {
  /** Starts no more runs; a run under way continues. */
  readonly stop: () => Promise<void>;
}

/** Returns the fault of a cron expression, in words; null when it is valid. */
export function checkSchedule(expression: string): string | null {
  const result = validateDetailed(expression);
  return result.valid ? null : result.errors.map((error) => `${error.field}: ${error.message}`).join('; ');
}

/** Returns the milliseconds between the next two runs: a document stays fresh for this long. */
export function intervalOf(expression: string, timeZone: string | null): number {
  const slots = createSlots(expression, timeZone);
  const first = slots.next(new Date());
  const second = first && slots.next(first);
  return first && second ? second.getTime() - first.getTime() : 0;
}

/** Starts runs by a cron expression and gives each the instant for which it was planned. Without a
 *  seconds field, runs start at `second` of the minute. Two runs never overlap: a slot during a run
 *  is skipped. Slots missed while the machine slept become one run when it wakes. If a run throws,
 *  the error is logged and the next slot tries again. */
export function startSchedule(
  context: { readonly clock: Clock; readonly log: Log },
  startRun: (slot: Date) => Promise<unknown>,
  options: { readonly expression: string; readonly timeZone: string | null; readonly second: number },
): Schedule {
  const { clock, log } = context;
  const slots = createSlots(atSecond(options.expression, options.second), options.timeZone);
  let next = slots.next(clock.now());
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;
  const start = async (slot: Date) => {
    isRunning = true;
    try {
      await startRun(slot);
    } catch (error) {
      log.error({ err: error, at: clock.now() }, 'the run failed; the next slot tries again');
    } finally {
      isRunning = false;
    }
  };
  const look = () => {
    const now = clock.now();
    if (next !== null && next <= now) {
      const slot = next;
      next = slots.next(now);
      if (isRunning) log.warn({ slot }, 'the previous run has not ended: this slot is skipped');
      else void start(slot);
    }
    arm();
  };
  const arm = () => {
    if (next !== null) timer = setTimeout(look, Math.max(0, Math.min(LOOK_MS, next.getTime() - clock.now().getTime())));
  };
  arm();
  return {
    stop: () => {
      clearTimeout(timer);
      next = null;
      return Promise.resolve();
    },
  };
}

/** Milliseconds between two looks at the clock. The clock may be set, or the machine may sleep,
 *  while a timer counts on. */
const LOOK_MS = 60_000;

/** Returns the expression with a seconds field. An expression of five fields begins at second 0,
 *  like half the world's jobs, so it gets another second (docs/polling.md A15). */
export function atSecond(expression: string, second: number): string {
  const fields = expression.trim().split(/\s+/);
  return fields.length === 5 ? `${second} ${fields.join(' ')}` : expression;
}
