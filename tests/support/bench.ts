import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createTextExtractor } from '../../src/app/full-text/extract-thread.ts';
import { createCrawler } from '../../src/ingest/crawl.ts';
import { createFetcher } from '../../src/ingest/http/fetch.ts';
import { createFileReader } from '../../src/ingest/local/files.ts';
import { createHttpClient } from '../../src/ingest/http/http-client.ts';
import type { Feed } from '../../src/model/feed.ts';
import type { SourceDeclaration } from '../../src/model/source.ts';
import type { Story } from '../../src/model/story.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { run } from '../../src/run/run.ts';
import { maintainSubscriptions } from '../../src/websub/subscriber/subscriptions.ts';
import type { RunOptions, RunReport } from '../../src/run/report.ts';
import type { RetentionSettings, RunContext } from '../../src/run/run-context.ts';
import { openSqlite } from '../../src/store/engine/sqlite.ts';
import type { Backend } from '../../src/store/engine/backend.ts';
import { openStore } from '../../src/store/store.ts';
import type { SubscriberSettings } from '../../src/websub/subscriber/context.ts';
import { loopbackSettings } from './http-fetcher.ts';
import { toFeed } from './story.ts';

/** A real store in a temporary folder, with the real fetcher and file reader and a clock that tests
 *  set. */
export interface Workbench extends AsyncDisposable {
  readonly folder: string;
  readonly store: Store;
  readonly log: object[];
  now: Date;
  /** Feeds that runs publish; by default one feed with everything. */
  feeds: readonly Feed[];
  /** Settings of WebSub subscriptions; off by default. */
  push: SubscriberSettings;
  /** Retention of entries; unlimited by default. */
  retention: RetentionSettings;
  /** Replaces parts of the context of runs, such as the store or a reader. */
  wrap: (context: RunContext) => RunContext;
  /** IANA time zone of the site. */
  zone: string;
  /** Writes a file below the folder; returns its path. */
  readonly write: (path: string, text: string | Uint8Array) => string;
  readonly run: (declarations: readonly SourceDeclaration[], options?: Partial<RunOptions>) => Promise<RunReport>;
  readonly stories: () => Promise<readonly Story[]>;
  /** Closes the store and opens it anew, as a restart does. */
  readonly restart: () => Promise<void>;
}

export async function openWorkbench(open: (folder: string) => Backend = openFile): Promise<Workbench> {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-'));
  const log: object[] = [];
  // The thread starts with the first page.
  const extractor = createTextExtractor({ timeoutMs: 5000, memoryMb: 256 });
  const note = (fields: object) => void log.push(fields);
  const bench = {
    folder,
    log,
    now: new Date('2026-03-10T12:00:00Z'),
    feeds: [toFeed()] as readonly Feed[],
    push: { isOn: false, siteUrl: 'http://127.0.0.1:1', allowPrivateAddresses: ['127.0.0.0/8'] } as SubscriberSettings,
    retention: { days: null, perSource: null } as RetentionSettings,
    wrap: (context: RunContext) => context,
    zone: 'UTC',
    store: await openStore(open(folder)),
    write(name: string, text: string | Uint8Array) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    async run(declarations: readonly SourceDeclaration[], options: Partial<RunOptions> = {}) {
      const clock = { now: () => bench.now };
      const limits = { ...loopbackSettings, userAgent: 'Newsfold/test (+http://localhost)' };
      const fetcher = createFetcher(limits, clock);
      const settings = {
        declarations,
        feeds: bench.feeds,
        ownUrls: new Set(['https://fold.test/feed.atom', 'https://fold.test/feed.rss']),
        rules: { level: 'careful' as const, windowMs: 14 * 86_400_000 },
        concurrency: 20,
        perHost: 2,
        runTimeoutMs: 600_000,
        maxBytes: 1_000_000,
        zone: bench.zone,
        minIntervalMs: 3_600_000,
        maxIntervalMs: 86_400_000,
        retention: bench.retention,
      };
      const http = createHttpClient(limits);
      const context = bench.wrap({
        store: bench.store,
        fetcher,
        crawler: createCrawler({ fetcher, store: bench.store, clock, userAgent: limits.userAgent }),
        extractor,
        files: createFileReader(),
        clock,
        log: { debug: note, info: note, warn: note, error: note },
        settings,
        queue: null,
        checkConfig: async () => undefined,
        holder: { command: 'test', pid: process.pid, host: 'here' },
      });
      try {
        const report = await run(context, { sourceId: null, all: false, dryRun: false, acceptDeletions: false, ...options });
        if (!report.stopped && options.dryRun !== true)
          await maintainSubscriptions({ ...context, http, settings: { ...context.settings, push: bench.push } });
        return report;
      } finally {
        await fetcher.close();
        await http.close();
      }
    },
    async stories() {
      const stories = await bench.store.readStories({ order: 'published', offset: 0, limit: 1000 });
      // A list has no texts of revisions; a single story has.
      return Promise.all(stories.map(async (story) => (await bench.store.readStory(story.key)) ?? story));
    },
    async restart() {
      await bench.store.close();
      bench.store = await openStore(open(folder));
    },
    async [Symbol.asyncDispose]() {
      await extractor.close();
      await bench.store.close();
      rmSync(folder, { recursive: true });
    },
  };
  return bench;
}

const openFile = (folder: string) => openSqlite(join(folder, 'newsfold.db'));

/** Returns a source declaration with defaults. */
export function declare(kind: SourceDeclaration['kind'], address: string, rest: Partial<SourceDeclaration> = {}): SourceDeclaration {
  return {
    id: null,
    kind,
    address,
    title: null,
    tags: [],
    priority: 50,
    intervalMs: kind === 'feed' ? 0 : null,
    fullText: false,
    fold: true,
    previous: null,
    private: false,
    request: { headers: {}, auth: null, userAgent: null, timeoutMs: null, maxBytes: null },
    language: null,
    ...rest,
  };
}

/** Returns an RSS document of items given as [title, link, text, guid]. */
export function rss(home: string, items: readonly (readonly [title: string, link: string, text: string, guid?: string])[]): string {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const written = items.map(
    ([title, link, text, guid]) =>
      `<item><title>${escape(title)}</title><link>${escape(link)}</link>${guid === undefined ? '' : `<guid isPermaLink="false">${escape(guid)}</guid>`}<description>${escape(text)}</description></item>`,
  );
  return `<rss version="2.0"><channel><title>${home}</title><link>${home}</link><description>d</description>${written.join('')}</channel></rss>`;
}
