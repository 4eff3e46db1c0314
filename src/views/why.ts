import type { Feed } from '../model/feed.ts';
import type { Candidate, FeedState, HistoryEntry } from '../model/listing.ts';
import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { SourceStatus } from '../model/source.ts';
import type { PastProblem, PrunedEntry, SeenEntry, SoughtArticle } from '../ports/store/find-articles.ts';
import type { Reads } from '../ports/store/store.ts';
import type { StoryEvidence } from '../ports/store/stories.ts';
import { isShown } from '../publish/selection/listing.ts';
import { findRuleAgainst, looksAtWords } from '../publish/selection/select.ts';

/** Everything that an answer is looked up with. */
export interface WhyContext {
  readonly store: Reads;
  /** Feeds that are published. */
  readonly feeds: readonly Feed[];
  /** Without a slash at the end. */
  readonly siteUrl: string;
  /** The stories that the document of a feed shows now. */
  readonly readArrangement: (feed: Feed, state: FeedState) => Promise<{ readonly stories: readonly HistoryEntry[] }>;
  /** Returns the part that all spellings of an address share; null for no address. */
  readonly toUrlKey: (address: string | null) => string | null;
  /** Returns the part that all spellings of an address's host share; null for no address. */
  readonly toHostKey: (address: string | null) => string | null;
}

/** The state of a story in one feed, and its reason. */
interface FeedAnswer {
  readonly feed: string;
  readonly state: 'shown' | 'beyond' | 'archived' | 'held' | 'left' | 'excluded';
  /** Number of the archive that has it; null when none has. */
  readonly archive: number | null;
  /** A sentence for the owner. */
  readonly why: string;
}

/** Everything known of one entry. */
export interface FoundArticle {
  readonly entry: SeenEntry;
  /** null while the entry waits to be folded. */
  readonly story: StoryEvidence | null;
  readonly setAside: readonly SetAsideItem[];
  readonly feeds: readonly FeedAnswer[];
}

/** Everything known of the article in question. */
export interface WhyAnswer {
  readonly found: readonly FoundArticle[];
  /** Own files that are held back and match by name or address. */
  readonly held: readonly HeldFile[];
  /** Items that were set aside before they were stored as an entry. */
  readonly setAside: readonly SetAsideItem[];
  /** Problems with the article in the last runs: left out, repeated, without text. */
  readonly reported: readonly PastProblem[];
  readonly pruned: readonly PrunedEntry[];
  /** true for an address of this site: an entry with such an address is left out, since it came
   *  from here. */
  readonly isOwn: boolean;
  /** Entries with similar titles, when nothing was found. */
  readonly nearest: readonly SeenEntry[];
  /** Sources on the host of the address, when nothing was found. */
  readonly sources: readonly SourceStatus[];
}

const MOST_FOUND = 10;
const MOST_NEAREST = 3;
/** Runs whose problems are searched: a day of the usual schedule. */
const RUNS = 150;
/** Characters of a question that are searched for; addresses may be this long. */
const LONGEST_QUESTION = 2000;
/** Shorter words occur in most titles. */
const LEAST_WORD = 4;

/** Explains the fate of an article: where it was seen, its story, and its state in each feed. The
 *  question is an address, a title or a part of one, or the key of an entry or story. Changes
 *  nothing. */
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
  return { entry, story, setAside, feeds: isVisible ? await findFeedAnswers(context, story) : [] };
}

async function findFeedAnswers(context: WhyContext, story: StoryEvidence): Promise<FeedAnswer[]> {
  const { store, feeds } = context;
  const tags = await store.readSourceTags();
  const withWords = feeds.some(looksAtWords);
  const [candidate] = await store.readCandidates([story.no], { withWords });
  if (!candidate) return [];
  const answers: FeedAnswer[] = [];
  for (const feed of feeds) answers.push(await findFeedAnswer(context, feed, candidate, (id) => tags.get(id) ?? []));
  return answers;
}

async function findFeedAnswer(
  context: WhyContext,
  feed: Feed,
  candidate: Candidate,
  tagsOf: (sourceId: string) => readonly string[],
): Promise<FeedAnswer> {
  const { store } = context;
  const { slug } = feed;
  const answer = (state: FeedAnswer['state'], why: string, archive: number | null = null): FeedAnswer => ({
    feed: slug,
    state,
    archive,
    why,
  });
  const refusal = findRuleAgainst(feed, tagsOf, candidate);
  if (refusal !== null) return answer('excluded', refusal);
  const listing = (await store.readListings(slug, [candidate.no])).get(candidate.no) ?? null;
  if (listing?.kind === 'held') return answer('held', `it is held back until ${listing.at.toISOString().slice(0, 16)}Z (holdBack)`);
  const state = await store.readFeed(slug);
  if (state === null || !isShown(listing)) {
    if (listing?.kind === 'gone') return answer('left', `it has left the feed ${listing.loggedAt.toISOString().slice(0, 10)}`);
    const { maxPerSourcePerDay } = feed;
    const why =
      maxPerSourcePerDay === null
        ? 'the next run lists it'
        : `its source already has ${maxPerSourcePerDay} stories of that day in the feed (maxPerSourcePerDay)`;
    return answer('excluded', why);
  }
  const { stories } = await context.readArrangement(feed, state);
  const index = stories.findIndex(({ storyNo }) => storyNo === candidate.no);
  if (index >= 0) return answer('shown', `it is number ${index + 1} of the ${stories.length} stories in the document`);
  const archive = await findArchive(context, slug, state.chain, listing.seq);
  const ofSource = stories.filter(({ sourceId }) => sourceId === candidate.lead?.sourceId).length;
  const bound =
    feed.maxPerSource !== null && ofSource >= feed.maxPerSource
      ? `its source already has ${feed.maxPerSource} stories in the document (maxPerSource)`
      : `${feed.limit} stories are newer (limit)`;
  return archive === null ? answer('beyond', bound) : answer('archived', `${bound}; it is in archive ${archive}`, archive);
}

/** Returns the number of the archive that holds a position of a feed's history; null when none
 *  does. */
async function findArchive({ store }: WhyContext, slug: string, chain: number, seq: number): Promise<number | null> {
  for (const n of (await store.listArchives(slug, chain)).toReversed()) {
    const archive = await store.readArchive(slug, n);
    if (archive !== null && archive.firstSeq <= seq && seq <= archive.lastSeq) return n;
  }
  return null;
}
