import { hostname } from 'node:os';
import { createLog } from './log.ts';
import { openConfiguredReader, openConfiguredStore } from './open-store.ts';
import { toRenderContext } from './render-context.ts';
import { toPushSettings } from './subscribing.ts';
import { checkBeside } from '../cluster/config-agreement.ts';
import type { AppConfig } from '../config/config.ts';
import { hideMember, mergeStories, splitStory } from '../run/corrections/corrections.ts';
import { createTextExtractor } from './full-text/extract-thread.ts';
import { createConfiguredFetcher } from './fetchers.ts';
import { createCrawler } from '../ingest/crawl.ts';
import { createFileReader } from '../ingest/local/files.ts';
import { createHttpClient } from '../ingest/http/http-client.ts';
import { createReplay } from '../ingest/http/replay.ts';
import type { Document, Feed, Representation } from '../model/feed.ts';
import type { SourceStatus } from '../model/source.ts';
import type { Correction, CorrectionOutcome } from '../model/story.ts';
import { toShownPolls } from '../model/values/shown-polls.ts';
import { toHostKey, toUrlKey } from '../normalise/identity/url.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Reads, Store } from '../ports/store/store.ts';
import { formats } from '../publish/documents/document.ts';
import { readArrangement } from '../feeds/document-stories.ts';
import { areBehind } from '../feeds/update-feeds.ts';
import { renderAll, renderFeed, renderOpml, renderStoredArchive } from '../feeds/render-documents.ts';
import { updateSite } from '../run/publish-stories.ts';
import type { RunContext } from '../run/run-context.ts';
import { systemClock } from '../runtime/clock.ts';
import { toStaticViews } from './static-views.ts';
import { renderStaticPages } from '../serve/pages/static-site.ts';
import type { StaticPage } from '../serve/pages/static-site.ts';
import type { SubscribeContext } from '../websub/subscriber/context.ts';
import { toWhyForm } from '../views/why-json.ts';
import type { WhyForm } from '../views/why-json.ts';
import { askWhy } from '../views/why.ts';
import { publishedFeeds, readConfig, toUserAgent, siteZoneOf } from './config.ts';

/** Everything that a command works with. */
export interface App {
  readonly config: AppConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Context of a run. */
  readonly runContext: RunContext;
  /** Context of WebSub subscriptions. */
  readonly subscribing: SubscribeContext;
  /** Returns a feed's current documents in every format. */
  readonly renderFeed: (feed: Feed) => Promise<readonly Document[]>;
  /** Returns all documents of the published feeds, and the list of sources. */
  readonly renderDocuments: () => Promise<readonly Document[]>;
  readonly renderOpml: () => Promise<Document>;
  /** Returns an archive, rendered and stored at its first request; null when no archive has that
   *  number. */
  readonly renderArchive: (feed: Feed, n: number) => Promise<Representation | null>;
  /** Returns the numbers of the archives that a feed's documents link to, oldest first. */
  readonly listArchives: (feed: Feed) => Promise<readonly number[]>;
  /** Renders every public page for a file host. */
  readonly renderPages: () => AsyncGenerator<StaticPage>;
  /** Updates feeds whose rules have changed since the last run.
   *  @throws NewsfoldError `run/locked` when an update is due and a run goes on. */
  readonly updateFeeds: () => Promise<void>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` while another process has the run lock. */
  readonly correct: (correction: Correction) => Promise<CorrectionOutcome>;
  /** Explains what became of an article (why.ts). */
  readonly askWhy: (question: string) => Promise<WhyForm>;
  /** Returns all sources, with holds of their hosts counted in the next poll. */
  readonly readSources: () => Promise<readonly SourceStatus[]>;
  /** Closes connections and the store; resolves when both are closed. */
  readonly close: () => Promise<void>;
}

/** Opens and migrates the store and builds the App. `command` names the holder of the run lock
 *  to other processes. With `replays`, no address is requested twice (ingest/http/replay.ts).
 *  @throws ConfigError when the file has faults, StoreError when the store cannot be used. */
export async function openApp(
  configuration: string | AppConfig,
  command: string,
  options: { readonly replays?: boolean } = {},
): Promise<App> {
  const config = typeof configuration === 'string' ? readConfig(configuration) : configuration;
  const clock = systemClock;
  const log = createLog(config);
  const store = await openConfiguredStore(config);
  const { fetch } = config;
  const asking = await createConfiguredFetcher(config, log);
  const fetcher = options.replays === true ? createReplay(asking) : asking;
  const http = createHttpClient({ ...fetch, userAgent: toUserAgent(config) });
  const extractor = createTextExtractor({ timeoutMs: EXTRACT_MS, memoryMb: EXTRACT_MB });
  const settings: RunContext['settings'] = {
    feeds: publishedFeeds(config),
    declarations: config.sources,
    ownUrls: toOwnUrls(config),
    rules: config.fold,
    concurrency: fetch.concurrency,
    perHost: fetch.perHost,
    runTimeoutMs: fetch.runTimeout,
    maxBytes: fetch.maxBytes,
    zone: siteZoneOf(config),
    minIntervalMs: fetch.minInterval,
    maxIntervalMs: fetch.maxInterval,
    retention: config.keep,
  };
  const runContext: RunContext = {
    store,
    fetcher,
    crawler: createCrawler({ fetcher, store, clock, userAgent: toUserAgent(config) }),
    extractor,
    files: createFileReader(),
    clock,
    log,
    settings,
    queue: null,
    checkConfig: () => checkBeside(config, store),
    holder: { command, pid: process.pid, host: hostname() },
  };
  const renderContext = toRenderContext(config, store, clock);
  return {
    config,
    store,
    clock,
    log,
    runContext,
    subscribing: { store, clock, log, http, settings: { ...settings, push: toPushSettings(config) } },
    renderFeed: (feed) => renderFeed(renderContext, feed),
    renderDocuments: () => renderAll(renderContext),
    renderOpml: () => renderOpml(renderContext),
    renderArchive: (feed, n) => renderStoredArchive(renderContext, feed, n),
    renderPages: () =>
      renderStaticPages(toStaticViews({ store, clock, feeds: settings.feeds }), config.site, {
        feeds: config.feeds,
        published: settings.feeds,
      }),
    listArchives: async (feed) => {
      const { chain } = await store.bindFeed(feed.slug, clock.now());
      return store.listArchives(feed.slug, chain);
    },
    correct: (correction) => correct(runContext, correction),
    askWhy: async (question) =>
      toWhyForm(
        question,
        await askWhy(
          {
            store,
            feeds: settings.feeds,
            siteUrl: config.site.url,
            readArrangement: (feed, state) => readArrangement({ store }, feed, state),
            toUrlKey,
            toHostKey,
          },
          question,
        ),
      ),
    readSources: async () => toShownPolls(await store.readSources(), await store.readHolds(clock.now())),
    async updateFeeds() {
      if (await areBehind(runContext, settings.feeds)) await updateSite(runContext);
    },
    close: async () => {
      await fetcher.close();
      await http.close();
      await extractor.close();
      await store.close();
    },
  };
}

/** Opens the store for reading only. It is neither migrated nor written.
 *  @throws ConfigError when the file has faults, StoreError when there is no store or it cannot
 *  be read. */
export async function openStored(file: string): Promise<{ readonly config: AppConfig; readonly store: Reads }> {
  const config = readConfig(file);
  return { config, store: await openConfiguredReader(config) };
}

/** Time limit for extracting an article from its page: the largest real pages take a second. */
const EXTRACT_MS = 10_000;
const EXTRACT_MB = 256;

/** Returns every URL of our own documents, so that a source with such an address is recognised. */
function toOwnUrls({ site, feeds }: AppConfig): ReadonlySet<string> {
  const paths = feeds.flatMap(({ slug, isDefault }) => [`/feeds/${slug}`, ...(isDefault ? ['/feed'] : [])]);
  return new Set(paths.flatMap((path) => formats.map((format) => `${site.url}${path}.${format}`)));
}

/** Applies a correction requested through the API. */
function correct(context: RunContext, correction: Correction): Promise<CorrectionOutcome> {
  const named = { ...context, holder: { ...context.holder, command: `api ${correction.kind}` } };
  if (correction.kind === 'split') return splitStory(named, correction.key, correction.entry);
  if (correction.kind === 'merge') return mergeStories(named, correction.key, correction.with);
  return hideMember(named, correction.key, correction.entry, { isHidden: correction.kind === 'hide' });
}
