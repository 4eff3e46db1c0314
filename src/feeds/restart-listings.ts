import { breathe } from '../runtime/memory.ts';
import type { Feed } from '../model/feed.ts';
import type { Listing } from '../model/listing.ts';
import { BATCH_SIZE } from '../ports/store/store.ts';
import { hasLeft, isShown, isKnownToReaders, planFirstArchives, toTombstone } from '../publish/selection/listing.ts';
import { hashRules, looksAtWords } from '../publish/selection/select.ts';
import { compareChosen, takesRoomThatDay, toChosen, toKept } from './chosen-story.ts';
import type { Chosen } from './chosen-story.ts';
import { toStoryName } from './open-feed.ts';
import type { FeedsContext, FeedTrial, OpenFeed } from './open-feed.ts';

/** Begins a new chain of listings for feeds whose rules have changed. A chain begins with all
 *  stories of the feed, oldest first; none counts as news. Tombstones follow for stories that the
 *  previous chain showed and the new one lacks. Only the fields of a listing are kept in memory,
 *  since a feed may have a million stories. */
export async function beginChains(
  { store, clock }: FeedsContext,
  feeds: readonly OpenFeed[],
  { trial, conclude }: FeedTrial,
): Promise<void> {
  if (feeds.length === 0) return;
  const now = clock.now();
  // The next update processes changes from this point on again, since this one may see only some of
  // them.
  const { seq: changeSeq } = await store.readChangedStories(Infinity);
  const withWords = feeds.some(({ feed }) => looksAtWords(feed));
  const collected = feeds.map((open): Collected => ({ ...open, chosen: [], away: { gone: [], left: [] } }));
  const names = new Map<string, string>();
  for (let after = 0; ;) {
    const page = await store.readAllCandidates({ after, limit: BATCH_SIZE, withWords });
    const numbers = page.map(({ no }) => no);
    for (const { feed, state, isSelected, chosen, away } of collected) {
      const before = state.chain === 0 ? new Map<number, Listing>() : await store.readListings(feed.slug, numbers);
      for (const candidate of page) {
        const listing = before.get(candidate.no) ?? null;
        const isDone = trial.attempt(toStoryName(candidate), () => {
          if (isSelected(candidate)) chosen.push(toChosen(candidate, listing, feed, names));
          else sendAway(listing, away, now);
          return true;
        });
        // A story on which the rules fail is not withdrawn for that reason.
        if (isDone === undefined && isShown(listing)) chosen.push(toKept(listing));
      }
    }
    await breathe();
    after = numbers.at(-1) ?? 0;
    if (page.length < BATCH_SIZE) break;
  }
  await conclude();
  for (const { feed, state, chosen, away } of collected) {
    chosen.sort(compareChosen);
    const days = new Map<string, number>();
    const kept = feed.maxPerSourcePerDay === null ? chosen : chosen.filter((story) => takesRoomThatDay(feed, story, days));
    if (state.chain > 0) for (const listing of await findCrowdedOut(store, feed, { chosen, kept })) sendAway(listing, away, now);
    // In the order of the previous chain. Story numbers depend on which source answered first.
    away.gone.sort((a, b) => a.seq - b.seq);
    const shown = kept.filter(({ dueAt }) => dueAt <= now.getTime()).length;
    const beforeWindowSeq = state.seq + shown;
    const seq = beforeWindowSeq + away.gone.length;
    const begun = { chain: state.chain + 1, rules: hashRules(feed), changeSeq, seq, archivedSeq: state.seq, beforeWindowSeq };
    await store.replaceListings(feed.slug, listChosen(kept, away, state.seq, now), begun);
    const archives = planFirstArchives(feed, state.seq + 1, beforeWindowSeq);
    await store.saveHistory(feed.slug, { beforeWindowSeq, archives, isPrivate: feed.private });
    await breathe();
  }
}

/** A feed with its stories, and those that are in it no more. */
interface Collected extends OpenFeed {
  readonly chosen: Chosen[];
  readonly away: Away;
}

/** Stories that are not in a new chain. */
interface Away {
  /** Readers may have them still: tombstones follow. */
  readonly gone: Listing[];
  /** Readers got a tombstone long ago. It is kept without a position, since the story must be
   *  newer if it comes back. */
  readonly left: Listing[];
}

function sendAway(listing: Listing | null, { gone, left }: Away, now: Date): void {
  if (isKnownToReaders(listing, now)) gone.push(listing);
  else if (hasLeft(listing)) left.push(listing);
}

/** Returns the listings of stories that the rules select but `maxPerSourcePerDay` leaves no room
 *  for. */
async function findCrowdedOut(
  store: FeedsContext['store'],
  { slug }: Feed,
  { chosen, kept }: { readonly chosen: readonly Chosen[]; readonly kept: readonly Chosen[] },
): Promise<Listing[]> {
  if (kept.length === chosen.length) return [];
  const stays = new Set(kept);
  const numbers = chosen.flatMap((story) => (stays.has(story) ? [] : story.no));
  const found: Listing[] = [];
  for (let start = 0; start < numbers.length; start += BATCH_SIZE) {
    const piece = numbers.slice(start, start + BATCH_SIZE);
    const listings = await store.readListings(slug, piece);
    found.push(...piece.flatMap((no) => listings.get(no) ?? []));
  }
  return found;
}

function* listChosen(chosen: readonly Chosen[], { gone, left }: Away, lastSeq: number, now: Date): Generator<Listing> {
  let seq = lastSeq;
  for (const { no: storyNo, at, dueAt, updated, accountedFor } of chosen) {
    const isHeld = dueAt > now.getTime();
    yield {
      storyNo,
      kind: isHeld ? 'held' : 'new',
      seq: isHeld ? 0 : ++seq,
      at: new Date(isHeld ? dueAt : at),
      updated: new Date(updated),
      accountedFor: new Date(accountedFor),
      loggedAt: now,
      isInWindow: false,
    };
  }
  for (const listing of gone) yield { ...toTombstone(listing, { seq: ++seq, now }), accountedFor: new Date(0) };
  for (const listing of left) yield { ...listing, seq: 0, isInWindow: false };
}
