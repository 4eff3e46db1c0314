import { hostname } from 'node:os';
import { createArchiveReader } from './archive-reader.ts';
import { createCallbacks, createRunStarter } from './callbacks.ts';
import { isSuperseded } from './check-config.ts';
import { hideMember, merge, split } from './corrections.ts';
import { loadConfig } from './config/load.ts';
import type { Config as LoadedConfig } from './config/load.ts';
import { createTextExtractor } from './extract-thread.ts';
import { createCrawler } from './ingest/crawl.ts';
import { createConfiguredFetcher } from './fetchers.ts';
import { createFileReader } from './ingest/files.ts';
import { createHttpClient } from './ingest/http.ts';
import { whyNotReachable } from './ingest/public-site.ts';
import { createReplay } from './ingest/replay.ts';
import { readFigures } from './figures.ts';
import type { FigureParts } from './figures.ts';
import { watchSources } from './ingest/watch.ts';
import type { FolderWatch } from './ingest/watch.ts';
import type { NewsfoldError } from './model/errors.ts';
import type { Document, Feed, Representation } from './model/feed.ts';
import type { Action, Correction } from './model/story.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';
import { formats } from './publish/document.ts';
import { checkPattern } from './publish/select.ts';
import { areBehind } from './publish-stage.ts';
import { openAlerts } from './open-alerts.ts';
import type { Alerts } from './open-alerts.ts';
import { createOverdueCheck, createReadiness } from './readiness.ts';
import { renderAll, renderFeed, renderOpml, renderStoredArchive } from './render.ts';
import { updateSite } from './run.ts';
import type { RunParts } from './run-parts.ts';
import { checkSchedule, intervalOf } from './schedule.ts';
import { createOverview } from './overview.ts';
import type { ServeParts } from './serve/parts.ts';
import { createDocumentCache as createCache } from './serve/documents.ts';
import type { DocumentCache } from './serve/documents.ts';
import { listen } from './serve/listen.ts';
import type { Listening } from './serve/listen.ts';
import { createMetrics } from './serve/metrics.ts';
import type { Metrics } from './serve/metrics.ts';
import { createServer } from './serve/server.ts';
import { renderStaticPages } from './static-pages.ts';
import type { StaticPage } from './static-pages.ts';
import { openStore } from './store/store.ts';
import { readList, readSourcesView, readTags } from './views.ts';
import { readStoryAnswer } from './story-view.ts';
import type { ViewParts } from './views.ts';
import { answering, createLog, openBackend, secondOf, systemClock, toRenderParts, toUserAgent } from './wiring.ts';

/** The configuration, as commands pass it on. */
export type Config = LoadedConfig;

/** Everything that a command works with, wired up. */
export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What a run needs. */
  readonly runParts: RunParts;
  /** A feed's bytes in every format, as they stand now. */
  readonly renderFeed: (feed: Feed) => Promise<readonly Document[]>;
  /** Every document of every feed that answers, and the list of sources. */
  readonly renderDocuments: () => Promise<readonly Document[]>;
  readonly renderOpml: () => Promise<Document>;
  /** An archive, made and stored if nobody has asked for it before; null when there is none of that number. */
  readonly renderArchive: (feed: Feed, n: number) => Promise<Representation | null>;
  /** Numbers of a feed's archives that its documents lead to, oldest first. */
  readonly listArchives: (feed: Feed) => Promise<readonly number[]>;
  /** Every page that anybody may see, for a file host. */
  readonly renderPages: () => AsyncGenerator<StaticPage>;
  /** Lists the stories of feeds whose rules were changed since the last run.
   *  @throws NewsfoldError `run/locked` when that is due and a run goes on. */
  readonly updateFeeds: () => Promise<void>;
  /** Whether no feed has ever been listed: the store is new, or a version before this one has written it. */
  readonly areFeedsNew: () => Promise<boolean>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` while somebody else has the run lock. */
  readonly act: (action: Action) => Promise<Correction>;
  /** Ends connections and the store; resolves when both are closed. */
  readonly close: () => Promise<void>;
}

/** What the server works with: a store that it may only read, and documents that others render. */
export interface Site {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Second of the minute at which this installation's runs begin. */
  readonly second: number;
  readonly store: Pick<Store, 'readMark' | 'readGeneration' | 'watchPublished'>;
  /** Answers a request for feeds and pages. */
  readonly fetch: ReturnType<typeof createServer>['fetch'];
  /** Renders all documents anew. */
  readonly refresh: DocumentCache['refresh'];
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

/** Reads a configuration file with everything that can be checked before a run; with `text`, as if the file said that.
 *  @throws ConfigError with every fault. */
export function readConfig(file: string, text: string | null = null): Config {
  return loadConfig(file, { schedule: checkSchedule, pattern: checkPattern }, undefined, text);
}

/** Opens the store, brought up to date, and wires the adapters. `command` is what a second run is told of who holds the lock; with
 *  `replays` nothing is asked for twice (ingest/replay.ts).
 *  @throws ConfigError when the file has faults, StoreError when the store cannot be used. */
export async function openApp(configuration: string | Config, command: string, options: { readonly replays?: boolean } = {}): Promise<App> {
  const config = typeof configuration === 'string' ? readConfig(configuration) : configuration;
  const clock = systemClock;
  const log = createLog(config);
  const store = await openStore(openBackend(config, { mayWrite: true }));
  const { fetch } = config;
  const asking = createConfiguredFetcher(config);
  const fetcher = options.replays === true ? createReplay(asking) : asking;
  const http = createHttpClient({ ...fetch, userAgent: toUserAgent(config) });
  const extractor = createTextExtractor({ timeoutMs: EXTRACT_MS, memoryMb: EXTRACT_MB });
  const settings: RunParts['settings'] = {
    feeds: answering(config),
    declarations: config.sources,
    ownUrls: toOwnUrls(config),
    rules: config.fold,
    concurrency: fetch.concurrency,
    perHost: fetch.perHost,
    runTimeoutMs: fetch.runTimeout,
    maxBytes: fetch.maxBytes,
    zone: config.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    minIntervalMs: fetch.minInterval,
    maxIntervalMs: fetch.maxInterval,
    push: toPushSettings(config),
    keep: config.keep,
  };
  const runParts: RunParts = {
    store,
    fetcher,
    crawler: createCrawler({ fetcher, store, clock, userAgent: toUserAgent(config) }),
    extractor,
    files: createFileReader(),
    http,
    clock,
    log,
    settings,
    queue: null,
    holder: { command, pid: process.pid, host: hostname() },
  };
  const renderParts = toRenderParts(config, store, clock);
  return {
    config,
    store,
    clock,
    log,
    runParts,
    renderFeed: (feed) => renderFeed(renderParts, feed),
    renderDocuments: () => renderAll(renderParts),
    renderOpml: () => renderOpml(renderParts),
    renderArchive: (feed, n) => renderStoredArchive(renderParts, feed, n),
    renderPages: () => renderStaticPages({ store, clock, feeds: settings.feeds }, config.site, config.feeds),
    listArchives: async (feed) => {
      const { chain } = await store.bindFeed(feed.slug, clock.now());
      return store.listArchives(feed.slug, chain);
    },
    async areFeedsNew() {
      const states = await Promise.all(settings.feeds.map((feed) => store.bindFeed(feed.slug, clock.now())));
      return states.every(({ chain }) => chain === 0);
    },
    act: (action) => act(runParts, action),
    async updateFeeds() {
      if (await areBehind(runParts, settings.feeds)) await updateSite(runParts);
    },
    close: async () => {
      await fetcher.close();
      await http.close();
      await extractor.close();
      await store.close();
    },
  };
}

/** Opens the store alone and as it is: nothing is migrated, nothing can be written.
 *  @throws ConfigError when the file has faults, StoreError when there is no store or it cannot be read. */
export async function openStored(file: string): Promise<{ readonly config: Config; readonly store: Store }> {
  const config = readConfig(file);
  return { config, store: await openStore(openBackend(config, { mayWrite: false })) };
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
  /** false when runs are somebody else's business: then none is missed. */
  readonly hasSchedule: boolean;
  /** Asks our own hub; null when there is none. */
  readonly askHub: ServeParts['askHub'];
  readonly metrics: Metrics;
  /** Why the last run that this server asked for could not be made; null when it was. */
  readonly readRunFailure: () => NewsfoldError | null;
  /** Lanes of sources that nodes have still to read; null where there are none. */
  readonly countQueue: FigureParts['countQueue'];
}

/** Opens what the server works with; the store must have been opened by openApp before. What is rendered comes from `createDocuments`.
 *  @throws StoreError when the store cannot be used. */
export async function openSite(config: Config, createDocuments: (log: Log) => SiteDocuments, options: SiteOptions): Promise<Site> {
  const clock = systemClock;
  const log = createLog(config);
  const documents = createDocuments(log);
  const store = await openStore(openBackend(config, { mayWrite: false }));
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
    readDocument: documents.read,
    readArchive: createArchiveReader(store, clock, documents.makeArchive),
    readOpml: () => documents.read({ slug: 'sources' }, 'opml'),
    readList: (feeds, selection) => readList(viewParts, feeds, selection),
    readTags: (feed) => readTags(viewParts, feed),
    readStory: (key, mayRead) => readStoryAnswer(viewParts, key, mayRead),
    readSources: (feeds) => readSourcesView(viewParts, feeds),
    token: config.server.token ?? null,
    act: options.act,
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
    checkReady: createReadiness(viewParts, options.hasSchedule ? intervalMs : null, () => isSuperseded(config, store)),
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
    watch: (onChange) => watchSources(config.sources, onChange, log),
    alerts: openAlerts(config, {
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

/** What a server counts from its start to its end. */
export function createServerMetrics(): Metrics {
  return createMetrics(systemClock, { ofProcess: true });
}

/** Listens for requests.
 *  @throws NewsfoldError `serve/port` when the address cannot be had. */
export function listenOn(fetch: Site['fetch'], address: { readonly host: string; readonly port: number }): Promise<Listening> {
  return listen({ fetch }, address);
}

/** What finding an article on its page may take: the largest real pages take a second. */
const EXTRACT_MS = 10_000;
const EXTRACT_MB = 256;

/** Every URL at which a document of ours may be found by others. */
function toOwnUrls({ site, feeds }: Config): ReadonlySet<string> {
  const paths = feeds.flatMap(({ slug, isDefault }) => [`/feeds/${slug}`, ...(isDefault ? ['/feed'] : [])]);
  return new Set(paths.flatMap((path) => formats.map((format) => `${site.url}${path}.${format}`)));
}

/** Half the time between two runs: a document is never much older than its run; at least a minute, at most an hour. */
function toMaxAge(intervalMs: number): number {
  return Math.min(3600, Math.max(60, Math.floor(intervalMs / 2000)));
}

/** A correction by a call of the API. */
function act(parts: RunParts, action: Action): Promise<Correction> {
  const named = { ...parts, holder: { ...parts.holder, command: `api ${action.kind}` } };
  if (action.kind === 'split') return split(named, action.key, action.entry);
  if (action.kind === 'merge') return merge(named, action.key, action.with);
  return hideMember(named, action.key, action.entry);
}

async function withWriter<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(openBackend(config, { mayWrite: true }));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Whether sources that push are subscribed to, and from where; an owner who wants that on a site that no hub can reach is told by `newsfold check`. */
function toPushSettings(config: Config): RunParts['settings']['push'] {
  const { allowPrivateAddresses } = config.fetch;
  return { isOn: config.websub.subscribe && whyNoPushes(config) === null, siteUrl: config.site.url, allowPrivateAddresses };
}

/** Why `websub.subscribe` has no effect, in words; null when it has, or is not asked for. */
export function whyNoPushes({ websub, site, fetch }: Config): string | null {
  return websub.subscribe ? whyNotReachable(site.url, fetch.allowPrivateAddresses) : null;
}
