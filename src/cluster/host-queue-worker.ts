import { setTimeout } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
import type { Log } from '../ports/log.ts';

/** Pause after a look that found no job. */
const IDLE_MS = 500;
/** Time between two heartbeats of this node. */
const BEAT_MS = 5000;

/** Works on one job; `tries` counts its earlier attempts. */
type HostQueueWork = (data: never, tries: number) => Promise<object>;

/** Works on many short jobs at once. pg-boss's own workers wait between two jobs, or for the
 *  slowest job of a batch. A job that an orderly stop interrupts is returned (`giveBack`) and does
 *  not count as an attempt. */
export function createHostQueueWorker(
  boss: PgBoss,
  { name, concurrency, giveBack, log }: { name: string; concurrency: number; giveBack: (id: string) => Promise<unknown>; log: Log },
) {
  const going = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  let beat: NodeJS.Timeout | undefined;

  async function look(work: HostQueueWork): Promise<void> {
    while (!stopping.signal.aborted) {
      const free = concurrency - going.size;
      const jobs = free > 0 ? await fetch(free) : [];
      for (const { id, data, retryCount } of jobs) {
        const working = one(id, () => work(data, retryCount)).finally(() => going.delete(id));
        going.set(id, working);
      }
      if (going.size >= concurrency) await Promise.race(going.values());
      else if (jobs.length === 0) await Promise.race([setTimeout(IDLE_MS), ...going.values()]);
    }
  }

  async function fetch(batchSize: number) {
    try {
      return await boss.fetch<never>(name, { batchSize });
    } catch (error) {
      log.warn({ err: error }, 'could not fetch jobs from the queue');
      await setTimeout(BEAT_MS);
      return [];
    }
  }

  async function one(id: string, work: () => Promise<object>): Promise<void> {
    try {
      const output = await work();
      await boss.complete(name, id, output);
    } catch (error) {
      if (stopping.signal.aborted) {
        await giveBack(id).catch((fault: unknown) => log.warn({ err: fault }, 'could not return a job to the queue'));
        return;
      }
      log.error({ err: error }, 'a job failed');
      await boss.fail(name, id, { message: error instanceof Error ? error.message : 'unknown' }).catch(() => {});
    }
  }

  return {
    start(work: HostQueueWork): void {
      beat = setInterval(() => {
        if (going.size > 0)
          boss.touch(name, [...going.keys()]).catch((error: unknown) => log.warn({ err: error }, 'could not send heartbeats to the queue'));
      }, BEAT_MS);
      looking = look(work);
    },
    /** Resolves when all jobs under way have ended. */
    async stop(): Promise<void> {
      stopping.abort();
      await looking;
      await Promise.all(going.values());
      clearInterval(beat);
    },
  };
}
