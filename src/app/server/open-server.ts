import { createArchiveReader } from '../../feeds/archives/archive-reader.ts';
import { openConfiguredReader, withWriter } from '../open-store.ts';
import { openViews } from './open-views.ts';
import type { ViewSources } from './open-views.ts';
import { createRunStarter } from './run-starter.ts';
import { createCallbacks } from '../../websub/subscriber/callbacks.ts';
import type { AppConfig } from '../../config/config.ts';
import type { Alerts, AlertSources } from '../alerts.ts';
import type { Log } from '../../ports/log.ts';
import type { Reads, Store } from '../../ports/store/store.ts';
import { systemClock } from '../../runtime/clock.ts';
import { intervalOf } from '../../run/schedule.ts';
import type { DocumentCache } from '../../serve/documents.ts';
import type { ServerContext } from '../../serve/server-context.ts';
import { createServer } from '../../serve/server.ts';

/** The request handler of a server, with a read-only store; documents are rendered elsewhere. */
export interface ServerSite {
  readonly store: Reads;
  /** Answers a request for feeds and pages. */
  readonly fetch: ReturnType<typeof createServer>['fetch'];
  /** Sends alerts to the owner; null when none are configured. */
  readonly alerts: Alerts | null;
  readonly close: () => Promise<void>;
}

/** The work that a server leaves to other threads. */
interface SiteOptions extends ViewSources, Pick<ServerContext, 'correct' | 'askWhy' | 'askHub' | 'metrics' | 'showLong'> {
  readonly log: Log;
  readonly documents: DocumentCache;
  /** Renders an archive at its first request; `later` when that must wait for a run. */
  readonly makeArchive: ServerContext['readArchive'];
  /** Starts a run; resolves at its end, also after a failure. */
  readonly startRun: () => Promise<void>;
}

/** Opens a server's request handler; the store must have been migrated before (withWriter).
 *  @throws StoreError when the store cannot be used. */
export async function openSite(config: AppConfig, options: SiteOptions): Promise<ServerSite> {
  const { log, documents, startRun, hasSchedule, readRunFailure } = options;
  const clock = systemClock;
  const store = await openConfiguredReader(config);
  const { readOverview, isOverdue, ...views } = openViews(config, store, options);
  const write = <T>(work: (writer: Store) => Promise<T>) => withWriter(config, work);
  const serverContext: ServerContext = {
    ...views,
    site: config.site,
    feeds: config.feeds,
    log,
    clock,
    limitRequests: config.server.limitRequests === 'off' ? null : config.server.limitRequests,
    trustProxy: config.server.trustProxy,
    maxAgeSeconds: toMaxAge(intervalOf(config.schedule, config.timeZone)),
    hubUrl: config.websub.hub,
    askHub: options.askHub,
    hasPublished: documents.hasPublished,
    readDocument: documents.read,
    readArchive: createArchiveReader(store, options.makeArchive),
    readOpml: () => documents.read({ slug: 'sources' }, 'opml'),
    showLong: options.showLong,
    token: config.server.token ?? null,
    correct: options.correct,
    askWhy: options.askWhy,
    startRun: () => void startRun(),
    callbacks: {
      maxBytes: config.fetch.maxBytes,
      // Without a schedule, deliveries wait for a run that another process starts.
      ...createCallbacks({ store, write, clock, log, startRun: hasSchedule ? createRunStarter(startRun) : () => undefined }),
    },
    logsRequests: config.log.level === 'debug',
    metrics: options.metrics,
  };
  const readRunFaults = async () => {
    const failure = readRunFailure();
    const overdue = { code: 'run/overdue', message: 'no run has ended for three slots of the schedule and an hour' };
    return [...(failure ? [failure] : []), ...((await isOverdue()) ? [overdue] : [])];
  };
  return {
    store,
    fetch: createServer(serverContext).fetch,
    alerts: await openAlertsOf(config, { store, write, readOverview, readRunFaults }),
    close: () => store.close(),
  };
}

/** The code for alerts is loaded only when the configuration has `onProblem`. */
async function openAlertsOf(config: AppConfig, sources: AlertSources): Promise<Alerts | null> {
  return config.onProblem === null ? null : (await import('../alerts.ts')).openAlerts(config, sources);
}

/** Returns half the time between two runs, at least a minute and at most an hour. A cached document
 *  is then little older than its run. */
function toMaxAge(intervalMs: number): number {
  return Math.min(3600, Math.max(60, Math.floor(intervalMs / 2000)));
}
