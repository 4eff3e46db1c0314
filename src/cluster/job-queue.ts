import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { NewsfoldError } from '../model/errors.ts';
import { sha256Hex } from '../model/values/hash.ts';
import type { Log } from '../ports/log.ts';
import type { NodeWork, Queue, SharedHostQueue, SharedOutcome, SharedTask } from '../ports/queue.ts';
import { createHostQueueWorker } from './host-queue-worker.ts';

/** Settings of the queue. */
interface QueueSettings {
  /** postgres:// URL of the store. */
  readonly url: string;
  /** Hash of the configuration. Nodes with another configuration have their own queues and take
   *  none of our jobs. */
  readonly configHash: string;
  /** Host queues that this node reads at once. */
  readonly concurrency: number;
  /** Longest time for one host queue, seconds. */
  readonly hostQueueSeconds: number;
  readonly log: Log;
}

/** Time between two warnings about errors of the queue. */
const WARNING_MS = 300_000;
const SCHEMA = 'newsfold_jobs';
/** A node without a heartbeat for this time counts as gone; it is the minimum of pg-boss. */
const HEARTBEAT_SECONDS = 15;
/** Seconds between two looks for jobs and for nodes that are gone. */
const LOOK_SECONDS = 5;
const POLL_SECONDS = 0.5;
/** Longest time for a run, seconds: a run may take any time while its node sends heartbeats. */
const RUN_SECONDS = 86_000;
/** Times that a job is retried after a node crashed over it; then it is given up. */
const RETRIES = 2;
/** Seconds before the next attempt, so that the cause, such as a store that is down, is not met
 *  three times at once. */
const RETRY_SECONDS = 5;
/** Seconds for which a finished job is remembered: a slot of the schedule is run once, however late
 *  another node's clock is. */
const KEPT_SECONDS = 86_400;
/** Most jobs that one statement inserts. */
const BATCH = 500;

/** The data of a host queue's job. */
interface HostQueueJob {
  readonly startedAt: string;
  readonly all: boolean;
  readonly sources: readonly string[];
}

/** A job that has ended. `output` is the result of its work. For a failed job it is an error as
 *  plain data, or has pg-boss's reason in `value`. */
interface EndedJob {
  readonly id: string;
  readonly state: 'completed' | 'cancelled' | 'failed';
  readonly output: unknown;
}

/** Opens the Queue over pg-boss, in its own schema of the store's database.
 *  @throws as the database server does when it is down. */
export async function openQueue({ url, configHash, concurrency, hostQueueSeconds, log }: QueueSettings): Promise<Queue> {
  const names = { run: `run-${configHash}`, hostQueue: `lane-${configHash}`, lost: `lost-${configHash}` };
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    application_name: 'newsfold-jobs',
    max: 2,
    schedule: false,
    superviseIntervalSeconds: LOOK_SECONDS,
    monitorIntervalSeconds: LOOK_SECONDS,
    maintenanceIntervalSeconds: 3600,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  let warnedAt = -Infinity;
  boss.on('error', (error) => {
    // pg-boss retries twice a second, even if its server stays down for hours.
    if (performance.now() - warnedAt < WARNING_MS) return;
    warnedAt = performance.now();
    log.warn({ err: error }, 'the queue met an error and continues; the next warning comes in five minutes at the earliest');
  });
  await boss.start();
  const common = { heartbeatSeconds: HEARTBEAT_SECONDS, deleteAfterSeconds: KEPT_SECONDS, retryLimit: RETRIES, retryDelay: RETRY_SECONDS };
  await boss.createQueue(names.lost, { deleteAfterSeconds: KEPT_SECONDS });
  await boss.createQueue(names.run, { ...common, policy: 'stately', expireInSeconds: RUN_SECONDS });
  await boss.createQueue(names.hostQueue, {
    ...common,
    policy: 'exclusive',
    expireInSeconds: hostQueueSeconds,
    deadLetter: names.lost,
    deleteAfterSeconds: 3600,
  });
  const stop = new AbortController();
  // Restores the state before the job was fetched.
  const giveBack = (id: string) =>
    boss
      .getDb()
      .executeSql(
        `update ${SCHEMA}.job set state = 'created', started_on = null, heartbeat_on = null where name = $1 and id = $2 and state = 'active'`,
        [names.hostQueue, id],
      );
  const worker = createHostQueueWorker(boss, { name: names.hostQueue, concurrency, giveBack, log });

  /** Returns the jobs among `ids` that have ended, with their results. */
  async function readEnded(name: string, ids: readonly string[]): Promise<readonly EndedJob[]> {
    const text = `select id, state, output from ${SCHEMA}.job where name = $1 and id = any($2::uuid[]) and state > 'active'`;
    const { rows } = await boss.getDb().executeSql(text, [name, ids]);
    return rows as EndedJob[];
  }

  return {
    async requestRun(slot) {
      const id = slot === null ? randomUUID() : toId(`${configHash} ${slot.toISOString()}`);
      if ((await boss.send(names.run, {}, { id })) === null) return null;
      while (!stop.signal.aborted) {
        const [ended] = await readEnded(names.run, [id]);
        if (ended?.state === 'completed') return (ended.output as object | null) ?? null;
        if (ended) throw new NewsfoldError('run/failed', `no node could make the run: ${toReason(ended)}`, { exitCode: 3 });
        await setTimeout(POLL_SECONDS * 500);
      }
      return null;
    },

    async work({ run, readHostQueue, giveUp }: NodeWork) {
      await boss.work(names.run, { pollingIntervalSeconds: POLL_SECONDS }, () => run(stop.signal));
      await boss.work<HostQueueJob>(names.lost, { pollingIntervalSeconds: LOOK_SECONDS }, async ([job]) => {
        if (job) await giveUp(toTask(job.data), job.data.sources);
      });
      worker.start(async (data: HostQueueJob, tries) => {
        const task = { ...toTask(data), tries };
        return { outcomes: await readHostQueue(task, data.sources, () => stop.signal.aborted) };
      });
    },

    async distribute(task, all, onOutcome, isStopped) {
      let remaining: readonly SharedHostQueue[] = all;
      // A node that is gone may have requested a host queue that is still being read. It is
      // requested again afterwards.
      while (remaining.length > 0 && !isStopped()) {
        const waiting = await insert(task, remaining);
        const asked = new Set(waiting.values());
        remaining = remaining.filter((hostQueue) => !asked.has(hostQueue));
        while (waiting.size > 0) {
          for (const { id, output } of await readEnded(names.hostQueue, [...waiting.keys()])) {
            waiting.delete(id);
            for (const outcome of (output as { outcomes?: readonly SharedOutcome[] } | null)?.outcomes ?? []) onOutcome(outcome);
          }
          if (isStopped() && waiting.size > 0) {
            // Jobs that no node has begun are cancelled; jobs under way end by themselves.
            const { rows } = await boss
              .getDb()
              .executeSql(`select id from ${SCHEMA}.job where name = $1 and id = any($2::uuid[]) and state < 'active'`, [
                names.hostQueue,
                [...waiting.keys()],
              ]);
            const ids = rows.map((row: { id: string }) => row.id);
            if (ids.length > 0) await boss.cancel(names.hostQueue, ids);
          }
          if (stop.signal.aborted) return;
          if (waiting.size > 0) await setTimeout(POLL_SECONDS * 500);
        }
        if (remaining.length > 0) await setTimeout(POLL_SECONDS * 1000);
      }
    },

    async count() {
      const { rows } = await boss
        .getDb()
        .executeSql(
          `select state < 'active' as waits, count(*)::int as n from ${SCHEMA}.job where name = $1 and state <= 'active' group by 1`,
          [names.hostQueue],
        );
      const found = rows as { waits: boolean; n: number }[];
      return { waiting: found.find(({ waits }) => waits)?.n ?? 0, active: found.find(({ waits }) => !waits)?.n ?? 0 };
    },

    async close() {
      stop.abort();
      await worker.stop();
      await boss.stop({ graceful: true, timeout: 30_000 });
    },
  };

  /** Inserts a job for each host queue and returns the accepted ones by job id. A host queue that
   *  is still being read is not accepted. */
  async function insert(task: SharedTask, wanted: readonly SharedHostQueue[]): Promise<Map<string, SharedHostQueue>> {
    const { startedAt, all } = task;
    const taken = new Map<string, SharedHostQueue>();
    for (let start = 0; start < wanted.length; start += BATCH) {
      const jobs = wanted.slice(start, start + BATCH).map((hostQueue) => ({ id: randomUUID(), hostQueue }));
      const rows = jobs.map(({ id, hostQueue: { name, sources } }) => ({
        id,
        singletonKey: name,
        data: { startedAt: startedAt.toISOString(), all, sources },
      }));
      const ids = new Set(await boss.insert(names.hostQueue, rows, { returnId: true }));
      for (const { id, hostQueue } of jobs) if (ids.has(id)) taken.set(id, hostQueue);
    }
    return taken;
  }
}

function toTask({ startedAt, all }: HostQueueJob): SharedTask {
  return { startedAt: new Date(startedAt), all };
}

function toReason({ state, output }: EndedJob): string {
  const said = output as { readonly message?: string; readonly value?: { readonly message?: string } } | null;
  return said?.message ?? said?.value?.message ?? state;
}

/** Returns a UUID (version 8, RFC 9562 §5.8) that depends on the text alone. */
function toId(text: string): string {
  const digits = sha256Hex(text);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
