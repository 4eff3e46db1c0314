import { acceptHubRequest } from './request.ts';
import { createDelivery } from './delivery.ts';
import type { HubDocument } from './delivery.ts';
import { workVerifications } from './verification.ts';
import type { HubContext } from './hub-context.ts';
import type { Document } from '../../model/feed.ts';
import type { HubAnswer, Subscribing } from '../../model/hub.ts';

/** Our own hub (W3C WebSub). */
export interface Hub {
  /** Notes what a subscriber asks for. */
  readonly accept: (request: Subscribing) => Promise<HubAnswer>;
  /** Works what is due: questions, ends, deliveries. With `isNews`, feeds may have news, and their
   *  documents are served by now. */
  readonly work: (isNews: boolean) => Promise<void>;
  /** Resolves when all that goes on has ended. */
  readonly ended: () => Promise<void>;
}

/** How often it is looked for subscriptions that are over. */
const ENDS_MS = 30_000;

export function createHub(context: HubContext): Hub {
  const { store, clock, topics } = context;
  /** By slug: the place that each feed's documents have reached, and those documents once somebody
   *  is to have them. */
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
        // A clock that has jumped ends no lease: who is subscribed would never know.
        await store.endHubSubscriptions([...topics.keys()], context.siteUrl, { now, endsLeases: await context.isClockTrusted() });
        endsAt = now.getTime() + ENDS_MS;
      }
      await delivery.look();
      // Not waited for: whoever hangs when he is asked holds up no delivery.
      intents ??= workAll()
        .catch((error: unknown) => context.log.error({ err: error }, 'hub: subscribers could not be asked'))
        .finally(() => (intents = null));
    },
    async ended() {
      await intents;
      await delivery.ended();
    },
  };
}
