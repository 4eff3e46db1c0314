import { setTimeout } from 'node:timers/promises';
import { workByHost } from '../runtime/host-queues.ts';
import { breathe } from '../runtime/memory.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Source } from '../model/source.ts';
import type { HostTask, NodeWork, SharedOutcome } from '../ports/queue.ts';
import { createSourceReader } from '../run/read/source-reader.ts';
import { bindDeclared } from '../run/read/read-sources.ts';
import { run } from '../run/run.ts';
import type { RunReport } from '../run/report.ts';
import { readTime } from '../run/trusted-clock.ts';
import type { RunContext } from '../run/run-context.ts';

/** Longest wait for the run lock. PostgreSQL frees the lock of a node without power within a minute
 *  (store/engine/postgres.ts), long after the queue has given its run to another node. */
const LOCK_PATIENCE_MS = 90_000;
const LOOK_MS = 1000;

/** Returns the work of one node for all nodes (ports/queue.ts): runs whose reading is shared, and
 *  host queues of any node's run. */
export function createNodeWork(context: RunContext): NodeWork {
  const { perHost } = context.settings;
  let bound: { readonly startedAt: number; readonly sources: Promise<ReadonlyMap<string, Source>> } | null = null;

  /** Returns the sources of the configuration by id; they are bound once for each run. */
  function bind(startedAt: Date): Promise<ReadonlyMap<string, Source>> {
    if (bound?.startedAt !== startedAt.getTime()) {
      const sources = bindDeclared(context, { problems: [], failed: 0 }).then((all) => new Map(all.map((source) => [source.id, source])));
      sources.catch(() => (bound = null));
      bound = { startedAt: startedAt.getTime(), sources };
    }
    return bound.sources;
  }

  async function readHostQueue(task: HostTask, ids: readonly string[], isStopped: () => boolean): Promise<readonly SharedOutcome[]> {
    const known = await bind(task.startedAt);
    const timed = { ...context, clock: await readTime(context) };
    const reader = await createSourceReader(timed, { ...task, acceptDeletions: false }, { only: ids, isAborted: isStopped });
    const outcomes: SharedOutcome[] = [];
    const read = async (source: Source) => {
      if (reader.isLate()) return;
      // The node that crashed may have read this source before.
      const outcome = reader.isWanted(source) ? await reader.read(source) : { pushed: null, polled: null };
      if (outcome) outcomes.push({ source: source.id, ...outcome });
      await breathe();
    };
    const declared = ids.flatMap((id) => known.get(id) ?? []);
    const [unread, done] = [declared.filter(reader.isOrphaned), declared.filter((source) => !reader.isOrphaned(source))];
    const sources = task.tries === 0 ? declared : [...done, ...orderRetry(unread, task.tries, perHost)];
    const atOnce = task.tries === 0 ? perHost : 1;
    await workByHost(sources, () => '', { total: atOnce, perQueue: atOnce }, read, isStopped);
    outcomes.push(...(await reader.conclude()));
    // Another node continues with the rest.
    if (isStopped() && outcomes.length < sources.length) throw new Error('this node was stopped before it had read them all');
    return outcomes;
  }

  /** Makes a run as soon as the run lock is free. */
  async function runWhenFree(signal: AbortSignal): Promise<RunReport> {
    const end = performance.now() + LOCK_PATIENCE_MS;
    for (;;)
      try {
        return await run(context, { sourceId: null, all: false, dryRun: false, acceptDeletions: false, signal });
      } catch (error) {
        const isLocked = error instanceof NewsfoldError && error.code === 'run/locked';
        if (!isLocked || signal.aborted || performance.now() > end) throw error;
        await setTimeout(LOOK_MS);
      }
  }

  return {
    async run(signal) {
      try {
        return { report: await runWhenFree(signal) };
      } catch (error) {
        // Another process holds the run lock, or the store cannot be used. Another node could do no
        // better now.
        if (!(error instanceof NewsfoldError)) {
          context.log.error({ err: error }, 'a run has failed');
          throw error;
        }
        return { problem: { code: error.code, message: error.message } };
      }
    },
    readHostQueue,
    async giveUp({ startedAt, all }, ids) {
      const task = { startedAt, all, acceptDeletions: false };
      const known = await bind(startedAt);
      const reader = await createSourceReader({ ...context, clock: await readTime(context) }, task, { only: ids, isAborted: () => false });
      const unread = ids.flatMap((id) => known.get(id) ?? []).filter(reader.isOrphaned);
      for (const source of unread.slice(0, perHost + RETRIES)) {
        const message = 'every node that was reading this source, or others of its host, has crashed: it is tried again later';
        await reader.fail(source, { code: 'source/lost', message });
      }
    },
  };
}

/** Times that a host queue is retried. */
const RETRIES = 2;

/** Returns the order in which a host queue is read after nodes crashed over it. Suspected sources
 *  come last, one by one, so that nothing waits behind them. No crashed node reports its source,
 *  but the order of the queue shows it. The first node was reading the first `perHost` of the
 *  unread sources. The second node was reading the next one, or the first if there is none. A
 *  source that remains after the last attempt and was never being read is not at fault. */
function orderRetry(unread: readonly Source[], tries: number, perHost: number): readonly Source[] {
  const suspects = unread.length > perHost ? perHost + tries - 1 : tries - 1;
  return [...unread.slice(suspects), ...unread.slice(0, suspects)];
}
