import { Trial } from './bulkhead.ts';
import type { ItemName } from './bulkhead.ts';
import type { SourceProblem } from './model/errors.ts';
import type { Feed } from './model/feed.ts';
import type { Candidate, FeedState, ListedStory, Listing } from './model/listing.ts';
import { DAY_MS } from './model/values/time.ts';
import { breathe } from './memory.ts';
import type { FeedReads } from './ports/store/feeds.ts';
import { BATCH_SIZE } from './ports/store/store.ts';
import {
  arrange,
  boundUpdated,
  createTop,
  findDue,
  findRecalledSeq,
  isLate,
  isStanding,
  isTold,
  list,
  MOST_LATE,
  placeOf,
  planArchives,
  planFirstArchives,
  RECALL_MS,
} from './publish/listing.ts';
import type { Arrangement } from './publish/listing.ts';
import { createRule, hashRules, looksAtWords } from './publish/select.ts';
import type { RunParts } from './run-parts.ts';

type Parts = Pick<RunParts, 'store' | 'clock'> &
  Partial<Pick<RunParts, 'log'>> & { readonly settings: Pick<RunParts['settings'], 'feeds'> };

/** Listings read at once. */
const PAGE = 500;

/** Brings every feed up to date with the stories that changed: what it lists, what it recalls, what goes into archives. A story that fails alone is set aside
 *  (bulkhead.ts): it stands in the feed as it stood. The caller has the run lock. Cut short, the next call completes it. */
export async function updateFeeds(parts: Parts): Promise<readonly SourceProblem[]> {
  const { store, settings } = parts;
  if (settings.feeds.length === 0) return [];
  const trial = new Trial('list');
  const problems: SourceProblem[] = [];
  // Before anything is stored: if all stories fail, no feed has come further.
  const listed = { trial, conclude: async () => void problems.push(...(await trial.conclude(parts))) };
  const tags = await store.readSourceTags();
  const again = (await store.readSetAside()).flatMap(({ stage, no, isOpen }) => (stage === 'list' && isOpen && no !== null ? no : []));
  const feeds: OpenFeed[] = [];
  for (const feed of settings.feeds) {
    const isOf = createRule(feed, (sourceId) => tags.get(sourceId) ?? []);
    feeds.push({ feed, state: await noteEnd(parts, feed), isOf });
  }
  const begun = feeds.filter(({ feed, state }) => state.rules !== hashRules(feed));
  await beginChains(parts, begun, listed);
  for (const open of feeds) {
    if (!begun.includes(open)) await listChanged(parts, open, listed, again);
    await arrangeHistory(parts, open.feed);
  }
  await store.freeSetAside(['list']);
  return problems;
}

/** How far a feed has come, once it is noted that the owner lets it end, or has thought better of it. */
async function noteEnd({ store, clock }: Parts, feed: Feed): Promise<FeedState> {
  const state = await store.bindFeed(feed.slug, clock.now());
  if (isEndKnown(feed, state)) return state;
  await store.noteEnd(feed.slug, feed.endsAt, clock.now());
  return store.bindFeed(feed.slug, clock.now());
}

function isEndKnown(feed: Feed, { notice }: FeedState): boolean {
  return notice?.endsAt.getTime() === feed.endsAt?.getTime();
}

/** Whether feeds are listed by other rules, or say of their end something else, than the configuration now does. */
export async function areBehind({ store, clock }: Pick<Parts, 'store' | 'clock'>, feeds: readonly Feed[]): Promise<boolean> {
  for (const feed of feeds) {
    const state = await store.bindFeed(feed.slug, clock.now());
    if (state.rules !== hashRules(feed) || !isEndKnown(feed, state)) return true;
  }
  return false;
}

/** Stories among which those of a document are looked for, as a multiple of its limit: where few sources fill it, and each may have few
 *  (`maxPerSource`), the document is shorter rather than dug out of all that is stored. */
const DEPTH = 20;

/** The stories that a feed shows by its order alone. */
async function readTop({ store }: { readonly store: FeedReads }, feed: Feed): Promise<readonly ListedStory[]> {
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

/** What the subscription document of a feed holds now. */
export async function readArrangement(parts: { readonly store: FeedReads }, feed: Feed, { recalledSeq }: FeedState): Promise<Arrangement> {
  // Bounded: the publish stage ends the recall of what there is no room for.
  const recent = await parts.store.readListed(feed.slug, { after: recalledSeq, upTo: null });
  return arrange(feed, await readTop(parts, feed), recent);
}

/** Tries the stories of one bringing up to date, and sets those aside that have failed. */
interface Listed {
  readonly trial: Trial;
  readonly conclude: () => Promise<void>;
}

/** A feed that is brought up to date. */
interface OpenFeed {
  readonly feed: Feed;
  readonly state: FeedState;
  readonly isOf: (candidate: Candidate) => boolean;
}

/** Lists what changed since the feed was last brought up to date, oldest first. */
async function listChanged(
  { store, clock }: Parts,
  { feed, state, isOf }: OpenFeed,
  { trial, conclude }: Listed,
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
      const one = trial.attempt(toName(candidate), () => ({
        candidate: withoutWords(candidate),
        place: toChosen(candidate, before, feed, names),
        isOf: isOf(candidate),
        before,
      }));
      if (one) seen.push(one);
    }
    await breathe();
  }
  // What an empty feed is filled with is no news, however young: there is nobody yet who could have missed it.
  const isFirst = (await store.readOrdered(feed.slug, { offset: 0, limit: 1 })).length === 0;
  const late = isFirst ? new Set<number>() : await chooseLate(store, feed, seen, clock.now());
  const days = new Map<string, number>();
  let { seq } = state;
  const listings: Listing[] = [];
  for (const { candidate, isOf: isWanted, before } of seen.toSorted((a, b) => compareChosen(a.place, b.place))) {
    const options = { feed, seq: seq + 1, now: clock.now(), isFirst, isLateKept: late.has(candidate.no) };
    const listing = await trial.attemptLater(toName(candidate), async () => {
      const hasRoom = isStanding(before) || !isWanted || (await hasRoomThatDay(store, feed, candidate, days));
      return list(before, candidate, isWanted && hasRoom, options);
    });
    if (!listing) continue;
    listings.push(listing);
    if (listing.seq === seq + 1) seq++;
  }
  await conclude();
  await store.saveListings(feed.slug, listings, { seq, changeSeq: changed.seq });
}

/** The late posts that are shown for a while: of each source the newest that it may still have today. */
async function chooseLate(store: Parts['store'], feed: Feed, seen: readonly Seen[], now: Date): Promise<Set<number>> {
  const late = seen.filter(({ candidate, isOf, before }) => isOf && !isStanding(before) && isLate(feed, candidate, now));
  const since = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const chosen = new Set<number>();
  for (const [sourceId, ofSource] of Map.groupBy(late, ({ candidate }) => candidate.founderSourceId)) {
    const left = MOST_LATE - (await store.countLate(feed.slug, sourceId, { since, lateMs: RECALL_MS }));
    const newestFirst = ofSource.toSorted((a, b) => compareChosen(b.place, a.place));
    for (const { candidate } of newestFirst.slice(0, Math.max(0, left))) chosen.add(candidate.no);
  }
  return chosen;
}

interface Seen {
  readonly candidate: Candidate;
  readonly place: Chosen;
  readonly isOf: boolean;
  readonly before: Listing | null;
}

/** A chain begins with all stories that belong to the feed, in its order, oldest first, none of them news; then come tombstones for what stood in the
 *  chain before and stands in this one no more. A million stories may pass through: of each only what a listing needs is kept. */
async function beginChains({ store, clock }: Parts, feeds: readonly OpenFeed[], { trial, conclude }: Listed): Promise<void> {
  if (feeds.length === 0) return;
  const now = clock.now();
  // Changes from here on are accounted for again: a run that is cut short may have some.
  const { seq: changeSeq } = await store.readChangedStories(Infinity);
  const withWords = feeds.some(({ feed }) => looksAtWords(feed));
  const collected = feeds.map(() => ({ chosen: [] as Chosen[], gone: [] as Listing[] }));
  const names = new Map<string, string>();
  for (let after = 0; ;) {
    const page = await store.readAllCandidates({ after, limit: BATCH_SIZE, withWords });
    const numbers = page.map(({ no }) => no);
    for (const [index, { feed, state, isOf }] of feeds.entries()) {
      const before = state.chain === 0 ? new Map<number, Listing>() : await store.readListings(feed.slug, numbers);
      const { chosen = [], gone = [] } = collected[index] ?? {};
      for (const candidate of page) {
        const listing = before.get(candidate.no) ?? null;
        const isDone = trial.attempt(toName(candidate), () => {
          if (isOf(candidate)) chosen.push(toChosen(candidate, listing, feed, names));
          else if (isTold(listing, now)) gone.push(listing);
          return true;
        });
        // A story that fails is not withdrawn by that.
        if (isDone === undefined && isStanding(listing)) chosen.push(toKept(listing));
      }
    }
    await breathe();
    after = numbers.at(-1) ?? 0;
    if (page.length < BATCH_SIZE) break;
  }
  await conclude();
  for (const [index, { feed, state }] of feeds.entries()) {
    const { chosen = [], gone = [] } = collected[index] ?? {};
    chosen.sort(compareChosen);
    const days = new Map<string, number>();
    const kept = feed.maxPerSourcePerDay === null ? chosen : chosen.filter((story) => takesRoomThatDay(feed, story, days));
    const shown = kept.filter(({ dueAt }) => dueAt <= now.getTime()).length;
    const recalledSeq = state.seq + shown;
    const seq = recalledSeq + gone.length;
    const begun = { chain: state.chain + 1, rules: hashRules(feed), changeSeq, seq, archivedSeq: state.seq, recalledSeq };
    await store.replaceListings(feed.slug, listChosen(kept, gone, state.seq, now), begun);
    const archives = planFirstArchives(feed, state.seq + 1, recalledSeq);
    await store.saveHistory(feed.slug, { recalledSeq, archives, isPrivate: feed.private });
    await breathe();
  }
}

/** A story of a chain that begins; instants in milliseconds. */
interface Chosen {
  readonly no: number;
  /** Its place in the feed's order. */
  readonly at: number;
  readonly datedAt: number;
  readonly dueAt: number;
  readonly updated: number;
  readonly accountedFor: number;
  readonly founderSourceId: string;
  readonly sourceId: string;
}

/** What the chain before told of it is a bound: `updated` never goes back, and is newer than a tombstone. */
function toChosen(candidate: Candidate, before: Listing | null, feed: Feed, names: Map<string, string>): Chosen {
  const { no, datedAt } = candidate;
  const updated = boundUpdated(candidate.updated, before);
  // One text for each source, not one for each row.
  const keep = (name: string) => {
    names.set(name, names.get(name) ?? name);
    return names.get(name) ?? name;
  };
  return {
    no,
    at: placeOf(feed, datedAt, updated).getTime(),
    datedAt: datedAt.getTime(),
    dueAt: findDue(feed, candidate).getTime(),
    updated: updated.getTime(),
    accountedFor: candidate.updated.getTime(),
    founderSourceId: keep(candidate.founderSourceId),
    sourceId: keep(candidate.lead?.sourceId ?? ''),
  };
}

/** A story that stands in the feed and that its rules cannot be asked about: it stays where it stands. */
function toKept({ storyNo, at, updated, accountedFor }: Listing): Chosen {
  const [place, changed] = [at.getTime(), updated.getTime()];
  const unknown = { founderSourceId: '', sourceId: '' };
  return { no: storyNo, at: place, datedAt: place, dueAt: 0, updated: changed, accountedFor: accountedFor.getTime(), ...unknown };
}

function toName({ no }: Pick<Candidate, 'no'>): ItemName {
  return { what: 'story', no };
}

function* listChosen(chosen: readonly Chosen[], gone: readonly Listing[], lastSeq: number, now: Date): Generator<Listing> {
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
      isRecalled: false,
    };
  }
  for (const listing of gone)
    yield { ...listing, kind: 'gone', seq: ++seq, updated: now, accountedFor: new Date(0), loggedAt: now, isRecalled: true };
}

/** Ends what has been recalled for long enough, or is one too many, and archives what is due. */
async function arrangeHistory(parts: Parts, feed: Feed): Promise<void> {
  const { store, clock } = parts;
  const state = await store.bindFeed(feed.slug, clock.now());
  const known = await store.readListed(feed.slug, { after: Math.min(state.archivedSeq, state.recalledSeq), upTo: null });
  const beyond = (seq: number) => known.filter((listing) => listing.seq > seq);
  const recalled = findRecalledSeq(state, beyond(state.recalledSeq), clock.now());
  const arrangement = arrange(feed, await readTop(parts, feed), beyond(recalled));
  // What is older than the oldest that there is room for is done with: else each run would read all of three days.
  const recalledSeq = Math.max(recalled, (arrangement.oldestSeq ?? 0) - 1);
  const archives = planArchives(feed, beyond(state.archivedSeq), arrangement);
  if (recalledSeq === state.recalledSeq && archives.length === 0) return;
  await store.saveHistory(feed.slug, { recalledSeq, archives, isPrivate: feed.private });
}

/** Whether a story that is new to the feed is one of the first `maxPerSourcePerDay` of its source on its day. */
async function hasRoomThatDay(store: Parts['store'], feed: Feed, candidate: Candidate, days: Map<string, number>): Promise<boolean> {
  if (feed.maxPerSourcePerDay === null || candidate.lead === null) return true;
  const { sourceId } = candidate.lead;
  const story = { sourceId, datedAt: candidate.datedAt.getTime() };
  const from = new Date(Math.floor(story.datedAt / DAY_MS) * DAY_MS);
  const day = dayOf(story);
  if (!days.has(day)) days.set(day, await store.countListed(feed.slug, sourceId, { from, before: new Date(from.getTime() + DAY_MS) }));
  return takesRoomThatDay(feed, story, days);
}

function takesRoomThatDay(feed: Feed, story: Pick<Chosen, 'sourceId' | 'datedAt'>, days: Map<string, number>): boolean {
  const day = dayOf(story);
  const count = (days.get(day) ?? 0) + 1;
  if (count > (feed.maxPerSourcePerDay ?? Infinity)) return false;
  days.set(day, count);
  return true;
}

function dayOf({ sourceId, datedAt }: Pick<Chosen, 'sourceId' | 'datedAt'>): string {
  return `${Math.floor(datedAt / DAY_MS)} ${sourceId}`;
}

/** Oldest first; of one instant against the order in which documents have them. */
function compareChosen(a: Chosen, b: Chosen): number {
  const [one, other] = [a.founderSourceId, b.founderSourceId];
  return a.at - b.at || (one < other ? 1 : one > other ? -1 : b.no - a.no);
}

/** What is kept of thousands of candidates until they are in order. */
function withoutWords(candidate: Candidate): Candidate {
  return candidate.lead === null ? candidate : { ...candidate, lead: { ...candidate.lead, words: null } };
}
