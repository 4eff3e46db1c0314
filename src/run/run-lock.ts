import { NewsfoldError } from '../model/errors.ts';
import type { LockHolder } from '../ports/store/runs.ts';
import type { RunContext } from './run-context.ts';

/** Takes the run lock, does `work`, and releases the lock even after a failure.
 *  @throws NewsfoldError `run/locked`, exit code 3, when another process has it. The message names
 *  the holder. Also throws the error of `checkConfig`. */
export async function withRunLock<T>(
  context: Pick<RunContext, 'store' | 'clock' | 'holder' | 'checkConfig'>,
  work: () => Promise<T>,
): Promise<T> {
  const { store, clock, holder, checkConfig } = context;
  const lock = await store.takeLock({ ...holder, since: clock.now() });
  if (lock.kind === 'held') throw new NewsfoldError('run/locked', toHeldMessage(store.name, lock.holder), { exitCode: 3 });
  try {
    await checkConfig();
    return await work();
  } finally {
    await lock.release();
  }
}

function toHeldMessage(store: string, holder: LockHolder | null): string {
  const whose =
    holder === null
      ? 'another process'
      : `newsfold ${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.since.toISOString()})`;
  return `a run is under way: ${whose} holds the lock of ${store}; try again when it has ended`;
}
