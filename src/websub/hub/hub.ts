import { acceptHubRequest } from './request.ts';
import { createDelivery } from './delivery.ts';
import type { HubDocument } from './delivery.ts';
import { workVerifications } from './verification.ts';
import type { HubContext } from './hub-context.ts';
import type { Document } from '../../model/feed.ts';
import type { HubAnswer, SubscriptionRequest } from '../../model/hub.ts';

/** Our own hub (W3C WebSub). */
interface Hub {
  /** Notes a subscriber's request. */
  readonly accept: (request: SubscriptionRequest) => Promise<HubAnswer>;
  /** Does the work that is due: verifications, endings, deliveries. `isNews`: feeds may have news,
   *  and their documents are served already. */
  readonly work: (isNews: boolean) => Promise<void>;
  /** Resolves when all work has ended. */
  readonly ended: () => Promise<void>;
}

/** Time between two searches for expired subscriptions. */
const ENDS_MS = 30_000;

export function createHub(context: HubContext): Hub {
  const { store, clock, topics } = context;
  /** By feed slug: the position that the feed's documents have reached, and those documents once a
   *  delivery needs them. */
  const news = new Map<string, { readonly seq: number; documents: Promise<readonly Document[]> | null }>();
  const delivery = createDelivery(
    context,
    () => [...topics].map(([topic, { feed }]) => ({ topic, seq: news.get(feed.slug)?.seq ?? 0 })),
    read,
  );
  let intents: Promise<void> | null = null;
  let endsAt = 0;

  async function read(topic: string): Promise<HubDocument | null> {
    const known = topics.get(topic);
    const latest = known && news.get(known.feed.slug);
    if (!latest) return null;
    latest.documents ??= context.renderFeed(known.feed).catch((error: unknown) => {
      latest.documents = null;
      throw error;
    });
    const document = (await latest.documents).find(({ format }) => format === known.format);
    return document ? { bytes: document.bytes, contentType: document.contentType, seq: latest.seq } : null;
  }

  async function noteNews(): Promise<void> {
    for (const slug of new Set([...topics.values()].map(({ feed }) => feed.slug))) {
      const { seq } = await store.bindFeed(slug, clock.now());
      if (news.get(slug)?.seq !== seq) news.set(slug, { seq, documents: null });
    }
  }

  async function workAll(): Promise<void> {
    if (await workVerifications(context)) await delivery.look();
  }

  return {
    accept: (request) => acceptHubRequest(context, request),
    async work(isNews) {
      if (isNews) await noteNews();
      const now = clock.now();
      if (now.getTime() >= endsAt) {
        // After a jump of the clock no lease ends: the subscriber would never learn of it.
        await store.endHubSubscriptions([...topics.keys()], context.siteUrl, { now, endsLeases: await context.isClockTrusted() });
        endsAt = now.getTime() + ENDS_MS;
      }
      await delivery.look();
      // Verifications are not awaited: a callback that hangs must not delay deliveries.
      intents ??= workAll()
        .catch((error: unknown) => context.log.error({ err: error }, 'hub: verifying subscribers failed'))
        .finally(() => (intents = null));
    },
    async ended() {
      await intents;
      await delivery.ended();
    },
  };
}
