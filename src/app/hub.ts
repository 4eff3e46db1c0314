import { openConfiguredStore } from './open-store.ts';
import { createLog } from './log.ts';
import { toRenderContext } from './render-context.ts';
import { isSuperseded } from '../cluster/config-agreement.ts';
import type { AppConfig } from '../config/config.ts';
import { createHub } from '../websub/hub/hub.ts';
import { createHttpClient } from '../ingest/http/http-client.ts';
import { isInnerHost } from '../ingest/http/public-site.ts';
import type { Feed } from '../model/feed.ts';
import type { HubAnswer, SubscriptionRequest } from '../model/hub.ts';
import { toDocumentPath } from '../publish/documents/paths.ts';
import { formats } from '../publish/documents/document.ts';
import { renderFeed } from '../feeds/render-documents.ts';
import { systemClock } from '../runtime/clock.ts';
import { isTrusted } from '../run/trusted-clock.ts';
import { createAnnouncer } from '../websub/hub/announcer.ts';
import { publishedFeeds, toUserAgent } from './config.ts';

/** The outgoing side of WebSub (W3C WebSub): our own hub's verifications and deliveries, or our
 *  announcements to another hub. */
export interface HubProcess {
  /** Does all work that is due. With `isNews`, feeds may have changed, and their new documents
   *  are being served. */
  readonly work: (isNews: boolean) => Promise<void>;
  readonly askHub: (request: SubscriptionRequest) => Promise<HubAnswer>;
  /** Aborts requests under way, which are due again later, and closes the store. */
  readonly close: () => Promise<void>;
}

/** Every node serves the new documents after this time (docs/design.md §85). */
const LEAD_MS = 3000;

/** Opens the hub process; openApp must have opened the store before.
 *  @throws StoreError when the store cannot be used. */
export async function openHubProcess(config: AppConfig): Promise<HubProcess> {
  const { site, fetch, websub } = config;
  const clock = systemClock;
  const log = createLog(config);
  const store = await openConfiguredStore(config);
  const { proxy, noProxy } = fetch;
  const isInner = isInnerHost(new URL(site.url).hostname, fetch.allowPrivateAddresses);
  // Callbacks are addresses of strangers, which a proxy would not check. Private addresses that the
  // owner allows for sources are not allowed for callbacks, unless the site itself is in a private
  // network.
  const allowPrivateAddresses = websub.isOwn && !isInner ? [] : fetch.allowPrivateAddresses;
  const http = createHttpClient({ userAgent: toUserAgent(config), proxy: websub.isOwn ? null : proxy, noProxy, allowPrivateAddresses });
  let isStopped = false;
  let isFirst = true;
  const renderContext = toRenderContext(config, store, clock);
  const shared = {
    store,
    http,
    clock,
    log,
    hubUrl: websub.hub ?? `${site.url}/websub`,
    topics: toTopics(site.url, publishedFeeds(config)),
  };
  const hub = createHub({
    ...shared,
    siteUrl: site.url,
    allowPrivateAddresses,
    renderFeed: (feed) => renderFeed(renderContext, feed),
    isClockTrusted: () => isTrusted({ store, clock }),
    isStopped: () => isStopped,
  });
  const announcer = createAnnouncer({ ...shared, leadMs: config.store.kind === 'postgres' ? LEAD_MS : 0 });
  return {
    async work(hasNews) {
      // A new process does not know what its predecessor announced, so its first work counts as
      // news.
      const isNews = hasNews || isFirst;
      if (isStopped) return;
      if (await isSuperseded(config, store)) return;
      isFirst = false;
      if (websub.isOwn) await hub.work(isNews);
      else if (websub.hub !== null) announcer.look(isNews);
    },
    askHub: (request) => hub.accept(request),
    async close() {
      isStopped = true;
      await http.close();
      await hub.ended();
      await announcer.ended();
      await store.close();
    },
  };
}

/** Returns the documents of public feeds, keyed by their own addresses. */
function toTopics(siteUrl: string, feeds: readonly Feed[]) {
  const shown = feeds.filter((feed) => !feed.private);
  return new Map(shown.flatMap((feed) => formats.map((format) => [siteUrl + toDocumentPath(feed, format), { feed, format }] as const)));
}
