import type { Feed } from '../model/feed.ts';
import type { Candidate, FeedState, HistoryEntry } from '../model/listing.ts';
import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { SourceStatus } from '../model/source.ts';
import type { PastProblem, PrunedEntry, SeenEntry, SoughtArticle } from '../ports/store/finds.ts';
import type { Reads } from '../ports/store/store.ts';
import type { StoryEvidence } from '../ports/store/stories.ts';
import { isShown } from '../publish/selection/listing.ts';
import { findRuleAgainst, looksAtWords } from '../publish/selection/select.ts';

/** The context that an answer is looked up with. */
export interface WhyContext {
  readonly store: Reads;
  /** Feeds that are published. */
  readonly feeds: readonly Feed[];
  /** Without a slash at the end. */
  readonly siteUrl: string;
  /** The stories that the document of a feed shows now. */
  readonly readArrangement: (feed: Feed, state: FeedState) => Promise<{ readonly stories: readonly HistoryEntry[] }>;
  /** Returns what all spellings of an address have in common; null for none. */
  readonly toUrlKey: (address: string | null) => string | null;
  /** Returns the same of the host of an address. */
  readonly toHostKey: (address: string | null) => string | null;
}

/** The fate of a story in one feed, and why. */
export interface FeedAnswer {
  readonly feed: string;
  readonly state: 'shown' | 'beyond' | 'archived' | 'held' | 'left' | 'excluded';
  /** Number of the archive that has it; null when none has. */
  readonly archive: number | null;
  /** In words. */
  readonly why: string;
}

/** All that is known of one entry. */
export interface FoundArticle {
  readonly entry: SeenEntry;
  /** null while it waits to be folded. */
  readonly story: StoryEvidence | null;
  readonly setAside: readonly SetAsideItem[];
  readonly feeds: readonly FeedAnswer[];
}

/** Everything that is known of the article that somebody asks for. */
export interface WhyAnswer {
  readonly found: readonly FoundArticle[];
  /** Own files that wait, by name or address. */
  readonly held: readonly HeldFile[];
  /** Items that are set aside and were never stored as an entry. */
  readonly setAside: readonly SetAsideItem[];
  /** Problems of reading it in the last runs: left out, repeated, without text. */
  readonly reported: readonly PastProblem[];
  readonly pruned: readonly PrunedEntry[];
  /** true for an address of this site: what comes back to it is left out. */
  readonly isOwn: boolean;
  /** Entries with similar titles, where nothing was found. */
  readonly nearest: readonly SeenEntry[];
  /** Sources of the address's host, where nothing was found. */
  readonly sources: readonly SourceStatus[];
}

const MOST_FOUND = 10;
const MOST_NEAREST = 3;
/** Runs whose problems are looked through: a day of the usual schedule. */
const RUNS = 150;
/** Characters of a question that are looked for: addresses may have so many. */
const LONGEST_QUESTION = 2000;
/** Shorter words stand in most titles. */
const LEAST_WORD = 4;

/** Says what became of an article: where it was seen, what it was folded into, and what each feed
 *  does with it. The question is an address, a title or a part of it, or the key of an entry or
 *  story. Changes nothing. */
export async function askWhy(context: WhyContext, question: string): Promise<WhyAnswer> {
  const { store, siteUrl, toUrlKey } = context;
  const sought = toSought(context, question);
  const setAside = await store.readSetAside();
  const found: FoundArticle[] = [];
  for (const entry of await store.findEntries(sought, MOST_FOUND)) found.push(await describe(context, entry, setAside));
  const known = new Set(found.flatMap((one) => one.setAside));
  const isSought = (...texts: readonly (string | null)[]) =>
    texts.some((text) => text !== null && (text === sought.text || (sought.urlKey !== null && toUrlKey(text) === sought.urlKey)));
  const isNamed = (text: string) => sought.words.length > 0 && text.toLowerCase().includes(sought.text.toLowerCase());
  const problems = await store.readPastProblems(RUNS);
  const answer = {
    found,
    held: (await store.readHeld()).filter(({ location, title, message }) => [location, title, message].some(isNamed)),
    setAside: setAside.filter((item) => !known.has(item) && item.what !== 'source' && isSought(item.name)),
    reported: problems.filter(({ entry, message }) => isSought(entry) || (entry !== null && isNamed(entry)) || isNamed(message)),
    pruned: await store.findPruned(sought, MOST_FOUND),
    isOwn: sought.text === siteUrl || sought.text.startsWith(`${siteUrl}/`),
  };
  const isEmpty = [found, answer.held, answer.setAside, answer.pruned].every((list) => list.length === 0);
  if (!isEmpty) return { ...answer, nearest: [], sources: [] };
  return { ...answer, nearest: await store.findNearest(sought.words, MOST_NEAREST), sources: await findSources(context, sought) };
}

function toSought({ toUrlKey }: WhyContext, question: string): SoughtArticle {
  const text = question.trim().slice(0, LONGEST_QUESTION);
  const isAddress = /^https?:\/\//i.test(text);
  const words = isAddress ? [] : text.split(/[\s\p{P}]+/u).filter((word) => word.length >= LEAST_WORD);
  return {
    text,
    urlKey: isAddress ? toUrlKey(text) : null,
    words: isAddress || words.length > 0 || text === '' ? words.slice(0, 20) : [text],
  };
}

async function findSources({ store, toHostKey }: WhyContext, { text, urlKey }: SoughtArticle): Promise<readonly SourceStatus[]> {
  const host = urlKey === null ? null : toHostKey(text);
  if (host === null) return [];
  const statuses = await store.readSources();
  return statuses.filter(({ source, description }) =>
    [source.address, description.homePage].some((address) => toHostKey(address) === host),
  );
}

async function describe(context: WhyContext, entry: SeenEntry, items: readonly SetAsideItem[]): Promise<FoundArticle> {
  const story = entry.storyNo === null ? null : await context.store.readEvidence(entry.key);
  const names = new Set([entry.key, entry.identity, ...(story ? [story.key] : [])]);
  const setAside = items.filter(({ what, sourceId, name }) => (what === 'source' ? sourceId === entry.sourceId : names.has(name)));
  const isVisible = story !== null && story.updated !== null && story.withdrawnAt === null && story.mergedInto === null;
  return { entry, story, setAside, feeds: isVisible ? await findPlaces(context, story) : [] };
}

async function findPlaces(context: WhyContext, story: StoryEvidence): Promise<FeedAnswer[]> {
  const { store, feeds } = context;
  const tags = await store.readSourceTags();
  const withWords = feeds.some(looksAtWords);
  const [candidate] = await store.readCandidates([story.no], { withWords });
  if (!candidate) return [];
  const places: FeedAnswer[] = [];
  for (const feed of feeds) places.push(await findPlace(context, feed, candidate, (id) => tags.get(id) ?? []));
  return places;
}

async function findPlace(
  context: WhyContext,
  feed: Feed,
  candidate: Candidate,
  tagsOf: (sourceId: string) => readonly string[],
): Promise<FeedAnswer> {
  const { store } = context;
  const { slug } = feed;
  const tell = (state: FeedAnswer['state'], why: string, archive: number | null = null): FeedAnswer => ({
    feed: slug,
    state,
    archive,
    why,
  });
  const against = findRuleAgainst(feed, tagsOf, candidate);
  if (against !== null) return tell('excluded', against);
  const listing = (await store.readListings(slug, [candidate.no])).get(candidate.no) ?? null;
  if (listing?.kind === 'held') return tell('held', `it is held back until ${listing.at.toISOString().slice(0, 16)}Z (holdBack)`);
  const state = await store.readFeed(slug);
  if (state === null || !isShown(listing)) {
    if (listing?.kind === 'gone') return tell('left', `it has left the feed ${listing.loggedAt.toISOString().slice(0, 10)}`);
    const { maxPerSourcePerDay } = feed;
    const why =
      maxPerSourcePerDay === null
        ? 'the next run lists it'
        : `its source has ${maxPerSourcePerDay} stories of that day (maxPerSourcePerDay)`;
    return tell('excluded', why);
  }
  const { stories } = await context.readArrangement(feed, state);
  const place = stories.findIndex(({ storyNo }) => storyNo === candidate.no);
  if (place >= 0) return tell('shown', `it stands at place ${place + 1} of ${stories.length}`);
  const archive = await findArchive(context, slug, state.chain, listing.seq);
  const ofSource = stories.filter(({ sourceId }) => sourceId === candidate.lead?.sourceId).length;
  const bound =
    feed.maxPerSource !== null && ofSource >= feed.maxPerSource
      ? `its source has ${feed.maxPerSource} stories in the document (maxPerSource)`
      : `${feed.limit} stories are newer (limit)`;
  return archive === null ? tell('beyond', bound) : tell('archived', `${bound}; it is in archive ${archive}`, archive);
}

/** The archive that holds a place of a feed's history. */
async function findArchive({ store }: WhyContext, slug: string, chain: number, seq: number): Promise<number | null> {
  for (const n of (await store.listArchives(slug, chain)).toReversed()) {
    const archive = await store.readArchive(slug, n);
    if (archive !== null && archive.firstSeq <= seq && seq <= archive.lastSeq) return n;
  }
  return null;
}
