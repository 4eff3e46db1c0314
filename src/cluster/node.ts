import { checkConfig, toOtherConfig } from './config-agreement.ts';
import { hashConfig } from '../config/hash.ts';
import type { AppConfig } from '../config/config.ts';
import { NewsfoldError } from '../model/errors.ts';
import { createNodeWork } from './node-work.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Queue, QueueCounts } from '../ports/queue.ts';
import type { RunReport } from '../run/report.ts';
import type { RunContext } from '../run/run-context.ts';

/** This process as one of many nodes on one store. */
export interface Node {
  /** Has a run made, by this node or another; null when another node has requested it already.
   *  @throws NewsfoldError with the reason when the run could not be made. */
  readonly requestRun: (slot: Date | null) => Promise<RunReport | null>;
  /** Counts the host queues that wait or are being read, of all nodes together. */
  readonly count: () => Promise<QueueCounts>;
  readonly close: () => Promise<void>;
}

/** All dependencies of a node. */
interface NodeContext {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly runContext: RunContext;
}

/** The result of a run, as the node that made it reports it (node-work.ts). */
interface RunAnswer {
  readonly report?: RunReport;
  readonly problem?: { readonly code: string; readonly message: string };
}

/** Seconds that a host queue may take beyond the time of its run, for the last request and reading
 *  its answer. */
const SLACK_SECONDS = 300;

/** Joins the nodes of a store; null for a store that has only this process. A configuration that
 *  was replaced earlier is accepted only if its file was saved since, or if `isDeliberate` is true.
 *  All nodes use this node's configuration from then on.
 *  @throws NewsfoldError `run/other-config` for a configuration that is not accepted. Also throws
 *  the database server's own error. */
export async function openNode(
  { config, clock, runContext, log }: NodeContext,
  options: { readonly isDeliberate: boolean } = { isDeliberate: false },
): Promise<Node | null> {
  if (config.store.kind !== 'postgres') return null;
  const { store } = runContext;
  const { url } = config.store;
  const { concurrency, runTimeout } = config.fetch;
  const configHash = hashConfig(config);
  const hostQueueSeconds = Math.ceil(runTimeout / 1000) + SLACK_SECONDS;
  const leave = await store.announceNode(configHash);
  let queue: Queue | null = null;
  const close = async () => {
    await queue?.close();
    await leave();
  };
  try {
    if (!(await store.takeUpConfig(configHash, { ...options, savedAt: config.savedAt, at: clock.now() })))
      throw toOtherConfig('start this node with the newer file');
    const { openQueue } = await import('./job-queue.ts');
    const opened = await openQueue({ url, configHash: configHash.slice(0, 12), concurrency, hostQueueSeconds, log });
    queue = opened;
    await opened.work(createNodeWork({ ...runContext, queue, checkConfig: () => checkConfig(config, store) }));
    return {
      async requestRun(slot) {
        await checkConfig(config, store);
        const answer: RunAnswer | null = await opened.requestRun(slot);
        if (answer?.problem) throw new NewsfoldError(answer.problem.code, answer.problem.message, { exitCode: 3 });
        return answer?.report ?? null;
      },
      count: () => opened.count(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
