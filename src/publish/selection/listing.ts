import type { Feed } from '../../model/feed.ts';
import type { Candidate, FeedState, HistoryEntry, Listing } from '../../model/listing.ts';
import { DAY_MS } from '../../model/values/time.ts';

/** Length of the window: a story in it stands in the subscription document whatever its position in
 *  the order. It covers a weekend, so readers that ask once a day miss nothing. In the window are
 *  revised and withdrawn stories, new stories that are news, and a few late posts. */
export const WINDOW_MS = 3 * DAY_MS;
/** Most late posts of one source that enter the window on one UTC day. More than this are a replay
 *  of old articles, and stand in archives alone. */
export const MOST_LATE = 5;
/** `updated` in the listing of a story that left before any reader saw it. */
const NEVER = new Date(0);
/** Fewest and most entries of an archive, whatever the feed's limit. */
const ARCHIVE_SIZE = { least: 10, most: 200 };

/** Settings for one listing. */
interface ListOptions {
  readonly feed: Pick<Feed, 'order' | 'holdBackMs'>;
  /** The next position in the feed's history. The listing takes it if readers are to see a
   *  change. */
  readonly seq: number;
  readonly now: Date;
  /** true while a chain begins or an empty feed is filled: these stories are no news. */
  readonly isFirst: boolean;
  /** true: the story is a late post within the quota of its source. */
  readonly isLateKept: boolean;
}

/** Returns the new listing of a story in a feed; null when it does not change. `before` is the
 *  present listing; `isSelected` is the result of the feed's rules. A story that leaves a feed gets
 *  a tombstone there. If it comes back, it is newer than the tombstone (RFC 6721 §3). */
export function toListing(before: Listing | null, candidate: Candidate, isSelected: boolean, options: ListOptions): Listing | null {
  const { feed, seq, now, isFirst, isLateKept } = options;
  const { no: storyNo, datedAt, updated: accountedFor } = candidate;
  const wasShown = isShown(before);
  if (!isSelected) {
    if (wasShown) return toTombstone(before, { seq, now });
    // No reader has seen it, so its return need not be newer than this.
    return before?.kind === 'held' ? { ...before, kind: 'gone', seq: 0, updated: NEVER } : null;
  }
  if (!wasShown) {
    const due = findDue(feed, candidate, before);
    if (due > now) return { storyNo, kind: 'held', seq: 0, at: due, updated: accountedFor, accountedFor, loggedAt: now, isInWindow: false };
    const isBack = hasLeft(before);
    const updated = boundUpdated(accountedFor, before);
    const isYoung = now.getTime() - datedAt.getTime() <= WINDOW_MS;
    const isInWindow = isBack || (candidate.isNews && !isFirst && (isYoung || isLateKept));
    return { storyNo, kind: 'new', seq, at: positionOf(feed, datedAt, updated), updated, accountedFor, loggedAt: now, isInWindow };
  }
  if (accountedFor > before.accountedFor) {
    const updated = latest(accountedFor, after(before.updated));
    return {
      storyNo,
      kind: 'updated',
      seq,
      at: positionOf(feed, datedAt, updated),
      updated,
      accountedFor,
      loggedAt: now,
      isInWindow: true,
    };
  }
  const at = positionOf(feed, datedAt, before.updated);
  return at.getTime() === before.at.getTime() ? null : { ...before, at };
}

/** Returns the listing of a story that leaves a feed. The tombstone is never older than the story's
 *  entry, which would count otherwise (RFC 6721 §3): the clock may have been set back. */
export function toTombstone(before: Listing, { seq, now }: { readonly seq: number; readonly now: Date }): Listing {
  return { ...before, kind: 'gone', seq, updated: latest(now, before.updated), loggedAt: now, isInWindow: true };
}

/** Reports whether a story that is new to a feed is a late post: news, and dated long before it was
 *  first seen. An older story that a changed rule or tag adds to the feed is none. */
export function isLate({ holdBackMs }: Pick<Feed, 'holdBackMs'>, { isNews, datedAt, firstSeenAt }: Candidate, now: Date): boolean {
  const isSeenNow = now.getTime() - firstSeenAt.getTime() <= WINDOW_MS + holdBackMs;
  return isNews && isSeenNow && now.getTime() - datedAt.getTime() > WINDOW_MS;
}

/** Reports whether a listing shows its story in the feed. */
export function isShown(listing: Listing | null): listing is Listing & { readonly kind: 'new' | 'updated' } {
  return listing?.kind === 'new' || listing?.kind === 'updated';
}

/** Reports whether readers may know of a story by its listing: it is shown, or its tombstone is
 *  still in the window. */
export function isKnownToReaders(listing: Listing | null, now: Date): listing is Listing {
  if (listing === null) return false;
  return isShown(listing) || (listing.kind === 'gone' && listing.seq > 0 && now.getTime() - listing.loggedAt.getTime() < WINDOW_MS);
}

/** Reports whether readers were told by a tombstone that a story left the feed. An earlier chain
 *  may have told them: a new one keeps such listings without a position. */
export function hasLeft(before: Listing | null): before is Listing {
  return before?.kind === 'gone' && before.updated > NEVER;
}

/** Returns the `updated` that a feed gives a story: the story's own, but never earlier than the
 *  feed gave before. It is later than a tombstone (RFC 6721 §3). */
export function boundUpdated(updated: Date, before: Listing | null): Date {
  if (before === null || before.kind === 'held') return updated;
  return latest(updated, before.kind === 'gone' ? after(before.updated) : before.updated);
}

/** Returns the instant by which a feed orders a story. */
export function positionOf({ order }: Pick<Feed, 'order'>, datedAt: Date, updated: Date): Date {
  return order === 'updated' ? updated : datedAt;
}

/** Returns the instant until which a feed holds a story back. A story that readers have seen is not
 *  held back again when the owner makes `holdBack` longer. Without `holdBack` no story waits, even
 *  if the clock was set back to before its first sight. */
export function findDue({ holdBackMs }: Pick<Feed, 'holdBackMs'>, { firstSeenAt }: Candidate, before: Listing | null): Date {
  if (holdBackMs === 0 || isShown(before) || hasLeft(before)) return NEVER;
  return new Date(firstSeenAt.getTime() + holdBackMs);
}

/** Returns a collector of listings, which are offered in the feed's order. It takes `limit` of
 *  them, at most `maxPerSource` led by one source. */
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

/** The contents of a subscription document. */
export interface Arrangement {
  /** In the feed's order; includes stories that only the window adds. */
  readonly stories: readonly HistoryEntry[];
  /** Newest first. */
  readonly tombstones: readonly HistoryEntry[];
  /** Position of the oldest story or tombstone that the window adds, when there is no room for
   *  more; else null. */
  readonly oldestSeq: number | null;
}

/** Adds the stories and tombstones in the window to the `top` of a feed: at most `limit`, the
 *  newest ones. `recent` are the listings after `beforeWindowSeq`, by seq. */
export function arrange(
  feed: Pick<Feed, 'limit' | 'maxPerSource'>,
  top: readonly HistoryEntry[],
  recent: readonly HistoryEntry[],
): Arrangement {
  const shown = new Set(top.map((listing) => listing.storyNo));
  const count = createCounter();
  top.forEach(count);
  const added: HistoryEntry[] = [];
  const tombstones: HistoryEntry[] = [];
  for (const listing of recent.toReversed()) {
    if (!listing.isInWindow || shown.has(listing.storyNo)) continue;
    if (added.length + tombstones.length >= feed.limit) break;
    if (listing.kind === 'gone') tombstones.push(listing);
    else if (count(listing) <= (feed.maxPerSource ?? Infinity)) added.push(listing);
  }
  const byPosition = (a: HistoryEntry, b: HistoryEntry) => b.at.getTime() - a.at.getTime();
  // Sorting is stable: at the same instant, stories of the top come first and keep their order.
  const isFull = added.length + tombstones.length >= feed.limit;
  const oldestSeq = isFull ? Math.min(...[...added, ...tombstones].map(({ seq }) => seq)) : null;
  const bySource = ({ founderSourceId: a }: HistoryEntry, { founderSourceId: b }: HistoryEntry) => (a === b ? 0 : a < b ? -1 : 1);
  // The same order as in the feed: at the same instant by source, then as the document has them.
  const inOrder = added.toSorted((a, b) => byPosition(a, b) || bySource(a, b) || a.storyNo - b.storyNo);
  const stories = [...top, ...inOrder].toSorted(byPosition);
  return { stories, tombstones, oldestSeq };
}

/** Returns the last position that has left the window. `recent` are the listings after
 *  `beforeWindowSeq`, by seq. */
export function findBeforeWindowSeq({ beforeWindowSeq }: FeedState, recent: readonly HistoryEntry[], now: Date): number {
  return recent.findLast(({ loggedAt }) => now.getTime() - loggedAt.getTime() > WINDOW_MS)?.seq ?? beforeWindowSeq;
}

/** Returns the last position of each archive that is due. Every story of a feed is always in its
 *  subscription document or in an archive. A story that the document does not show is archived at
 *  once, one that it shows when an archive is full. `pending` are the listings after `archivedSeq`,
 *  by seq. */
export function planArchives(feed: Pick<Feed, 'limit'>, pending: readonly HistoryEntry[], { stories, tombstones }: Arrangement): number[] {
  const shown = new Set([...stories, ...tombstones].map((listing) => listing.storyNo));
  const size = sizeOf(feed);
  const hiddenUpTo = pending.findLastIndex((listing) => !shown.has(listing.storyNo)) + 1;
  const upTo = Math.max(hiddenUpTo, Math.floor(pending.length / size) * size);
  const lasts: number[] = [];
  for (let start = 0; start < upTo; start += size) lasts.push(pending[Math.min(start + size, upTo) - 1]?.seq ?? 0);
  return lasts;
}

/** Returns the last position of each archive with which a chain begins. They hold the stories from
 *  `firstSeq` to `lastSeq`, except the newest, which the document shows. */
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

/** Returns a function that counts listings by the source of their lead. Each call returns the count
 *  of its listing's source so far. */
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

/** Returns the next second: some clients drop fractions when they compare atom:updated. */
function after(date: Date): Date {
  return new Date(date.getTime() + 1000);
}
