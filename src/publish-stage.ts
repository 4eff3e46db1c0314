import { setImmediate } from 'node:timers/promises';
import type { Feed } from './model/feed.ts';
import type { Candidate, FeedState, ListedStory, Listing } from './model/listing.ts';
import { freeMemory } from './memory.ts';
import { BATCH_SIZE } from './ports/store.ts';
import { arrange, createTop, findRecalledSeq, list, planArchives, planFirstArchives } from './publish/listing.ts';
import type { Arrangement } from './publish/listing.ts';
import { createRule, hashRules, looksAtWords } from './publish/select.ts';
import type { RunParts } from './run-parts.ts';

type Parts = Pick<RunParts, 'store' | 'clock'> & { readonly settings: Pick<RunParts['settings'], 'feeds'> };

const DAY_MS = 86_400_000;

/** Brings every feed up to date with the stories that changed: what it lists, what it recalls, what goes into archives. The caller has the run
 *  lock. Returns whether any feed shows something else than before. Cut short, the next call completes it. */
export async function updateFeeds(parts: Parts): Promise<boolean> {
  const { store, clock, settings } = parts;
  if (settings.feeds.length === 0) return false;
  const tags = await store.readSourceTags();
  const feeds: OpenFeed[] = [];
  let isChanged = false;
  for (const feed of settings.feeds) {
    const isOf = createRule(feed, (sourceId) => tags.get(sourceId) ?? []);
    isChanged = (await noteEnd(parts, feed)) || isChanged;
    feeds.push({ feed, state: await store.bindFeed(feed.slug, clock.now()), isOf });
  }
  const begun = feeds.filter(({ feed, state }) => state.rules !== hashRules(feed));
  await beginChains(parts, begun);
  isChanged ||= begun.length > 0;
  for (const open of feeds) {
    const isListed = !begun.includes(open) && (await listChanged(parts, open));
    const isArranged = await arrangeHistory(parts, open.feed);
    isChanged ||= isListed || isArranged;
  }
  return isChanged;
}

/** Notes that the owner lets a feed end, or has thought better of it. */
async function noteEnd({ store, clock }: Parts, feed: Feed): Promise<boolean> {
  const { notice } = await store.bindFeed(feed.slug, clock.now());
  if (notice?.endsAt.getTime() === feed.endsAt?.getTime()) return false;
  await store.noteEnd(feed.slug, feed.endsAt, clock.now());
  return true;
}

/** Whether feeds are listed by other rules than they have now, or not at all: after the configuration was changed, before the next run. */
export async function areBehind({ store, clock }: Pick<Parts, 'store' | 'clock'>, feeds: readonly Feed[]): Promise<boolean> {
  for (const feed of feeds) if ((await store.bindFeed(feed.slug, clock.now())).rules !== hashRules(feed)) return true;
  return false;
}

/** The stories that a feed shows by its order alone, `limit` of them from `offset` on. */
export async function readTop({ store }: Pick<Parts, 'store'>, feed: Feed): Promise<readonly ListedStory[]> {
  const top = createTop(feed);
  const limit = feed.limit + 1;
  for (let offset = 0; !top.isFull(); offset += limit) {
    const listings = await store.readOrdered(feed.slug, { offset, limit });
    for (const listing of listings) top.offer(listing);
    if (listings.length < limit) break;
  }
  return top.stories;
}

/** What the subscription document of a feed holds now. */
export async function readArrangement(parts: Pick<Parts, 'store'>, feed: Feed, { recalledSeq }: FeedState): Promise<Arrangement> {
  const recent = await parts.store.readListed(feed.slug, { after: recalledSeq, upTo: null });
  return arrange(feed, await readTop(parts, feed), recent);
}

/** A feed that is brought up to date. */
interface OpenFeed {
  readonly feed: Feed;
  readonly state: FeedState;
  readonly isOf: (candidate: Candidate) => boolean;
}

/** Lists what changed since the feed was last brought up to date, oldest first; whether its readers are to be told of anything. */
async function listChanged({ store, clock }: Parts, { feed, state, isOf }: OpenFeed): Promise<boolean> {
  const changed = await store.readChangedStories(state.changeSeq);
  const due = feed.holdBackMs > 0 ? await store.readDueListings(feed.slug, clock.now()) : [];
  const numbers = [...new Set([...changed.stories, ...due])];
  if (numbers.length === 0) return false;
  const seen: Seen[] = [];
  for (let start = 0; start < numbers.length; start += BATCH_SIZE) {
    const piece = numbers.slice(start, start + BATCH_SIZE);
    const listings = await store.readListings(feed.slug, piece);
    for (const candidate of await store.readCandidates(piece, { withWords: looksAtWords(feed) }))
      seen.push({ candidate: withoutWords(candidate), isOf: isOf(candidate), before: listings.get(candidate.no) ?? null });
    await breathe();
  }
  // What an empty feed is filled with is no news, however young: there is nobody yet who could have missed it.
  const isFirst = (await store.readOrdered(feed.slug, { offset: 0, limit: 1 })).length === 0;
  const days = new Map<string, number>();
  let { seq } = state;
  const listings: Listing[] = [];
  for (const { candidate, isOf: isWanted, before } of seen.toSorted((a, b) => comparePlaces(feed, a.candidate, b.candidate))) {
    const options = { feed, seq: seq + 1, now: clock.now(), isFirst };
    const isThere = before?.kind === 'new' || before?.kind === 'updated';
    const hasRoom = isThere || !isWanted || (await hasRoomThatDay(store, feed, candidate, days));
    const listing = list(before, candidate, isWanted && hasRoom, options);
    if (!listing) continue;
    listings.push(listing);
    if (listing.seq === seq + 1) seq++;
  }
  await store.saveListings(feed.slug, listings, { seq, changeSeq: changed.seq });
  return seq > state.seq;
}

interface Seen {
  readonly candidate: Candidate;
  readonly isOf: boolean;
  readonly before: Listing | null;
}

/** A chain begins with all stories there are, in the order of the feed, oldest first, none of them news; and with the tombstones that readers of the
 *  chain before it may not have seen. */
async function beginChains({ store, clock }: Parts, feeds: readonly OpenFeed[]): Promise<void> {
  if (feeds.length === 0) return;
  const now = clock.now();
  // Changes from here on are accounted for again: a run that is cut short may have some.
  const { seq: changeSeq } = await store.readChangedStories(Infinity);
  const withWords = feeds.some(({ feed }) => looksAtWords(feed));
  const chosen = feeds.map((): Candidate[] => []);
  for (let after = 0; ;) {
    const page = await store.readAllCandidates({ after, limit: BATCH_SIZE, withWords });
    for (const candidate of page)
      feeds.forEach(({ isOf }, index) => {
        if (isOf(candidate)) chosen[index]?.push(withoutWords(candidate));
      });
    await breathe();
    after = page.at(-1)?.no ?? 0;
    if (page.length < BATCH_SIZE) break;
  }
  for (const [index, { feed, state }] of feeds.entries()) {
    const days = new Map<string, number>();
    let { seq } = state;
    const listings: Listing[] = [];
    for (const candidate of (chosen[index] ?? []).sort((a, b) => comparePlaces(feed, a, b))) {
      if (!takesRoomThatDay(feed, candidate, days, 0)) continue;
      const listing = list(null, candidate, true, { feed, seq: seq + 1, now, isFirst: true });
      if (listing) listings.push(listing);
      if (listing && listing.seq > 0) seq++;
    }
    const firstSeq = state.seq + 1;
    const recalledSeq = seq;
    for (const listing of await store.readWithdrawn(feed.slug, new Date(now.getTime() - 3 * DAY_MS)))
      listings.push({ ...listing, kind: 'gone', seq: ++seq, updated: now, loggedAt: now, isRecalled: true });
    const begun = { chain: state.chain + 1, rules: hashRules(feed), changeSeq, seq, archivedSeq: state.seq, recalledSeq };
    await store.replaceListings(feed.slug, listings, begun);
    await store.saveHistory(feed.slug, { recalledSeq, archives: planFirstArchives(feed, firstSeq, recalledSeq) });
    await breathe();
  }
}

/** Ends what has been recalled for long enough and archives what is due; whether the subscription document has changed by that. */
async function arrangeHistory(parts: Parts, feed: Feed): Promise<boolean> {
  const { store, clock } = parts;
  const state = await store.bindFeed(feed.slug, clock.now());
  const known = await store.readListed(feed.slug, { after: Math.min(state.archivedSeq, state.recalledSeq), upTo: null });
  const beyond = (seq: number) => known.filter((listing) => listing.seq > seq);
  const recalledSeq = findRecalledSeq(state, beyond(state.recalledSeq), clock.now());
  const arrangement = arrange(feed, await readTop(parts, feed), beyond(recalledSeq));
  const archives = planArchives(feed, beyond(state.archivedSeq), arrangement);
  if (recalledSeq === state.recalledSeq && archives.length === 0) return false;
  await store.saveHistory(feed.slug, { recalledSeq, archives });
  return archives.length > 0 || beyond(state.recalledSeq).some(({ isRecalled, seq }) => isRecalled && seq <= recalledSeq);
}

/** Whether a story that is new to the feed is one of the first `maxPerSourcePerDay` of its source on its day. */
async function hasRoomThatDay(store: Parts['store'], feed: Feed, candidate: Candidate, days: Map<string, number>): Promise<boolean> {
  if (feed.maxPerSourcePerDay === null || candidate.lead === null) return true;
  const from = new Date(Math.floor(candidate.datedAt.getTime() / DAY_MS) * DAY_MS);
  const stored = await store.countListed(feed.slug, candidate.lead.sourceId, { from, before: new Date(from.getTime() + DAY_MS) });
  return takesRoomThatDay(feed, candidate, days, stored);
}

function takesRoomThatDay(feed: Feed, { lead, datedAt }: Candidate, days: Map<string, number>, stored: number): boolean {
  const day = `${lead?.sourceId} ${datedAt.toISOString().slice(0, 10)}`;
  const count = (days.get(day) ?? 0) + 1;
  if (count + stored > (feed.maxPerSourcePerDay ?? Infinity)) return false;
  days.set(day, count);
  return true;
}

/** Oldest first; of one instant against the order in which documents have them. */
function comparePlaces({ order }: Feed, a: Candidate, b: Candidate): number {
  const placeOf = (candidate: Candidate) => (order === 'updated' ? candidate.updated : candidate.datedAt).getTime();
  const sourceOf = ({ founderSourceId }: Candidate) => founderSourceId;
  return placeOf(a) - placeOf(b) || (sourceOf(a) < sourceOf(b) ? 1 : sourceOf(a) > sourceOf(b) ? -1 : b.no - a.no);
}

/** What is kept of thousands of candidates until they are in order. */
function withoutWords(candidate: Candidate): Candidate {
  return candidate.lead === null ? candidate : { ...candidate, lead: { ...candidate.lead, words: null } };
}

/** Lets signals and messages in. */
async function breathe(): Promise<void> {
  freeMemory();
  await setImmediate();
}
