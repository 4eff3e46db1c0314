import { Trial } from '../runtime/set-aside-failing.ts';
import { readTop } from './document-stories.ts';
import { compareChosen, dayOf, takesRoomThatDay, toChosen } from './chosen-story.ts';
import type { Chosen } from './chosen-story.ts';
import { beginChains } from './restart-listings.ts';
import { toStoryName } from './open-feed.ts';
import type { FeedsContext, FeedTrial, OpenFeed } from './open-feed.ts';
import { breathe } from '../runtime/memory.ts';
import type { SourceProblem } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import type { Candidate, FeedState, Listing } from '../model/listing.ts';
import { DAY_MS } from '../model/values/time.ts';
import { BATCH_SIZE } from '../ports/store/store.ts';
import {
  arrange,
  findBeforeWindowSeq,
  isLate,
  isShown,
  MOST_LATE,
  planArchives,
  toListing,
  WINDOW_MS,
} from '../publish/selection/listing.ts';
import { createRule, hashRules, looksAtWords } from '../publish/selection/select.ts';

/** Brings every feed up to date with the stories that changed: its listings, its window and its
 *  archives. A story that fails alone is set aside and stays as the feed shows it (docs/design.md
 *  §6). The caller holds the run lock. If this is interrupted, the next call completes it. */
export async function updateFeeds(context: FeedsContext): Promise<readonly SourceProblem[]> {
  const { store, settings } = context;
  if (settings.feeds.length === 0) return [];
  const trial = new Trial('list');
  const problems: SourceProblem[] = [];
  // Concluded before anything is saved: if all stories fail, no feed has advanced.
  const feedTrial = { trial, conclude: async () => void problems.push(...(await trial.conclude(context))) };
  const tags = await store.readSourceTags();
  const retried = (await store.readSetAside()).flatMap(({ stage, no, isOpen }) => (stage === 'list' && isOpen && no !== null ? no : []));
  const feeds: OpenFeed[] = [];
  for (const feed of settings.feeds) {
    const isSelected = createRule(feed, (sourceId) => tags.get(sourceId) ?? []);
    feeds.push({ feed, state: await noteEnd(context, feed), isSelected });
  }
  const begun = feeds.filter(({ feed, state }) => state.rules !== hashRules(feed));
  await beginChains(context, begun, feedTrial);
  for (const open of feeds) {
    if (!begun.includes(open)) await listChanged(context, open, feedTrial, retried);
    await arrangeHistory(context, open.feed);
  }
  await store.freeSetAside(['list']);
  return problems;
}

/** Returns the state of a feed, after noting an `endsAt` that the owner has added, changed or
 *  removed. */
async function noteEnd({ store, clock }: FeedsContext, feed: Feed): Promise<FeedState> {
  const state = await store.bindFeed(feed.slug, clock.now());
  if (isEndKnown(feed, state)) return state;
  await store.noteEnd(feed.slug, feed.endsAt, clock.now());
  return store.bindFeed(feed.slug, clock.now());
}

function isEndKnown(feed: Feed, { notice }: FeedState): boolean {
  return notice?.endsAt.getTime() === feed.endsAt?.getTime();
}

/** Reports whether the configuration has changed the rules or the end of a feed since the last
 *  update. */
export async function areBehind({ store, clock }: Pick<FeedsContext, 'store' | 'clock'>, feeds: readonly Feed[]): Promise<boolean> {
  for (const feed of feeds) {
    const state = await store.bindFeed(feed.slug, clock.now());
    if (state.rules !== hashRules(feed) || !isEndKnown(feed, state)) return true;
  }
  return false;
}

/** Updates the listings of stories that changed since the last update of the feed, oldest first. */
async function listChanged(
  { store, clock }: FeedsContext,
  { feed, state, isSelected }: OpenFeed,
  { trial, conclude }: FeedTrial,
  retried: readonly number[],
): Promise<void> {
  const changed = await store.readChangedStories(state.changeSeq);
  const due = feed.holdBackMs > 0 ? await store.readDueListings(feed.slug, clock.now()) : [];
  const numbers = [...new Set([...changed.stories, ...due, ...retried])];
  if (numbers.length === 0) return;
  const seen: Seen[] = [];
  const names = new Map<string, string>();
  for (let start = 0; start < numbers.length; start += BATCH_SIZE) {
    const piece = numbers.slice(start, start + BATCH_SIZE);
    const listings = await store.readListings(feed.slug, piece);
    for (const candidate of await store.readCandidates(piece, { withWords: looksAtWords(feed) })) {
      const before = listings.get(candidate.no) ?? null;
      const one = trial.attempt(toStoryName(candidate), () => ({
        candidate: withoutWords(candidate),
        position: toChosen(candidate, before, feed, names),
        isSelected: isSelected(candidate),
        before,
      }));
      if (one) seen.push(one);
    }
    await breathe();
  }
  // The first stories of an empty feed are no news, however young: it has no readers who could have
  // missed them.
  const isFirst = (await store.readOrdered(feed.slug, { offset: 0, limit: 1 })).length === 0;
  const late = isFirst ? new Set<number>() : await chooseLate(store, feed, seen, clock.now());
  const days = new Map<string, number>();
  let { seq } = state;
  const listings: Listing[] = [];
  for (const { candidate, isSelected: isWanted, before } of seen.toSorted((a, b) => compareChosen(a.position, b.position))) {
    const options = { feed, seq: seq + 1, now: clock.now(), isFirst, isLateKept: late.has(candidate.no) };
    const listing = await trial.attemptLater(toStoryName(candidate), async () => {
      const hasRoom = isShown(before) || !isWanted || (await hasRoomThatDay(store, feed, candidate, days));
      return toListing(before, candidate, isWanted && hasRoom, options);
    });
    if (!listing) continue;
    listings.push(listing);
    if (listing.seq === seq + 1) seq++;
  }
  await conclude();
  await store.saveListings(feed.slug, listings, { seq, changeSeq: changed.seq });
}

/** Returns the late posts that are shown for a while: the newest of each source, within its quota
 *  for today. */
async function chooseLate(store: FeedsContext['store'], feed: Feed, seen: readonly Seen[], now: Date): Promise<Set<number>> {
  const late = seen.filter(({ candidate, isSelected, before }) => isSelected && !isShown(before) && isLate(feed, candidate, now));
  const since = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const chosen = new Set<number>();
  for (const [sourceId, ofSource] of Map.groupBy(late, ({ candidate }) => candidate.founderSourceId)) {
    const quota = MOST_LATE - (await store.countLate(feed.slug, sourceId, { since, lateMs: WINDOW_MS }));
    const newestFirst = ofSource.toSorted((a, b) => compareChosen(b.position, a.position));
    for (const { candidate } of newestFirst.slice(0, Math.max(0, quota))) chosen.add(candidate.no);
  }
  return chosen;
}

interface Seen {
  readonly candidate: Candidate;
  readonly position: Chosen;
  readonly isSelected: boolean;
  readonly before: Listing | null;
}

/** Moves the window past stories that were in it long enough, or for which the document has no
 *  room. Plans the archives that are due. */
async function arrangeHistory(context: FeedsContext, feed: Feed): Promise<void> {
  const { store, clock } = context;
  const state = await store.bindFeed(feed.slug, clock.now());
  const known = await store.readHistory(feed.slug, { after: Math.min(state.archivedSeq, state.beforeWindowSeq), upTo: null });
  const beyond = (seq: number) => known.filter((listing) => listing.seq > seq);
  const expiredSeq = findBeforeWindowSeq(state, beyond(state.beforeWindowSeq), clock.now());
  const arrangement = arrange(feed, await readTop(context, feed), beyond(expiredSeq));
  // The window starts at the oldest story that the document has room for. Otherwise each run would
  // read all listings of three days.
  const beforeWindowSeq = Math.max(expiredSeq, (arrangement.oldestSeq ?? 0) - 1);
  const archives = planArchives(feed, beyond(state.archivedSeq), arrangement);
  if (beforeWindowSeq === state.beforeWindowSeq && archives.length === 0) return;
  await store.saveHistory(feed.slug, { beforeWindowSeq, archives, isPrivate: feed.private });
}

/** Reports whether a story that is new to the feed is among the first `maxPerSourcePerDay` of its
 *  source on its day. */
async function hasRoomThatDay(store: FeedsContext['store'], feed: Feed, candidate: Candidate, days: Map<string, number>): Promise<boolean> {
  if (feed.maxPerSourcePerDay === null || candidate.lead === null) return true;
  const { sourceId } = candidate.lead;
  const story = { sourceId, datedAt: candidate.datedAt.getTime() };
  const from = new Date(Math.floor(story.datedAt / DAY_MS) * DAY_MS);
  const day = dayOf(story);
  if (!days.has(day)) days.set(day, await store.countLedBy(feed.slug, sourceId, { from, before: new Date(from.getTime() + DAY_MS) }));
  return takesRoomThatDay(feed, story, days);
}

/** Returns a candidate without its words: thousands of candidates are kept until they are
 *  sorted. */
function withoutWords(candidate: Candidate): Candidate {
  return candidate.lead === null ? candidate : { ...candidate, lead: { ...candidate.lead, words: null } };
}
