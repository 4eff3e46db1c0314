import type { FeedHealth } from '../model/view.ts';
import { DAY_MS } from '../model/values/time.ts';
import { findSilence, firstRhythmDay, toDay } from './silence.ts';
import type { ViewContext } from './stories.ts';

/** Period in which lost stories are counted. */
const LOST_MS = DAY_MS;
/** Fewer lost stories are not worth an alert. */
const FEWEST_LOST = 5;

/** Reads the health of each published feed. Stale: silent against its own rhythm. Shrunk: it has
 *  lost most of its stories within a day. */
export async function readHealth({ store, clock, feeds }: Pick<ViewContext, 'store' | 'clock' | 'feeds'>): Promise<FeedHealth[]> {
  const now = clock.now();
  const today = toDay(now);
  const since = { from: firstRhythmDay(today), lostSince: new Date(now.getTime() - LOST_MS) };
  const health: FeedHealth[] = [];
  for (const feed of feeds) {
    const { days, standing, newestAt, lost, toldAt } = await store.countFeed(feed.slug, since);
    const { slug, title, isDefault, private: isPrivate } = feed;
    const silence = findSilence(days, today, { times: 3, arrivedAt: toldAt });
    const stale = silence && {
      code: 'output/stale' as const,
      message: `nothing new for ${silence.days} days; its longest pause before was ${silence.longestBefore === 1 ? 'a day' : `${silence.longestBefore} days`}`,
    };
    const isShrunk = lost >= FEWEST_LOST && lost > standing;
    const shrunk = isShrunk
      ? { code: 'output/shrunk' as const, message: `${lost} of its ${lost + standing} stories left it within a day` }
      : null;
    health.push({ slug, title, isDefault, isPrivate, standing, newestAt, problem: shrunk ?? stale });
  }
  return health;
}
