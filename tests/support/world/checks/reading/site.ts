import type { Hono } from 'hono';
import { findAlerts } from '../../../../../src/alerts/findings.ts';
import { noAlerts, planAlerts, toAlertText } from '../../../../../src/alerts/plan.ts';
import { toStaticViews } from '../../../../../src/app/static-views.ts';
import { createArchiveReader } from '../../../../../src/feeds/archives/archive-reader.ts';
import { renderFeed, renderOpml, renderStoredArchive } from '../../../../../src/feeds/render-documents.ts';
import type { RenderContext } from '../../../../../src/feeds/render-documents.ts';
import type { Document } from '../../../../../src/model/feed.ts';
import type { Store } from '../../../../../src/ports/store/store.ts';
import { createMetrics } from '../../../../../src/serve/metrics/metrics.ts';
import { renderStaticPages } from '../../../../../src/serve/pages/static-site.ts';
import type { ServerContext } from '../../../../../src/serve/server-context.ts';
import { readSiteCounts } from '../../../../../src/views/counts.ts';
import { createMetricsSnapshot } from '../../../../../src/views/metrics-snapshot.ts';
import { createReadiness } from '../../../../../src/views/readiness.ts';
import { readSourcesView } from '../../../../../src/views/sources.ts';
import { readStoryList, readTags } from '../../../../../src/views/stories.ts';
import { readStoryAnswer } from '../../../../../src/views/story.ts';
import { makeServer } from '../../../../serve/made-server.ts';

/** The real server over a store, without sockets, and the texts that go other ways. */
export interface OpenSite {
  readonly app: Hono;
  /** Yields each text that leaves the program without a request, with a name for it: metrics for
   *  monitors, alerts to the owner, and the pages of `newsfold build`. */
  readonly others: () => AsyncGenerator<readonly [name: string, text: string]>;
}

/** Puts the routes together with the views and documents of a store, as `app/server` does. `said`
 *  replaces parts of it. */
export function openSite(rendering: RenderContext & { readonly store: Store }, said: Partial<ServerContext> = {}): OpenSite {
  const { store, clock, site, feeds, hubUrl } = rendering;
  const views = { store, clock, feeds };
  const rendered = new Map<string, Promise<readonly Document[]>>();
  const readDocument: ServerContext['readDocument'] = async (feed, format) => {
    const documents = rendered.get(feed.slug) ?? renderFeed(rendering, feed);
    rendered.set(feed.slug, documents);
    const found = (await documents).find((document) => document.format === format);
    if (!found) throw new Error(`${feed.slug} has no ${format}`);
    return found;
  };
  const metrics = createMetrics(clock, { ofProcess: false });
  const readOverview = createMetricsSnapshot(views);
  const readFigures: ServerContext['readFigures'] = (runs) =>
    readSiteCounts(
      {
        store,
        clock,
        readOverview,
        readModified: async (feed) => {
          const named = feeds.find(({ slug }) => slug === feed.slug);
          return named ? (await readDocument(named, 'atom')).lastModified : null;
        },
        hasHub: hubUrl !== null,
        countQueue: async () => null,
      },
      runs,
    );
  const app = makeServer({
    site,
    feeds,
    clock,
    hubUrl,
    readDocument,
    readArchive: createArchiveReader(store, (feed, n) => renderStoredArchive(rendering, feed, n)),
    readOpml: () => renderOpml(rendering),
    readList: (shown, selection) => readStoryList(views, shown, selection),
    readTags: (feed) => readTags(views, feed),
    readStory: (key, mayRead) => readStoryAnswer(views, key, mayRead),
    readPublished: async () => (await store.readGeneration()).n,
    readSources: (shown) => readSourcesView(views, shown),
    checkReady: createReadiness(views, null, async () => false),
    metrics,
    readFigures,
    ...said,
  });
  return {
    app,
    async *others() {
      const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
      yield ['the metrics', await metrics.toText(readFigures, log)];
      const alerts = findAlerts(await readOverview(), clock.now());
      const plan = planAlerts(noAlerts, alerts, { site: site.url, now: clock.now(), everyMs: 1 });
      if (plan) yield ['the alert', toAlertText(plan.message)];
      for await (const { path, text } of renderStaticPages(toStaticViews(views), site, { feeds, published: feeds }))
        yield [`the file ${path}`, text];
    },
  };
}

function ignore(): void {
  // The server's log is the owner's.
}
