import { hostname } from 'node:os';
import { checkBeside } from './check-config.ts';
import { hideMember, merge, split } from './corrections.ts';
import { createTextExtractor } from './extract-thread.ts';
import { createCrawler } from './ingest/crawl.ts';
import { createConfiguredFetcher } from './fetchers.ts';
import { createFileReader } from './ingest/files.ts';
import { createHttpClient } from './ingest/http.ts';
import { whyNotReachable } from './ingest/public-site.ts';
import { createReplay } from './ingest/replay.ts';
import type { Document, Feed, Representation } from './model/feed.ts';
import type { FeedState } from './model/listing.ts';
import type { Action, Correction } from './model/story.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Reads, Store } from './ports/store/store.ts';
import { formats } from './publish/document.ts';
import { areBehind } from './publish-stage.ts';
import { renderAll, renderFeed, renderOpml, renderStoredArchive } from './render.ts';
import { updateSite } from './run/publish-stories.ts';
import type { RunParts } from './run-parts.ts';
import { readArrangement } from './feeds/arrangement.ts';
import { toStaticViews } from './app/static-views.ts';
import { renderStaticPages } from './static-pages.ts';
import type { StaticPage } from './static-pages.ts';
import { openReader, openStore } from './store/store.ts';
import { answering, createLog, openBackend, readConfig, systemClock, toRenderParts, toUserAgent, zoneOf } from './wiring.ts';
import type { Config } from './wiring.ts';
import { toWhyForm } from './why-form.ts';
import type { WhyForm } from './why-form.ts';
import { askWhy } from './why.ts';

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
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` while somebody else has the run lock. */
  readonly act: (action: Action) => Promise<Correction>;
  /** Tells what became of an article. The question is its address, its title or a part of it, or a key. Changes nothing. */
  readonly askWhy: (question: string) => Promise<WhyForm>;
  /** Ends connections and the store; resolves when both are closed. */
  readonly close: () => Promise<void>;
}

/** Opens the store, brought up to date, and wires the adapters. `command` is what a second run is told of who holds the lock; with
 *  `replays` nothing is asked for twice (ingest/replay.ts).
 *  @throws ConfigError when the file has faults, StoreError when the store cannot be used. */
export async function openApp(configuration: string | Config, command: string, options: { readonly replays?: boolean } = {}): Promise<App> {
  const config = typeof configuration === 'string' ? readConfig(configuration) : configuration;
  const clock = systemClock;
  const log = createLog(config);
  const store = await openStore(await openBackend(config, { mayWrite: true }));
  const { fetch } = config;
  const asking = await createConfiguredFetcher(config, log);
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
    zone: zoneOf(config),
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
    checkConfig: () => checkBeside(config, store),
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
    renderPages: () =>
      renderStaticPages(toStaticViews({ store, clock, feeds: settings.feeds }), config.site, {
        feeds: config.feeds,
        published: settings.feeds,
      }),
    listArchives: async (feed) => {
      const { chain } = await store.bindFeed(feed.slug, clock.now());
      return store.listArchives(feed.slug, chain);
    },
    askWhy: async (question) => {
      const parts = {
        store,
        feeds: settings.feeds,
        siteUrl: config.site.url,
        readArrangement: (feed: Feed, state: FeedState) => readArrangement({ store }, feed, state),
      };
      return toWhyForm(question, await askWhy(parts, question));
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
export async function openStored(file: string): Promise<{ readonly config: Config; readonly store: Reads }> {
  const config = readConfig(file);
  return { config, store: await openReader(await openBackend(config, { mayWrite: false })) };
}

/** What finding an article on its page may take: the largest real pages take a second. */
const EXTRACT_MS = 10_000;
const EXTRACT_MB = 256;

/** Every URL at which a document of ours may be found by others. */
function toOwnUrls({ site, feeds }: Config): ReadonlySet<string> {
  const paths = feeds.flatMap(({ slug, isDefault }) => [`/feeds/${slug}`, ...(isDefault ? ['/feed'] : [])]);
  return new Set(paths.flatMap((path) => formats.map((format) => `${site.url}${path}.${format}`)));
}

/** A correction by a call of the API. */
function act(parts: RunParts, action: Action): Promise<Correction> {
  const named = { ...parts, holder: { ...parts.holder, command: `api ${action.kind}` } };
  if (action.kind === 'split') return split(named, action.key, action.entry);
  if (action.kind === 'merge') return merge(named, action.key, action.with);
  return hideMember(named, action.key, action.entry, { isHidden: action.kind === 'hide' });
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
