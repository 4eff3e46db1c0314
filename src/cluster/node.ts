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
export interface NodeContext {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly runContext: RunContext;
}

/** The result of a run, as the node that made it reports it (node-work.ts). */
interface Said {
  readonly report?: RunReport;
  readonly problem?: { readonly code: string; readonly message: string };
}

/** Seconds that a host queue may take beyond the time of its run, for the last request and reading
 *  its answer. */
const LANE_SLACK_SECONDS = 300;

/** Joins the nodes of a store; null for a store that has only this process. All nodes use this
 *  node's configuration from then on. A configuration that was replaced earlier is accepted only if
 *  its file was saved since, or if going back `isDeliberate`.
 *  @throws NewsfoldError `run/other-config` when it is not accepted; the error of the database
 *  server when it cannot be used. */
export async function openNode(
  { config, clock, runContext, log }: NodeContext,
  options: { readonly isDeliberate: boolean } = { isDeliberate: false },
): Promise<Node | null> {
  if (config.store.kind !== 'postgres') return null;
  const { store } = runContext;
  const { url } = config.store;
  const { concurrency, runTimeout } = config.fetch;
  const configHash = hashConfig(config);
  const laneSeconds = Math.ceil(runTimeout / 1000) + LANE_SLACK_SECONDS;
  const leave = await store.announceNode(configHash);
  let queue: Queue | null = null;
  const close = async () => {
    await queue?.close();
    await leave();
  };
  try {
    if (!(await store.takeUpConfig(configHash, { ...options, savedAt: config.savedAt, at: clock.now() })))
      throw toOtherConfig('start this node with that');
    const { openQueue } = await import('./job-queue.ts');
    const opened = await openQueue({ url, configHash: configHash.slice(0, 12), concurrency, hostQueueSeconds: laneSeconds, log });
    queue = opened;
    await opened.work(createNodeWork({ ...runContext, queue, checkConfig: () => checkConfig(config, store) }));
    return {
      async requestRun(slot) {
        await checkConfig(config, store);
        const said: Said | null = await opened.requestRun(slot);
        if (said?.problem) throw new NewsfoldError(said.problem.code, said.problem.message, { exitCode: 3 });
        return said?.report ?? null;
      },
      count: () => opened.count(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
