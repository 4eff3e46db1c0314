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
import { toShownPolls } from '../model/values/next-poll.ts';
import { toHostKey, toUrlKey } from '../normalise/identity/url.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Reads, Store } from '../ports/store/store.ts';
import { formats } from '../publish/documents/document.ts';
import { readArrangement } from '../feeds/arrangement.ts';
import { areBehind } from '../feeds/update-feeds.ts';
import { renderAll, renderFeed, renderOpml, renderStoredArchive } from '../feeds/render-documents.ts';
import { updateSite } from '../run/publish-stories.ts';
import type { RunContext } from '../run/run-context.ts';
import { systemClock } from '../runtime/clock.ts';
import { toStaticViews } from './static-views.ts';
import { renderStaticPages } from '../serve/pages/static-site.ts';
import type { StaticPage } from '../serve/pages/static-site.ts';
import type { SubscribeContext } from '../websub/subscriber/context.ts';
import { toWhyForm } from '../views/why-form.ts';
import type { WhyForm } from '../views/why-form.ts';
import { askWhy } from '../views/why.ts';
import { answering, readConfig, toUserAgent, siteZoneOf } from './config.ts';

/** Everything that a command works with, wired up. */
export interface App {
  readonly config: AppConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What a run needs. */
  readonly runContext: RunContext;
  /** What subscribing to sources that push needs. */
  readonly subscribing: SubscribeContext;
  /** A feed's bytes in every format, as they stand now. */
  readonly renderFeed: (feed: Feed) => Promise<readonly Document[]>;
  /** Every document of every feed that answers, and the list of sources. */
  readonly renderDocuments: () => Promise<readonly Document[]>;
  readonly renderOpml: () => Promise<Document>;
  /** An archive, made and stored if nobody has asked for it before; null when there is none of that
   *  number. */
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
  readonly correct: (correction: Correction) => Promise<CorrectionOutcome>;
  /** Says what became of an article (why.ts). */
  readonly askWhy: (question: string) => Promise<WhyForm>;
  /** All sources, with the next poll that holds. */
  readonly readSources: () => Promise<readonly SourceStatus[]>;
  /** Ends connections and the store; resolves when both are closed. */
  readonly close: () => Promise<void>;
}

/** Opens the store, brought up to date, and wires the adapters. `command` is what a second run is
 *  told of who holds the lock; with `replays` nothing is asked for twice (ingest/replay.ts).
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
    feeds: answering(config),
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
  const renderParts = toRenderContext(config, store, clock);
  return {
    config,
    store,
    clock,
    log,
    runContext,
    subscribing: { store, clock, log, http, settings: { ...settings, push: toPushSettings(config) } },
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

/** Opens the store alone and as it is: nothing is migrated, nothing can be written.
 *  @throws ConfigError when the file has faults, StoreError when there is no store or it cannot be
 *  read. */
export async function openStored(file: string): Promise<{ readonly config: AppConfig; readonly store: Reads }> {
  const config = readConfig(file);
  return { config, store: await openConfiguredReader(config) };
}

/** What finding an article on its page may take: the largest real pages take a second. */
const EXTRACT_MS = 10_000;
const EXTRACT_MB = 256;

/** Every URL at which a document of ours may be found by others. */
function toOwnUrls({ site, feeds }: AppConfig): ReadonlySet<string> {
  const paths = feeds.flatMap(({ slug, isDefault }) => [`/feeds/${slug}`, ...(isDefault ? ['/feed'] : [])]);
  return new Set(paths.flatMap((path) => formats.map((format) => `${site.url}${path}.${format}`)));
}

/** Makes a correction that was asked for by the API. */
function correct(context: RunContext, correction: Correction): Promise<CorrectionOutcome> {
  const named = { ...context, holder: { ...context.holder, command: `api ${correction.kind}` } };
  if (correction.kind === 'split') return splitStory(named, correction.key, correction.entry);
  if (correction.kind === 'merge') return mergeStories(named, correction.key, correction.with);
  return hideMember(named, correction.key, correction.entry, { isHidden: correction.kind === 'hide' });
}
