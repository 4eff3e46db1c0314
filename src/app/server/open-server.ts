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

/** A server's answers, from a store that it may only read and documents that others render. */
export interface ServerSite {
  readonly store: Reads;
  /** Answers a request for feeds and pages. */
  readonly fetch: ReturnType<typeof createServer>['fetch'];
  /** Tells the owner what is wrong; null when he need not be told. */
  readonly alerts: Alerts | null;
  readonly close: () => Promise<void>;
}

/** All that a server does elsewhere. */
export interface SiteOptions extends ViewSources, Pick<ServerContext, 'correct' | 'askWhy' | 'askHub' | 'metrics' | 'showLong'> {
  readonly log: Log;
  readonly documents: DocumentCache;
  /** Makes an archive that nobody has asked for before; `later` when that must wait for a run. */
  readonly makeArchive: ServerContext['readArchive'];
  /** Starts a run; resolves at its end, whatever comes of it. */
  readonly startRun: () => Promise<void>;
}

/** Opens a server's answers; the store must have been brought up to date before (withWriter).
 *  @throws StoreError when the store cannot be used. */
export async function openSite(config: AppConfig, options: SiteOptions): Promise<ServerSite> {
  const { log, documents, startRun, hasSchedule, readRunFailure } = options;
  const clock = systemClock;
  const store = await openConfiguredReader(config);
  const { readOverview, isOverdue, ...views } = openViews(config, store, options);
  const write = <T>(work: (writer: Store) => Promise<T>) => withWriter(config, work);
  const serveParts: ServerContext = {
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
      // Without a schedule what is pushed waits for somebody else's run.
      ...createCallbacks({ store, write, clock, log, startRun: hasSchedule ? createRunStarter(startRun) : () => undefined }),
    },
    logsRequests: config.log.level === 'debug',
    metrics: options.metrics,
  };
  const readRunFaults = async () => {
    const failure = readRunFailure();
    const overdue = { code: 'run/overdue', message: 'no run has come to its end for three slots of the schedule and an hour' };
    return [...(failure ? [failure] : []), ...((await isOverdue()) ? [overdue] : [])];
  };
  return {
    store,
    fetch: createServer(serveParts).fetch,
    alerts: await openAlertsOf(config, { store, write, readOverview, readRunFaults }),
    close: () => store.close(),
  };
}

/** What sends alerts is loaded where somebody asked for them. */
async function openAlertsOf(config: AppConfig, sources: AlertSources): Promise<Alerts | null> {
  return config.onProblem === null ? null : (await import('../alerts.ts')).openAlerts(config, sources);
}

/** Half the time between two runs: a document is never much older than its run; at least a minute,
 *  at most an hour. */
function toMaxAge(intervalMs: number): number {
  return Math.min(3600, Math.max(60, Math.floor(intervalMs / 2000)));
}
