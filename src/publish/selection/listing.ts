import type { Feed } from '../../model/feed.ts';
import type { Candidate, FeedState, HistoryEntry, Listing } from '../../model/listing.ts';
import { DAY_MS } from '../../model/values/time.ts';

/** For this long a revised or withdrawn story stands in the subscription document wherever the
 *  order puts it. Readers that ask once a day have it, also after a weekend. So does a new one
 *  that is news; a late one, dated further back, while its source has few such a day. */
export const WINDOW_MS = 3 * DAY_MS;
/** Late posts of one source that stand in a document for a while, a day (UTC). More are a
 *  replay, and go to the archive alone. */
export const MOST_LATE = 5;
/** Entries of an archive, at least and at most, whatever the feed's limit. */
const ARCHIVE_SIZE = { least: 10, most: 200 };

/** How a story is listed. */
interface ListOptions {
  readonly feed: Pick<Feed, 'order' | 'holdBackMs'>;
  /** The next place in the feed's history; the result has it when the feed's readers are to be
   *  told. */
  readonly seq: number;
  readonly now: Date;
  /** true while a chain begins, or an empty feed is filled: what is listed then is no news. */
  readonly isFirst: boolean;
  /** Whether it is one of the late posts that its source may still have today. */
  readonly isLateKept: boolean;
}

/** What becomes of a story in a feed; null when it stays as it is. `before` is what the feed has of
 *  it, `isOf` what the rules say. A story that leaves a feed leaves a tombstone there; one that is
 *  back is newer than it (RFC 6721 §3). */
export function list(before: Listing | null, candidate: Candidate, isOf: boolean, options: ListOptions): Listing | null {
  const { feed, seq, now, isFirst, isLateKept } = options;
  const { no: storyNo, datedAt, updated: accountedFor } = candidate;
  const isThere = isShown(before);
  if (!isOf) {
    if (isThere) return { ...before, kind: 'gone', seq, updated: now, loggedAt: now, isInWindow: true };
    return before?.kind === 'held' ? { ...before, kind: 'gone', seq: 0 } : null;
  }
  if (!isThere) {
    const due = findDue(feed, candidate);
    if (due > now) return { storyNo, kind: 'held', seq: 0, at: due, updated: accountedFor, accountedFor, loggedAt: now, isInWindow: false };
    const isBack = before?.kind === 'gone' && before.seq > 0;
    const updated = boundUpdated(accountedFor, before);
    const isYoung = now.getTime() - datedAt.getTime() <= WINDOW_MS;
    const isInWindow = isBack || (candidate.isNews && !isFirst && (isYoung || isLateKept));
    return { storyNo, kind: 'new', seq, at: placeOf(feed, datedAt, updated), updated, accountedFor, loggedAt: now, isInWindow };
  }
  if (accountedFor > before.accountedFor) {
    const updated = latest(accountedFor, after(before.updated));
    return { storyNo, kind: 'updated', seq, at: placeOf(feed, datedAt, updated), updated, accountedFor, loggedAt: now, isInWindow: true };
  }
  const at = placeOf(feed, datedAt, before.updated);
  return at.getTime() === before.at.getTime() ? null : { ...before, at };
}

/** Whether a story that is new to a feed is a late post: news, and dated long before it was first
 *  seen. One that was seen long ago and belongs to the feed only now, by another rule or tag, is
 *  none. */
export function isLate({ holdBackMs }: Pick<Feed, 'holdBackMs'>, { isNews, datedAt, firstSeenAt }: Candidate, now: Date): boolean {
  const isSeenNow = now.getTime() - firstSeenAt.getTime() <= WINDOW_MS + holdBackMs;
  return isNews && isSeenNow && now.getTime() - datedAt.getTime() > WINDOW_MS;
}

/** Whether a story stands in the feed that has this listing of it. */
export function isShown(listing: Listing | null): listing is Listing & { readonly kind: 'new' | 'updated' } {
  return listing?.kind === 'new' || listing?.kind === 'updated';
}

/** Whether readers may have been told of a story by this listing: it stands, or its tombstone is
 *  still recalled. */
export function isKnownToReaders(listing: Listing | null, now: Date): listing is Listing {
  if (listing === null) return false;
  return isShown(listing) || (listing.kind === 'gone' && listing.seq > 0 && now.getTime() - listing.loggedAt.getTime() < WINDOW_MS);
}

/** What a feed gives as `updated`: the story's own, but never before what it gave, and after the
 *  tombstone if there was one (RFC 6721 §3). */
export function boundUpdated(updated: Date, before: Listing | null): Date {
  if (before === null || before.seq === 0) return updated;
  return latest(updated, before.kind === 'gone' ? after(before.updated) : before.updated);
}

/** Where a story stands in the feed's order. */
export function placeOf({ order }: Pick<Feed, 'order'>, datedAt: Date, updated: Date): Date {
  return order === 'updated' ? updated : datedAt;
}

/** Until when a feed holds a story back. */
export function findDue({ holdBackMs }: Pick<Feed, 'holdBackMs'>, { firstSeenAt }: Candidate): Date {
  return new Date(firstSeenAt.getTime() + holdBackMs);
}

/** Takes listings, offered in the feed's order, until `limit` of them are there, at most
 *  `maxPerSource` led by one source. */
export function createTop(feed: Pick<Feed, 'limit' | 'maxPerSource'>) {
  const stories: HistoryEntry[] = [];
  const count = createCounter();
  return {
    stories,
    isFull: () => stories.length >= feed.limit,
    offer(listing: HistoryEntry): void {
      if (stories.length < feed.limit && count(listing) <= (feed.maxPerSource ?? Infinity)) stories.push(listing);
    },
  };
}

/** What a subscription document holds. */
export interface Arrangement {
  /** In the feed's order, those recalled among them. */
  readonly stories: readonly HistoryEntry[];
  /** Newest first. */
  readonly tombstones: readonly HistoryEntry[];
  /** Place of the oldest that is recalled, when there is no room for more; null while there is. */
  readonly oldestSeq: number | null;
}

/** Adds what is recalled to the `top` of a feed: at most `limit` more, the newest of `recent`
 *  (those beyond `beforeWindowSeq`, by seq). */
export function arrange(
  feed: Pick<Feed, 'limit' | 'maxPerSource'>,
  top: readonly HistoryEntry[],
  recent: readonly HistoryEntry[],
): Arrangement {
  const shown = new Set(top.map((listing) => listing.storyNo));
  const count = createCounter();
  top.forEach(count);
  const recalled: HistoryEntry[] = [];
  const tombstones: HistoryEntry[] = [];
  for (const listing of recent.toReversed()) {
    if (!listing.isInWindow || shown.has(listing.storyNo)) continue;
    if (recalled.length + tombstones.length >= feed.limit) break;
    if (listing.kind === 'gone') tombstones.push(listing);
    else if (count(listing) <= (feed.maxPerSource ?? Infinity)) recalled.push(listing);
  }
  const byPlace = (a: HistoryEntry, b: HistoryEntry) => b.at.getTime() - a.at.getTime();
  // Sorting is stable: of one instant those of the order come first, as they came.
  const isFull = recalled.length + tombstones.length >= feed.limit;
  const oldestSeq = isFull ? Math.min(...[...recalled, ...tombstones].map(({ seq }) => seq)) : null;
  const bySource = ({ sourceId: a }: HistoryEntry, { sourceId: b }: HistoryEntry) => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1);
  // As in the feed's order: of one instant by source, then as its document has them.
  const inOrder = recalled.toSorted((a, b) => byPlace(a, b) || bySource(a, b) || a.storyNo - b.storyNo);
  const stories = [...top, ...inOrder].toSorted(byPlace);
  return { stories, tombstones, oldestSeq };
}

/** The last place in the history that has been recalled for long enough. `recent` are the listings
 *  beyond the present one, by seq. */
export function findBeforeWindowSeq({ beforeWindowSeq }: FeedState, recent: readonly HistoryEntry[], now: Date): number {
  return recent.findLast(({ loggedAt }) => now.getTime() - loggedAt.getTime() > WINDOW_MS)?.seq ?? beforeWindowSeq;
}

/** Which archives are due, by the last place that each holds. Every story of the feed is in its
 *  subscription document or in an archive at any moment: what the document does not show is
 *  archived at once, what it shows when an archive is full. `pending` are the listings beyond
 *  `archivedSeq`, by seq. */
export function planArchives(feed: Pick<Feed, 'limit'>, pending: readonly HistoryEntry[], { stories, tombstones }: Arrangement): number[] {
  const shown = new Set([...stories, ...tombstones].map((listing) => listing.storyNo));
  const size = sizeOf(feed);
  const hiddenUpTo = pending.findLastIndex((listing) => !shown.has(listing.storyNo)) + 1;
  const upTo = Math.max(hiddenUpTo, Math.floor(pending.length / size) * size);
  const lasts: number[] = [];
  for (let start = 0; start < upTo; start += size) lasts.push(pending[Math.min(start + size, upTo) - 1]?.seq ?? 0);
  return lasts;
}

/** The archives that a chain begins with: its stories from `firstSeq` to `lastSeq`, but for the
 *  newest, which the document shows. */
export function planFirstArchives(feed: Pick<Feed, 'limit' | 'maxPerSource'>, firstSeq: number, lastSeq: number): number[] {
  const upTo = feed.maxPerSource === null ? lastSeq - feed.limit : lastSeq;
  const size = sizeOf(feed);
  const lasts: number[] = [];
  for (let seq = firstSeq; seq <= upTo; seq += size) lasts.push(Math.min(seq + size - 1, upTo));
  return lasts;
}

function sizeOf({ limit }: Pick<Feed, 'limit'>): number {
  return Math.min(ARCHIVE_SIZE.most, Math.max(ARCHIVE_SIZE.least, limit));
}

/** Counts listings by the source of their lead: each call says how many there are now of that
 *  one. */
function createCounter(): (listing: HistoryEntry) => number {
  const counts = new Map<string | null, number>();
  return ({ sourceId }) => {
    const count = (counts.get(sourceId) ?? 0) + 1;
    counts.set(sourceId, count);
    return count;
  };
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/** The next second: atom:updated is compared by clients that drop fractions. */
function after(date: Date): Date {
  return new Date(date.getTime() + 1000);
}
