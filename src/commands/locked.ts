import type { App } from '../app.ts';
import { NewsfoldError } from '../model/errors.ts';

/** Does something while no run goes on: takes the run lock, and gives it back whatever happens.
 *  @throws NewsfoldError `run/locked`, exit code 3, when somebody has it: its message says who. */
export async function withLock<T>({ store, clock, runParts }: App, work: () => Promise<T>): Promise<T> {
  const lock = await store.takeLock({ ...runParts.holder, since: clock.now() });
  if (lock.kind === 'held') {
    const { holder } = lock;
    const whose =
      holder === null
        ? 'another process'
        : `newsfold ${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.since.toISOString()})`;
    throw new NewsfoldError('run/locked', `a run goes on: ${whose} holds the lock of ${store.name}; try again when it has ended`, {
      exitCode: 3,
    });
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
