import type { Feed } from '../model/feed.ts';
import type { FeedState, HistoryEntry } from '../model/listing.ts';
import { arrange, createTop } from '../publish/selection/listing.ts';
import type { Arrangement } from '../publish/selection/listing.ts';
import type { FeedReads } from '../ports/store/feeds.ts';

/** Listings read in one query. */
const PAGE = 500;
/** The search for a document's stories stops after this many times its limit. With few sources and
 *  a `maxPerSource`, a document may then be shorter. Without the bound a run would read every
 *  stored listing. */
const DEPTH = 20;

/** Returns the stories that a feed shows by its order, without those that only the window adds. */
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

/** Returns the stories and tombstones that a feed's subscription document shows now. */
export async function readArrangement(
  context: { readonly store: FeedReads },
  feed: Feed,
  { beforeWindowSeq }: FeedState,
): Promise<Arrangement> {
  // Bounded: updating a feed moves the window past stories that the document has no room for.
  const recent = await context.store.readHistory(feed.slug, { after: beforeWindowSeq, upTo: null });
  return arrange(feed, await readTop(context, feed), recent);
}
