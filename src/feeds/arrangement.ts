import type { Feed } from '../model/feed.ts';
import type { FeedState, HistoryEntry } from '../model/listing.ts';
import { arrange, createTop } from '../publish/selection/listing.ts';
import type { Arrangement } from '../publish/selection/listing.ts';
import type { FeedReads } from '../ports/store/feeds.ts';

/** Listings read at once. */
const PAGE = 500;
/** The stories of a document are looked for among this many times its limit. Where few sources fill
 *  a feed, and each may have few stories (`maxPerSource`), the document is shorter: else a run
 *  would read all that is stored. */
const DEPTH = 20;

/** Returns the stories that a feed shows by its order alone. */
export async function readTop({ store }: { readonly store: FeedReads }, feed: Feed): Promise<readonly HistoryEntry[]> {
  const top = createTop(feed);
  const most = feed.limit * (feed.maxPerSource === null ? 1 : DEPTH);
  for (let offset = 0; !top.isFull() && offset < most; offset += PAGE) {
    const limit = Math.min(PAGE, most - offset);
    const listings = await store.readOrdered(feed.slug, { offset, limit });
    for (const listing of listings) top.offer(listing);
    if (listings.length < limit) break;
  }
  return top.stories;
}

/** Returns the stories and tombstones that the subscription document of a feed holds now. */
export async function readArrangement(
  context: { readonly store: FeedReads },
  feed: Feed,
  { beforeWindowSeq }: FeedState,
): Promise<Arrangement> {
  // Bounded: updating a feed ends the recall of stories that it has no room for.
  const recent = await context.store.readHistory(feed.slug, { after: beforeWindowSeq, upTo: null });
  return arrange(feed, await readTop(context, feed), recent);
}
