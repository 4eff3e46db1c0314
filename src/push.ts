import { setTimeout } from 'node:timers/promises';
import { AGAIN_MS, announce } from './announce.ts';
import { isSuperseded } from './check-config.ts';
import type { Config } from './config/config.ts';
import { createHub } from './hub.ts';
import { createHttpClient } from './ingest/http.ts';
import { isInnerHost } from './ingest/public-site.ts';
import type { Feed } from './model/feed.ts';
import type { HubNews } from './model/hub.ts';
import { toDocumentPath } from './publish/documents/paths.ts';
import { formats } from './publish/document.ts';
import { renderFeed } from './render.ts';
import type { HubAnswer, Subscribing } from './serve/parts.ts';
import { openStore } from './store/store.ts';
import { answering, createLog, openBackend, systemClock, toRenderParts, toUserAgent } from './wiring.ts';

/** All that goes out by push (W3C WebSub): our own hub's questions and deliveries, or what another hub is told. */
export interface Push {
  /** Works what is due. With `isNews`, feeds may have news, and their documents are served by now. */
  readonly work: (isNews: boolean) => Promise<void>;
  readonly askHub: (request: Subscribing) => Promise<HubAnswer>;
  /** Cuts off what goes on, which is due again, and closes the store. */
  readonly close: () => Promise<void>;
}

/** A hub fetches at once, perhaps from another node: all of them have the news by then (DESIGN §8). */
const LEAD_MS = 3000;

/** Opens what pushes; the store must have been opened by openApp before.
 *  @throws StoreError when the store cannot be used. */
export async function openPush(config: Config): Promise<Push> {
  const { site, fetch, websub } = config;
  const clock = systemClock;
  const log = createLog(config);
  const store = await openStore(await openBackend(config, { mayWrite: true }));
  const { proxy, noProxy } = fetch;
  const isInner = isInnerHost(new URL(site.url).hostname, fetch.allowPrivateAddresses);
  // Callbacks are addresses of strangers: no proxy would check them, and what the owner allows his sources is not for them, unless he serves his own network.
  const allowPrivateAddresses = websub.isOwn && !isInner ? [] : fetch.allowPrivateAddresses;
  const http = createHttpClient({ userAgent: toUserAgent(config), proxy: websub.isOwn ? null : proxy, noProxy, allowPrivateAddresses });
  let isStopped = false;
  let isFirst = true;
  const hubUrl = websub.hub ?? `${site.url}/websub`;
  const renderParts = toRenderParts(config, store, clock);
  const topics = toTopics(site.url, answering(config));
  const shared = { store, http, clock, log, hubUrl };
  const hub = createHub({
    ...shared,
    siteUrl: site.url,
    allowPrivateAddresses,
    topics,
    renderFeed: (feed) => renderFeed(renderParts, feed),
    isStopped: () => isStopped,
  });
  let announcing: Promise<void> | null = null;
  let news: HubNews[] = [];
  let pause = { times: 0, until: 0 };
  const pauses = new Map<string, typeof pause>();
  /** What a hub does not take, or a hub that is down, is told ever more rarely. */
  const pauseAfter = (times: number) => ({ times, until: clock.now().getTime() + AGAIN_MS * Math.min(60, 2 ** times) });
  async function announceAll(isNews: boolean): Promise<void> {
    const now = clock.now();
    if (isNews) {
      news = [];
      for (const [topic, { feed }] of topics) news.push({ topic, seq: (await store.bindFeed(feed.slug, now)).seq });
    }
    // What another node has taken may be left by it.
    if (now.getTime() < pause.until && (!isNews || pause.times > 0)) return;
    if (isNews && config.store.kind === 'postgres') await setTimeout(LEAD_MS, undefined, { ref: false });
    const { isUp, told, refused } = await announce(
      shared,
      news.filter(({ topic }) => (pauses.get(topic)?.until ?? 0) <= now.getTime()),
    );
    pause = pauseAfter(isUp ? 0 : pause.times + 1);
    for (const topic of told) pauses.delete(topic);
    for (const topic of refused) pauses.set(topic, pauseAfter((pauses.get(topic)?.times ?? 0) + 1));
  }
  return {
    async work(told) {
      // What the thread before this one had told is not known here.
      const isNews = told || isFirst;
      if (isStopped) return;
      if (await isSuperseded(config, store)) return;
      isFirst = false;
      if (websub.isOwn) await hub.work(isNews);
      else if (websub.hub !== null)
        announcing = (announcing ?? Promise.resolve())
          .then(() => announceAll(isNews))
          .catch((error: unknown) => log.error({ err: error }, 'the hub could not be told of news'));
    },
    askHub: (request) => hub.accept(request),
    async close() {
      isStopped = true;
      await http.close();
      await hub.ended();
      await announcing;
      await store.close();
    },
  };
}

/** The documents of public feeds, by the addresses under which they name themselves. */
function toTopics(siteUrl: string, feeds: readonly Feed[]) {
  const shown = feeds.filter((feed) => !feed.private);
  return new Map(shown.flatMap((feed) => formats.map((format) => [siteUrl + toDocumentPath(feed, format), { feed, format }] as const)));
}
