import { setTimeout } from 'node:timers/promises';
import { AGAIN_MS, announce } from './announce.ts';
import type { AnnounceContext } from './announce.ts';
import type { Feed } from '../../model/feed.ts';
import type { HubNews } from '../../model/hub.ts';
import type { FeedStore } from '../../ports/store/feeds.ts';

/** All dependencies of announcing. */
interface AnnouncerContext extends AnnounceContext {
  readonly store: AnnounceContext['store'] & FeedStore;
  /** Documents of public feeds by their addresses. */
  readonly topics: ReadonlyMap<string, { readonly feed: Feed }>;
  /** Milliseconds between news and its announcement. A hub fetches at once, perhaps from another
   *  node, which must have the news by then. */
  readonly leadMs: number;
}

/** Announces news to an external hub, one look after the other. */
interface Announcer {
  /** Begins a look without waiting for it. `isNews`: feeds may have news. */
  readonly look: (isNews: boolean) => void;
  /** Resolves when all looks have ended. */
  readonly ended: () => Promise<void>;
}

/** A pause after failures: how many there were, and until when nothing is tried. */
interface Pause {
  readonly times: number;
  readonly until: number;
}

/** The pause after failures grows up to this many times AGAIN_MS. */
const MOST_TIMES = 60;

export function createAnnouncer(context: AnnouncerContext): Announcer {
  const { store, clock, log, topics, leadMs } = context;
  let going: Promise<void> = Promise.resolve();
  let news: HubNews[] = [];
  let pause: Pause = { times: 0, until: 0 };
  const pauses = new Map<string, Pause>();

  /** Returns the pause after `times` failures: a document that the hub rejects, or a hub that is
   *  down, is tried ever more rarely. */
  const pauseAfter = (times: number): Pause => ({ times, until: clock.now().getTime() + AGAIN_MS * Math.min(MOST_TIMES, 2 ** times) });

  async function announceAll(isNews: boolean): Promise<void> {
    const now = clock.now();
    if (isNews) {
      news = [];
      for (const [topic, { feed }] of topics) news.push({ topic, seq: (await store.bindFeed(feed.slug, now)).seq });
    }
    // News that another node has claimed may be left unannounced by that node.
    if (now.getTime() < pause.until && (!isNews || pause.times > 0)) return;
    if (isNews && leadMs > 0) await setTimeout(leadMs, undefined, { ref: false });
    const { isUp, announced, refused } = await announce(
      context,
      news.filter(({ topic }) => (pauses.get(topic)?.until ?? 0) <= now.getTime()),
    );
    pause = pauseAfter(isUp ? 0 : pause.times + 1);
    for (const topic of announced) pauses.delete(topic);
    for (const topic of refused) pauses.set(topic, pauseAfter((pauses.get(topic)?.times ?? 0) + 1));
  }

  return {
    look(isNews) {
      going = going
        .then(() => announceAll(isNews))
        .catch((error: unknown) => log.error({ err: error }, 'announcing news to the hub failed'));
    },
    ended: () => going,
  };
}
