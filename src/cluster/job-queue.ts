import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { NewsfoldError } from '../model/errors.ts';
import { sha256Hex } from '../model/values/hash.ts';
import type { Log } from '../ports/log.ts';
import type { NodeWork, Queue, SharedHostQueue, SharedOutcome, SharedTask } from '../ports/queue.ts';
import { createHostQueueWorker } from './host-queue-worker.ts';

/** What a queue is opened with. */
export interface QueueSettings {
  /** postgres:// URL of the store. */
  readonly url: string;
  /** Of the configuration: nodes of another one have queues of their own, and work on nothing of
   *  ours. */
  readonly configHash: string;
  /** Lanes that this node reads at once. */
  readonly concurrency: number;
  /** Longest time that a lane may take, seconds. */
  readonly hostQueueSeconds: number;
  readonly log: Log;
}

/** The time between two warnings that the queue meets errors. */
const TOLD_MS = 300_000;
const SCHEMA = 'newsfold_jobs';
/** A node that has not been heard of for so long is gone; the least that pg-boss has. */
const HEARTBEAT_SECONDS = 15;
/** How often it is looked for such, and for jobs. */
const LOOK_SECONDS = 5;
const POLL_SECONDS = 0.5;
/** A run may take as long as it takes, while its node is heard of. */
const RUN_SECONDS = 86_000;
/** Nodes that may end over one piece of work before it is given up. */
const RETRIES = 2;
/** Seconds until the next one tries: what has ended it, or the store that could not be had, is not
 *  met three times in a row at once. */
const RETRY_SECONDS = 5;
/** How long what is done is remembered: a slot of the schedule is run once, however late another
 *  node's clock is. */
const KEPT_SECONDS = 86_400;
/** Jobs that one statement takes. */
const PIECE = 500;

/** What a lane's job holds. */
interface LaneJob {
  readonly startedAt: string;
  readonly all: boolean;
  readonly sources: readonly string[];
}

/** A job that is worked no more. `output` is what its work said; of one that failed, an error as
 *  plain data, or in `value` why pg-boss gave it up. */
interface EndedJob {
  readonly id: string;
  readonly state: 'completed' | 'cancelled' | 'failed';
  readonly output: unknown;
}

/** The Queue over pg-boss, in a schema of its own in the store's database.
 *  @throws whatever the server throws that cannot be used. */
export async function openQueue({ url, configHash, concurrency, hostQueueSeconds: laneSeconds, log }: QueueSettings): Promise<Queue> {
  const names = { run: `run-${configHash}`, lane: `lane-${configHash}`, lost: `lost-${configHash}` };
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
  let toldAt = -Infinity;
  boss.on('error', (error) => {
    // It tries again twice a second, also where its server stays as it is for hours.
    if (performance.now() - toldAt < TOLD_MS) return;
    toldAt = performance.now();
    log.warn({ err: error }, 'the queue has met an error and goes on; more of them are told in five minutes');
  });
  await boss.start();
  const common = { heartbeatSeconds: HEARTBEAT_SECONDS, deleteAfterSeconds: KEPT_SECONDS, retryLimit: RETRIES, retryDelay: RETRY_SECONDS };
  await boss.createQueue(names.lost, { deleteAfterSeconds: KEPT_SECONDS });
  await boss.createQueue(names.run, { ...common, policy: 'stately', expireInSeconds: RUN_SECONDS });
  await boss.createQueue(names.lane, {
    ...common,
    policy: 'exclusive',
    expireInSeconds: laneSeconds,
    deadLetter: names.lost,
    deleteAfterSeconds: 3600,
  });
  const stop = new AbortController();
  // As it was before it was fetched.
  const giveBack = (id: string) =>
    boss
      .getDb()
      .executeSql(
        `update ${SCHEMA}.job set state = 'created', started_on = null, heartbeat_on = null where name = $1 and id = $2 and state = 'active'`,
        [names.lane, id],
      );
  const lanes = createHostQueueWorker(boss, { name: names.lane, concurrency, giveBack, log });

  /** Those of these jobs that have ended, with what they said. */
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

    async work({ run, readLane, giveUp }: NodeWork) {
      await boss.work(names.run, { pollingIntervalSeconds: POLL_SECONDS }, () => run(stop.signal));
      await boss.work<LaneJob>(names.lost, { pollingIntervalSeconds: LOOK_SECONDS }, async ([job]) => {
        if (job) await giveUp(toTask(job.data), job.data.sources);
      });
      lanes.start(async (data: LaneJob, tries) => {
        const task = { ...toTask(data), tries };
        return { outcomes: await readLane(task, data.sources, () => stop.signal.aborted) };
      });
    },

    async distribute(task, all, onOutcome, isStopped) {
      let left: readonly SharedHostQueue[] = all;
      // A lane may still be worked that a node which is gone had asked for: it is asked for again
      // after that.
      while (left.length > 0 && !isStopped()) {
        const waiting = await insert(task, left);
        const asked = new Set(waiting.values());
        left = left.filter((lane) => !asked.has(lane));
        while (waiting.size > 0) {
          for (const { id, output } of await readEnded(names.lane, [...waiting.keys()])) {
            waiting.delete(id);
            for (const outcome of (output as { outcomes?: readonly SharedOutcome[] } | null)?.outcomes ?? []) onOutcome(outcome);
          }
          if (isStopped() && waiting.size > 0) {
            // What nobody has begun stays undone; what goes on ends by itself.
            const { rows } = await boss
              .getDb()
              .executeSql(`select id from ${SCHEMA}.job where name = $1 and id = any($2::uuid[]) and state < 'active'`, [
                names.lane,
                [...waiting.keys()],
              ]);
            const ids = rows.map((row: { id: string }) => row.id);
            if (ids.length > 0) await boss.cancel(names.lane, ids);
          }
          if (stop.signal.aborted) return;
          if (waiting.size > 0) await setTimeout(POLL_SECONDS * 500);
        }
        if (left.length > 0) await setTimeout(POLL_SECONDS * 1000);
      }
    },

    async count() {
      const { rows } = await boss
        .getDb()
        .executeSql(
          `select state < 'active' as waits, count(*)::int as n from ${SCHEMA}.job where name = $1 and state <= 'active' group by 1`,
          [names.lane],
        );
      const found = rows as { waits: boolean; n: number }[];
      return { waiting: found.find(({ waits }) => waits)?.n ?? 0, active: found.find(({ waits }) => !waits)?.n ?? 0 };
    },

    async close() {
      stop.abort();
      await lanes.stop();
      await boss.stop({ graceful: true, timeout: 30_000 });
    },
  };

  /** The lanes that were taken, by the ids of their jobs; one that is still being read is not. */
  async function insert(task: SharedTask, wanted: readonly SharedHostQueue[]): Promise<Map<string, SharedHostQueue>> {
    const { startedAt, all } = task;
    const taken = new Map<string, SharedHostQueue>();
    for (let start = 0; start < wanted.length; start += PIECE) {
      const jobs = wanted.slice(start, start + PIECE).map((lane) => ({ id: randomUUID(), lane }));
      const rows = jobs.map(({ id, lane: { name, sources } }) => ({
        id,
        singletonKey: name,
        data: { startedAt: startedAt.toISOString(), all, sources },
      }));
      const ids = new Set(await boss.insert(names.lane, rows, { returnId: true }));
      for (const { id, lane } of jobs) if (ids.has(id)) taken.set(id, lane);
    }
    return taken;
  }
}

function toTask({ startedAt, all }: LaneJob): SharedTask {
  return { startedAt: new Date(startedAt), all };
}

function toReason({ state, output }: EndedJob): string {
  const said = output as { readonly message?: string; readonly value?: { readonly message?: string } } | null;
  return said?.message ?? said?.value?.message ?? state;
}

/** A UUID (version 8, RFC 9562 §5.8) over a text. */
function toId(text: string): string {
  const digits = sha256Hex(text);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
