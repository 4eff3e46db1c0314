import pino from 'pino';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/load.ts';
import { createFetcher } from './ingest/fetch.ts';
import { createFileReader } from './ingest/files.ts';
import { StoreError } from './model/errors.ts';
import type { Document, DocumentFormat, Feed } from './model/feed.ts';
import type { Story } from './model/story.ts';
import type { Clock } from './ports/clock.ts';
import type { Fetcher } from './ports/fetcher.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';
import { renderDocument } from './publish/document.ts';
import { checkPattern, createSelection } from './publish/select.ts';
import type { RunParts } from './run-parts.ts';
import { checkSchedule, intervalOf } from './schedule.ts';
import type { ServeParts } from './serve/parts.ts';
import { createServer, listen } from './serve/server.ts';
import type { Listening } from './serve/server.ts';
import { openSqlite } from './store/dialects.ts';
import { openStore } from './store/store.ts';
import { VERSION } from './model/version.ts';

/** Everything that a command works with, wired up. */
export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What a run needs. */
  readonly runParts: RunParts;
  /** A feed's bytes in one format, rendered once per change of what is published. */
  readonly readDocument: (feed: Feed, format: DocumentFormat) => Promise<Document>;
  /** Serves the feeds and pages.
   *  @throws NewsfoldError `serve/port` when the address cannot be had. */
  readonly listen: (port: number) => Promise<Listening>;
  /** Ends connections and the store; resolves when both are closed. */
  readonly close: () => Promise<void>;
}

/** Reads a configuration file with everything that can be checked before a run.
 *  @throws ConfigError with every fault. */
export function readConfig(file: string): Config {
  return loadConfig(file, { schedule: checkSchedule, pattern: checkPattern });
}

/** Opens the store and wires the adapters.
 *  @throws ConfigError when the file has faults, StoreError when the store cannot be used. */
export async function openApp(file: string): Promise<App> {
  const config = readConfig(file);
  if (config.store.kind === 'postgres') {
    throw new StoreError(
      'store/unsupported',
      config.store.url.replace(/\/\/[^@/]*@/, '//'),
      'PostgreSQL is not supported by this version yet: use store: sqlite:PATH',
    );
  }
  const clock = systemClock;
  const log = createLog(config);
  const store = await openStore(openSqlite(config.store.path), config.store.path);
  const { fetch } = config;
  const fetcher = createFetcher(
    {
      userAgent: fetch.userAgent ?? `Newsfold/${VERSION} (+${config.site.url})`,
      perHost: fetch.perHost,
      timeoutMs: fetch.timeout,
      maxBytes: fetch.maxBytes,
      proxy: fetch.proxy ?? null,
      allowPrivateAddresses: fetch.allowPrivateAddresses,
    },
    clock,
  );
  const settings: RunParts['settings'] = {
    declarations: config.sources,
    rules: config.fold,
    concurrency: fetch.concurrency,
    runTimeoutMs: fetch.runTimeout,
    maxBytes: fetch.maxBytes,
    zone: config.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    minIntervalMs: fetch.minInterval,
    maxIntervalMs: fetch.maxInterval,
  };
  const readFeedStories = (feed: Feed) => selectStories(store, feed, clock);
  const readDocument = createDocuments(config, store, clock, readFeedStories);
  const serveParts: ServeParts = {
    site: config.site,
    feeds: config.feeds,
    log,
    maxAgeSeconds: toMaxAge(intervalOf(config.schedule, config.timeZone)),
    readDocument,
    readFeedStories,
    readStory: (key) => readPublicStory(config, store, clock, key),
    checkReady: async () => ((await store.readGeneration()).n > 0 ? null : 'nothing has been published yet'),
  };
  return {
    config,
    store,
    clock,
    log,
    runParts: { store, fetcher, files: createFileReader(), clock, log, settings },
    readDocument,
    listen: (port) => listen(createServer(serveParts), { host: config.server.host, port }),
    close: async () => {
      await fetcher.close();
      await store.close();
    },
  };
}

/** Half the time between two runs: a document is never much older than its run; at least a minute, at most an hour. */
function toMaxAge(intervalMs: number): number {
  return Math.min(3600, Math.max(60, Math.floor(intervalMs / 2000)));
}

function createLog(config: Config): Log {
  const isPretty = (config.log.format ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'pretty';
  const options = { level: config.log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!isPretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true } },
  });
}

/** Stories read from the store at once while a feed is being filled. */
const PAGE = 100;

async function selectStories(store: Store, feed: Feed, clock: Clock): Promise<readonly Story[]> {
  const selection = createSelection(feed, clock.now());
  for (let offset = 0; !selection.isFull(); offset += PAGE) {
    const stories = await store.readStories({ order: feed.order, offset, limit: PAGE });
    stories.forEach((story) => selection.offer(story));
    if (stories.length < PAGE) break;
  }
  return selection.stories;
}

/** A story that only private feeds select is nobody's business (DESIGN §8). */
async function readPublicStory(config: Config, store: Store, clock: Clock, key: string): Promise<Story | null> {
  const story = await store.readStory(key);
  if (!story) return null;
  const isPublic = config.feeds.some((feed) => {
    const selection = createSelection({ ...feed, limit: 1 }, clock.now());
    if (!feed.private) selection.offer(story);
    return selection.stories.length > 0;
  });
  return isPublic ? story : null;
}

function createDocuments(
  config: Config,
  store: Store,
  clock: Clock,
  readFeedStories: (feed: Feed) => Promise<readonly Story[]>,
): App['readDocument'] {
  const made = new Map<string, { generation: string; document: Promise<Document> }>();
  const make = async (feed: Feed, format: DocumentFormat): Promise<Document> => {
    const { id, createdAt } = await store.bindFeed(feed.slug, clock.now());
    const options = {
      siteUrl: config.site.url,
      content: feed.content,
      alsoPublished: config.alsoPublished,
      titlePrefix: config.titlePrefix,
    };
    const context = { feed, feedId: id, feedCreatedAt: createdAt, site: config.site, options, version: VERSION };
    const rendered = renderDocument(await readFeedStories(feed), format, context);
    return { ...rendered, lastModified: await store.stampDocument(feed.slug, format, rendered.tag, clock.now()) };
  };
  return async (feed, format) => {
    const { n } = await store.readGeneration();
    // What is held back appears by the passing of time alone.
    const generation = feed.holdBackMs > 0 ? `${n} ${Math.floor(clock.now().getTime() / 60_000)}` : String(n);
    const name = `${feed.slug}.${format}`;
    const known = made.get(name);
    if (known?.generation === generation) return known.document;
    const document = make(feed, format);
    made.set(name, { generation, document });
    document.catch(() => made.delete(name));
    return document;
  };
}

/** A fetcher for commands that need no configuration: the same politeness and limits by default. */
export function createStandaloneFetcher(): Fetcher {
  const limits = { perHost: 2, timeoutMs: 30_000, maxBytes: 10 * 1_048_576, proxy: null, allowPrivateAddresses: [] };
  return createFetcher({ userAgent: `Newsfold/${VERSION}`, ...limits }, systemClock);
}

const systemClock: Clock = { now: () => new Date() };
