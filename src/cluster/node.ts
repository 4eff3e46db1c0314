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

/** This process as one of many on one store. */
export interface Node {
  /** Has a run made, here or elsewhere; null when another node had asked for it.
   *  @throws NewsfoldError with the reason when it could not be made. */
  readonly requestRun: (slot: Date | null) => Promise<RunReport | null>;
  /** Lanes of sources that all nodes together have still to read, or read now. */
  readonly count: () => Promise<QueueCounts>;
  readonly close: () => Promise<void>;
}

/** All that a node needs from outside. */
export interface NodeContext {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly runContext: RunContext;
}

/** What the node that has made a run says (node-work.ts). */
interface Said {
  readonly report?: RunReport;
  readonly problem?: { readonly code: string; readonly message: string };
}

/** What a lane may take beyond the time of its run: the request at hand, and reading what it
 *  brings. */
const LANE_SLACK_SECONDS = 300;

/** Begins to work with the other nodes of a store; null for a store that has only this one. All go
 *  by this one's configuration from then on; one that was replaced is taken up again only when its
 *  file was saved since, or going back `isDeliberate`.
 *  @throws NewsfoldError `run/other-config` when it is not; whatever the server throws that cannot
 *  be used. */
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
