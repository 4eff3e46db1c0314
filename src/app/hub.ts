import { openConfiguredStore } from './open-store.ts';
import { createLog } from './log.ts';
import { toRenderContext } from './render-context.ts';
import { isSuperseded } from '../cluster/config-agreement.ts';
import type { AppConfig } from '../config/config.ts';
import { createHub } from '../websub/hub/hub.ts';
import { createHttpClient } from '../ingest/http/http-client.ts';
import { isInnerHost } from '../ingest/http/public-site.ts';
import type { Feed } from '../model/feed.ts';
import type { HubAnswer, Subscribing } from '../model/hub.ts';
import { toDocumentPath } from '../publish/documents/paths.ts';
import { formats } from '../publish/documents/document.ts';
import { renderFeed } from '../feeds/render-documents.ts';
import { systemClock } from '../runtime/clock.ts';
import { isTrusted } from '../run/trusted-clock.ts';
import { createAnnouncer } from '../websub/hub/announcer.ts';
import { answering, toUserAgent } from './config.ts';

/** All that goes out by push (W3C WebSub): our own hub's questions and deliveries, or what another
 *  hub is told. */
export interface HubProcess {
  /** Works what is due. With `isNews`, feeds may have news, and their documents are served by
   *  now. */
  readonly work: (isNews: boolean) => Promise<void>;
  readonly askHub: (request: Subscribing) => Promise<HubAnswer>;
  /** Cuts off what goes on, which is due again, and closes the store. */
  readonly close: () => Promise<void>;
}

/** All nodes have the news by then (docs/design.md §85). */
const LEAD_MS = 3000;

/** Opens what pushes; the store must have been opened by openApp before.
 *  @throws StoreError when the store cannot be used. */
export async function openHubProcess(config: AppConfig): Promise<HubProcess> {
  const { site, fetch, websub } = config;
  const clock = systemClock;
  const log = createLog(config);
  const store = await openConfiguredStore(config);
  const { proxy, noProxy } = fetch;
  const isInner = isInnerHost(new URL(site.url).hostname, fetch.allowPrivateAddresses);
  // Callbacks are addresses of strangers: no proxy would check them, and what the owner allows his
  // sources is not for them, unless he serves his own network.
  const allowPrivateAddresses = websub.isOwn && !isInner ? [] : fetch.allowPrivateAddresses;
  const http = createHttpClient({ userAgent: toUserAgent(config), proxy: websub.isOwn ? null : proxy, noProxy, allowPrivateAddresses });
  let isStopped = false;
  let isFirst = true;
  const renderParts = toRenderContext(config, store, clock);
  const shared = {
    store,
    http,
    clock,
    log,
    hubUrl: websub.hub ?? `${site.url}/websub`,
    topics: toTopics(site.url, answering(config)),
  };
  const hub = createHub({
    ...shared,
    siteUrl: site.url,
    allowPrivateAddresses,
    renderFeed: (feed) => renderFeed(renderParts, feed),
    isClockTrusted: () => isTrusted({ store, clock }),
    isStopped: () => isStopped,
  });
  const announcer = createAnnouncer({ ...shared, leadMs: config.store.kind === 'postgres' ? LEAD_MS : 0 });
  return {
    async work(told) {
      // What the thread before this one had told is not known here.
      const isNews = told || isFirst;
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

/** The documents of public feeds, by the addresses under which they name themselves. */
function toTopics(siteUrl: string, feeds: readonly Feed[]) {
  const shown = feeds.filter((feed) => !feed.private);
  return new Map(shown.flatMap((feed) => formats.map((format) => [siteUrl + toDocumentPath(feed, format), { feed, format }] as const)));
}
