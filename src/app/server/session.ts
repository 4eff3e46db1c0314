import { createRunQueue, tell } from './run-queue.ts';
import type { RunListener } from './run-queue.ts';
import { watchPublished } from './published-watch.ts';
import type { PublishedWatch } from './published-watch.ts';
import type { StoredSite } from './stored-site.ts';
import type { AppConfig } from '../../config/config.ts';
import { watchSources } from '../../ingest/local/watch.ts';
import type { FolderWatch } from '../../ingest/local/watch.ts';
import type { Document } from '../../model/feed.ts';
import type { Log } from '../../ports/log.ts';
import { systemClock } from '../../runtime/clock.ts';
import { startSchedule } from '../../run/schedule.ts';
import { createSiteDocuments } from '../../serve/documents.ts';
import type { Metrics } from '../../serve/metrics/metrics.ts';
import { openSite } from './open-server.ts';
import type { ServerSite } from './open-server.ts';
import { secondOf } from '../config.ts';
import { startDueWatch } from './due-watch.ts';
import { createPageThread } from '../threads/page-thread.ts';
import { createHubThread } from '../threads/hub-thread.ts';
import type { RunThread } from '../threads/run-thread.ts';

/** Everything that serves one configuration: its request handler, its run process, its schedule
 *  and its watches. */
export interface Session {
  readonly fetch: ServerSite['fetch'];
  /** Starts a run; resolves at its end, also after a failure. */
  readonly startRun: (slot?: Date | null) => Promise<void>;
  /** Starts the schedule, and watches folders and publications of other processes. All nodes
   *  then use this configuration, unless a newer one has replaced it before; `isDeliberate`
   *  overrides that too. */
  readonly start: (options?: { readonly isDeliberate: boolean }) => void;
  /** Stops them after the current step of a run. The session keeps answering with what it has
   *  and can be started again. */
  readonly pause: () => Promise<void>;
  /** Updates the feeds whose rules have changed since the last run. */
  readonly update: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The context that a server hands to its sessions. */
export interface SessionContext extends RunListener {
  readonly metrics: Metrics;
  /** false: the server makes no runs. */
  readonly run: boolean;
  /** Heap of the run process, MB. */
  readonly memory: number;
}

/** The initial state of a session (open-session.ts). */
interface SessionStart extends StoredSite {
  readonly thread: RunThread;
  readonly log: Log;
  /** Documents that are served first. */
  readonly stored: readonly Document[];
}

/** Interval at which problems are checked for alerts. */
const ALERTS_MS = 60_000;

/** Opens the request handler; nothing runs before `start`.
 *  @throws StoreError when the store cannot be used. */
export async function openSession(config: AppConfig, context: SessionContext, from: SessionStart): Promise<Session> {
  const { thread, log } = from;
  const hasSchedule = context.run;
  const documents = createSiteDocuments(from.stored, thread.render, log);
  if (from.hasRun) documents.noteRun();
  const push = config.websub.hub === null ? null : createHubThread(config, log);
  const pages = createPageThread(config, log);
  let isPaused = false;
  let watch: PublishedWatch | null = null;
  // A run ends only when its documents are served.
  const runs = createRunQueue(context, thread.run, async () => watch?.look());
  const startRun = (slot: Date | null = null) => {
    const running = runs.start(slot);
    void running.then(() => {
      if (!isPaused) void site.alerts?.look();
    });
    return running;
  };
  const site = await openSite(config, {
    log,
    documents,
    makeArchive: (feed, n) => Promise.race([thread.makeArchive(feed.slug, n), later()]),
    startRun,
    correct: thread.correct,
    askWhy: thread.why,
    hasSchedule,
    askHub: config.websub.isOwn && push ? push.askHub : null,
    metrics: context.metrics,
    showLong: pages,
    countQueue: thread.countQueue,
    readRunFailure: runs.readFailure,
  });
  let schedule: ReturnType<typeof startSchedule> | null = null;
  let folders: FolderWatch | null = null;
  let dates: ReturnType<typeof startDueWatch> | null = null;
  let looks: NodeJS.Timeout | undefined;
  const pause = async () => {
    isPaused = true;
    runs.pause();
    clearInterval(looks);
    await watch?.stop();
    await folders?.close();
    await dates?.stop();
    await schedule?.stop();
    await Promise.all([thread.stop(), push?.stop()]);
    await runs.ended();
  };
  return {
    fetch: site.fetch,
    startRun,
    start(joining = { isDeliberate: false }) {
      isPaused = false;
      runs.resume();
      push?.start();
      if (site.alerts) looks = setInterval(() => void site.alerts?.look(), ALERTS_MS);
      watch = watchPublished({ store: site.store, documents, log, published: from.published, onNews: () => push?.tell() });
      if (!hasSchedule) return;
      void thread.join(joining).catch((error: unknown) => tell(context.onFailure, error));
      const { schedule: expression, timeZone } = config;
      schedule = startSchedule({ clock: systemClock, log }, startRun, { expression, timeZone, second: secondOf(config) });
      folders = watchSources(config.sources, () => void startRun(), log);
      dates = startDueWatch({
        store: site.store,
        clock: systemClock,
        log,
        isRunning: runs.isRunning,
        startRun: (date) => void startRun(date),
      });
    },
    pause,
    update: () => thread.update().catch((error: unknown) => tell(context.onFailure, error)),
    async close() {
      await pause();
      // An archive may have been requested in between, which starts the thread again.
      await Promise.all([thread.stop(), pages.stop()]);
      await site.alerts?.close();
      await site.close();
    },
  };
}

/** Milliseconds to wait for an archive: a run may be going on in the process that renders it. */
const ARCHIVE_PATIENCE_MS = 5000;

async function later(): Promise<'later'> {
  await new Promise((resolve) => setTimeout(resolve, ARCHIVE_PATIENCE_MS).unref());
  return 'later';
}
