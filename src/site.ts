import { createArchiveReader } from './archive-reader.ts';
import { createCallbacks, createRunStarter } from './callbacks.ts';
import { isSuperseded } from './check-config.ts';
import { readFigures } from './figures.ts';
import type { FigureParts } from './figures.ts';
import { watchSources } from './ingest/watch.ts';
import type { FolderWatch } from './ingest/watch.ts';
import type { NewsfoldError } from './model/errors.ts';
import type { Document } from './model/feed.ts';
import type { Action, Correction } from './model/story.ts';
import type { AlertSources, Alerts } from './open-alerts.ts';
import { createOverview } from './overview.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { OwnReads } from './ports/own-store.ts';
import type { RunReads } from './ports/store/runs.ts';
import type { Store } from './ports/store/store.ts';
import { createOverdueCheck, createReadiness } from './readiness.ts';
import { measureFeed, renderAll } from './render.ts';
import { intervalOf } from './schedule.ts';
import { createDocumentCache as createCache } from './serve/documents.ts';
import type { DocumentCache } from './serve/documents.ts';
import { listen } from './serve/listen.ts';
import type { Listening } from './serve/listen.ts';
import { createMetrics } from './serve/metrics.ts';
import type { Metrics } from './serve/metrics.ts';
import type { ServeParts } from './serve/parts.ts';
import { createServer } from './serve/server.ts';
import { openReader, openStore } from './store/store.ts';
import { readStoryAnswer } from './story-view.ts';
import { readSourcesView } from './views/sources.ts';
import { readList, readTags } from './views.ts';
import type { ViewParts } from './views.ts';
import { answering, createLog, openBackend, secondOf, systemClock, toRenderParts } from './wiring.ts';
import type { Config } from './wiring.ts';

/** What the server works with: a store that it may only read, and documents that others render. */
export interface Site {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Second of the minute at which this installation's runs begin. */
  readonly second: number;
  readonly store: RunReads & OwnReads;
  /** Answers a request for feeds and pages. */
  readonly fetch: ReturnType<typeof createServer>['fetch'];
  /** Renders all documents anew. */
  readonly refresh: DocumentCache['refresh'];
  readonly hasPublished: DocumentCache['hasPublished'];
  readonly noteRun: DocumentCache['noteRun'];
  /** Calls back when a local source has changed on disk (ingest/watch.ts). */
  readonly watch: (onChange: () => void) => FolderWatch;
  /** Tells the owner what is wrong; null when he need not be told. */
  readonly alerts: Alerts | null;
  readonly close: () => Promise<void>;
}

/** What is rendered elsewhere for the server. */
export interface SiteDocuments extends DocumentCache {
  /** Makes an archive that nobody has asked for before; `later` when that must wait for a run. */
  readonly makeArchive: ServeParts['readArchive'];
}

/** The store as a server finds it at its start. */
export interface StoredSite {
  /** Whether no feed has ever been listed: the store is new, or a version before this one has written it. */
  readonly areFeedsNew: () => Promise<boolean>;
  /** Whether a run has ever come to its end. */
  readonly hasRun: () => Promise<boolean>;
  /** Number of what was published last. */
  readonly readPublished: () => Promise<number>;
  /** Every document of every feed that answers, and the list of sources, as they stand now. null
   *  when their texts are so long that they are to be rendered where that costs the server
   *  nothing. */
  readonly renderDocuments: () => Promise<readonly Document[] | null>;
}

/** Bytes of the texts of one feed's document that the server renders at its start. */
const MOST_RENDERED = 8_000_000;

/** Opens the store and brings it up to date, so that the server's own connection needs only read; it is closed when the work is done.
 *  @throws StoreError when the store cannot be used. */
export function withStoredSite<T>(config: Config, work: (stored: StoredSite) => Promise<T>): Promise<T> {
  return withWriter(config, (store) => work(toStoredSite(config, store)));
}

function toStoredSite(config: Config, store: Store): StoredSite {
  return {
    async areFeedsNew() {
      const states = await Promise.all(answering(config).map((feed) => store.bindFeed(feed.slug, systemClock.now())));
      return states.every(({ chain }) => chain === 0);
    },
    hasRun: async () => (await store.readLastRun()) !== null,
    readPublished: async () => (await store.readGeneration()).n,
    async renderDocuments() {
      const parts = toRenderParts(config, store, systemClock);
      for (const feed of parts.feeds) if ((await measureFeed(parts, feed)) > MOST_RENDERED) return null;
      return renderAll(parts);
    },
  };
}

/** Documents in memory for a server; serve/documents.ts says what it promises. */
export function createDocumentCache(stored: readonly Document[], render: () => Promise<readonly Document[]>, log: Log): DocumentCache {
  return createCache(stored, render, log);
}

/** What a server does beside answering. */
export interface SiteOptions {
  /** Starts a run, whatever comes of it. */
  readonly startRun: () => Promise<void>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` at once while a run goes on. */
  readonly act: (action: Action) => Promise<Correction>;
  /** Says what became of an article. */
  readonly askWhy: ServeParts['askWhy'];
  /** false when runs are somebody else's business: then none is missed. */
  readonly hasSchedule: boolean;
  /** Asks our own hub; null when there is none. */
  readonly askHub: ServeParts['askHub'];
  readonly metrics: Metrics;
  /** Shows long stories. */
  readonly showLong: ServeParts['showLong'];
  /** Why the last run that this server asked for could not be made; null when it was. */
  readonly readRunFailure: () => NewsfoldError | null;
  /** Lanes of sources that nodes have still to read; null where there are none. */
  readonly countQueue: FigureParts['countQueue'];
}

/** Opens what the server works with; the store must have been opened by withStoredSite before. What is rendered comes from `createDocuments`.
 *  @throws StoreError when the store cannot be used. */
export async function openSite(config: Config, createDocuments: (log: Log) => SiteDocuments, options: SiteOptions): Promise<Site> {
  const clock = systemClock;
  const log = createLog(config);
  const documents = createDocuments(log);
  const store = await openReader(await openBackend(config, { mayWrite: false }));
  const viewParts: ViewParts = {
    store,
    clock,
    // Asked anew: one may end while the server runs.
    get feeds() {
      return answering(config);
    },
  };
  const intervalMs = intervalOf(config.schedule, config.timeZone);
  const readOverview = createOverview(viewParts);
  const isOverdue = createOverdueCheck(viewParts, options.hasSchedule ? intervalMs : null);
  const figureParts: FigureParts = {
    store,
    clock,
    readOverview,
    readModified: async (feed) => (await documents.read(feed, 'atom')).lastModified,
    hasHub: config.websub.isOwn,
    countQueue: options.countQueue,
  };
  const serveParts: ServeParts = {
    site: config.site,
    feeds: config.feeds,
    log,
    clock,
    limitRequests: config.server.limitRequests === 'off' ? null : config.server.limitRequests,
    trustProxy: config.server.trustProxy,
    maxAgeSeconds: toMaxAge(intervalMs),
    hubUrl: config.websub.hub,
    askHub: options.askHub,
    hasPublished: documents.hasPublished,
    readDocument: documents.read,
    readArchive: createArchiveReader(store, documents.makeArchive),
    readOpml: () => documents.read({ slug: 'sources' }, 'opml'),
    readList: (feeds, selection) => readList(viewParts, feeds, selection),
    readTags: (feed) => readTags(viewParts, feed),
    readStory: (key, mayRead) => readStoryAnswer(viewParts, key, mayRead),
    readPublished: async () => (await store.readGeneration()).n,
    showLong: options.showLong,
    readSources: (feeds) => readSourcesView(viewParts, feeds),
    token: config.server.token ?? null,
    act: options.act,
    askWhy: options.askWhy,
    startRun: () => void options.startRun(),
    callbacks: {
      maxBytes: config.fetch.maxBytes,
      ...createCallbacks({
        store,
        write: (work) => withWriter(config, work),
        clock,
        log,
        // Without a schedule what is pushed waits for somebody else's run.
        startRun: options.hasSchedule ? createRunStarter(options.startRun) : () => undefined,
      }),
    },
    checkReady: createReadiness(
      viewParts,
      options.hasSchedule ? intervalMs : null,
      () => isSuperseded(config, store),
      () => options.readRunFailure()?.code === 'run/died',
      documents.hasPublished,
    ),
    logsRequests: config.log.level === 'debug',
    metrics: options.metrics,
    readFigures: (runs) => readFigures(figureParts, runs),
  };
  return {
    config,
    clock,
    log,
    second: secondOf(config),
    store,
    fetch: createServer(serveParts).fetch,
    refresh: documents.refresh,
    hasPublished: documents.hasPublished,
    noteRun: documents.noteRun,
    watch: (onChange) => watchSources(config.sources, onChange, log),
    alerts: await openAlertsOf(config, {
      store,
      write: (work) => withWriter(config, work),
      readOverview,
      async readRunFaults() {
        const failure = options.readRunFailure();
        const overdue = { code: 'run/overdue', message: 'no run has come to its end for three slots of the schedule and an hour' };
        return [...(failure ? [failure] : []), ...((await isOverdue()) ? [overdue] : [])];
      },
    }),
    close: () => store.close(),
  };
}

/** What sends alerts is loaded where somebody asked for them. */
async function openAlertsOf(config: Config, sources: AlertSources): Promise<Alerts | null> {
  return config.onProblem === null ? null : (await import('./open-alerts.ts')).openAlerts(config, sources);
}

/** What a server counts from its start to its end. */
export function createServerMetrics(): Metrics {
  return createMetrics(systemClock, { ofProcess: true });
}

/** Listens for requests.
 *  @throws NewsfoldError `serve/port` when the address cannot be had. */
export function listenOn(fetch: Site['fetch'], address: { readonly host: string; readonly port: number }): Promise<Listening> {
  return listen({ fetch }, address);
}

/** Half the time between two runs: a document is never much older than its run; at least a minute, at most an hour. */
function toMaxAge(intervalMs: number): number {
  return Math.min(3600, Math.max(60, Math.floor(intervalMs / 2000)));
}

async function withWriter<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(await openBackend(config, { mayWrite: true }));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
