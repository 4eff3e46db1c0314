import { Trial } from '../runtime/trial.ts';
import { readTop } from './arrangement.ts';
import { compareChosen, dayOf, takesRoomThatDay, toChosen } from './chosen.ts';
import type { Chosen } from './chosen.ts';
import { beginChains } from './new-chain.ts';
import { toStoryName } from './open-feed.ts';
import type { FeedsContext, FeedTrial, OpenFeed } from './open-feed.ts';
import { breathe } from '../runtime/memory.ts';
import type { SourceProblem } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import type { Candidate, FeedState, Listing } from '../model/listing.ts';
import { DAY_MS } from '../model/values/time.ts';
import { BATCH_SIZE } from '../ports/store/store.ts';
import { arrange, findBeforeWindowSeq, isLate, isShown, list, MOST_LATE, planArchives, WINDOW_MS } from '../publish/selection/listing.ts';
import { createRule, hashRules, looksAtWords } from '../publish/selection/select.ts';

/** Brings every feed up to date with the stories that changed: what it lists, what it recalls, what
 *  goes into archives. A story that fails alone is set aside (bulkhead.ts): it stands in the feed
 *  as it stood. The caller has the run lock. Cut short, the next call completes it. */
export async function updateFeeds(context: FeedsContext): Promise<readonly SourceProblem[]> {
  const { store, settings } = context;
  if (settings.feeds.length === 0) return [];
  const trial = new Trial('list');
  const problems: SourceProblem[] = [];
  // Before anything is stored: if all stories fail, no feed has come further.
  const listed = { trial, conclude: async () => void problems.push(...(await trial.conclude(context))) };
  const tags = await store.readSourceTags();
  const again = (await store.readSetAside()).flatMap(({ stage, no, isOpen }) => (stage === 'list' && isOpen && no !== null ? no : []));
  const feeds: OpenFeed[] = [];
  for (const feed of settings.feeds) {
    const isOf = createRule(feed, (sourceId) => tags.get(sourceId) ?? []);
    feeds.push({ feed, state: await noteEnd(context, feed), isOf });
  }
  const begun = feeds.filter(({ feed, state }) => state.rules !== hashRules(feed));
  await beginChains(context, begun, listed);
  for (const open of feeds) {
    if (!begun.includes(open)) await listChanged(context, open, listed, again);
    await arrangeHistory(context, open.feed);
  }
  await store.freeSetAside(['list']);
  return problems;
}

/** How far a feed has come, once it is noted that the owner lets it end, or has thought better of
 *  it. */
async function noteEnd({ store, clock }: FeedsContext, feed: Feed): Promise<FeedState> {
  const state = await store.bindFeed(feed.slug, clock.now());
  if (isEndKnown(feed, state)) return state;
  await store.noteEnd(feed.slug, feed.endsAt, clock.now());
  return store.bindFeed(feed.slug, clock.now());
}

function isEndKnown(feed: Feed, { notice }: FeedState): boolean {
  return notice?.endsAt.getTime() === feed.endsAt?.getTime();
}

/** Whether feeds are listed by other rules, or say of their end something else, than the
 *  configuration now does. */
export async function areBehind({ store, clock }: Pick<FeedsContext, 'store' | 'clock'>, feeds: readonly Feed[]): Promise<boolean> {
  for (const feed of feeds) {
    const state = await store.bindFeed(feed.slug, clock.now());
    if (state.rules !== hashRules(feed) || !isEndKnown(feed, state)) return true;
  }
  return false;
}

/** Lists what changed since the feed was last brought up to date, oldest first. */
async function listChanged(
  { store, clock }: FeedsContext,
  { feed, state, isOf }: OpenFeed,
  { trial, conclude }: FeedTrial,
  again: readonly number[],
): Promise<void> {
  const changed = await store.readChangedStories(state.changeSeq);
  const due = feed.holdBackMs > 0 ? await store.readDueListings(feed.slug, clock.now()) : [];
  const numbers = [...new Set([...changed.stories, ...due, ...again])];
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
        isOf: isOf(candidate),
        before,
      }));
      if (one) seen.push(one);
    }
    await breathe();
  }
  // What an empty feed is filled with is no news, however young: there is nobody yet who could have
  // missed it.
  const isFirst = (await store.readOrdered(feed.slug, { offset: 0, limit: 1 })).length === 0;
  const late = isFirst ? new Set<number>() : await chooseLate(store, feed, seen, clock.now());
  const days = new Map<string, number>();
  let { seq } = state;
  const listings: Listing[] = [];
  for (const { candidate, isOf: isWanted, before } of seen.toSorted((a, b) => compareChosen(a.position, b.position))) {
    const options = { feed, seq: seq + 1, now: clock.now(), isFirst, isLateKept: late.has(candidate.no) };
    const listing = await trial.attemptLater(toStoryName(candidate), async () => {
      const hasRoom = isShown(before) || !isWanted || (await hasRoomThatDay(store, feed, candidate, days));
      return list(before, candidate, isWanted && hasRoom, options);
    });
    if (!listing) continue;
    listings.push(listing);
    if (listing.seq === seq + 1) seq++;
  }
  await conclude();
  await store.saveListings(feed.slug, listings, { seq, changeSeq: changed.seq });
}

/** The late posts that are shown for a while: of each source the newest that it may still have
 *  today. */
async function chooseLate(store: FeedsContext['store'], feed: Feed, seen: readonly Seen[], now: Date): Promise<Set<number>> {
  const late = seen.filter(({ candidate, isOf, before }) => isOf && !isShown(before) && isLate(feed, candidate, now));
  const since = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const chosen = new Set<number>();
  for (const [sourceId, ofSource] of Map.groupBy(late, ({ candidate }) => candidate.founderSourceId)) {
    const left = MOST_LATE - (await store.countLate(feed.slug, sourceId, { since, lateMs: WINDOW_MS }));
    const newestFirst = ofSource.toSorted((a, b) => compareChosen(b.position, a.position));
    for (const { candidate } of newestFirst.slice(0, Math.max(0, left))) chosen.add(candidate.no);
  }
  return chosen;
}

interface Seen {
  readonly candidate: Candidate;
  readonly position: Chosen;
  readonly isOf: boolean;
  readonly before: Listing | null;
}

/** Ends what has been recalled for long enough, or is one too many, and archives what is due. */
async function arrangeHistory(context: FeedsContext, feed: Feed): Promise<void> {
  const { store, clock } = context;
  const state = await store.bindFeed(feed.slug, clock.now());
  const known = await store.readHistory(feed.slug, { after: Math.min(state.archivedSeq, state.beforeWindowSeq), upTo: null });
  const beyond = (seq: number) => known.filter((listing) => listing.seq > seq);
  const recalled = findBeforeWindowSeq(state, beyond(state.beforeWindowSeq), clock.now());
  const arrangement = arrange(feed, await readTop(context, feed), beyond(recalled));
  // What is older than the oldest that there is room for is done with: else each run would read all
  // of three days.
  const beforeWindowSeq = Math.max(recalled, (arrangement.oldestSeq ?? 0) - 1);
  const archives = planArchives(feed, beyond(state.archivedSeq), arrangement);
  if (beforeWindowSeq === state.beforeWindowSeq && archives.length === 0) return;
  await store.saveHistory(feed.slug, { beforeWindowSeq, archives, isPrivate: feed.private });
}

/** Whether a story that is new to the feed is one of the first `maxPerSourcePerDay` of its source
 *  on its day. */
async function hasRoomThatDay(store: FeedsContext['store'], feed: Feed, candidate: Candidate, days: Map<string, number>): Promise<boolean> {
  if (feed.maxPerSourcePerDay === null || candidate.lead === null) return true;
  const { sourceId } = candidate.lead;
  const story = { sourceId, datedAt: candidate.datedAt.getTime() };
  const from = new Date(Math.floor(story.datedAt / DAY_MS) * DAY_MS);
  const day = dayOf(story);
  if (!days.has(day)) days.set(day, await store.countLedBy(feed.slug, sourceId, { from, before: new Date(from.getTime() + DAY_MS) }));
  return takesRoomThatDay(feed, story, days);
}

/** What is kept of thousands of candidates until they are in order. */
function withoutWords(candidate: Candidate): Candidate {
  return candidate.lead === null ? candidate : { ...candidate, lead: { ...candidate.lead, words: null } };
}
