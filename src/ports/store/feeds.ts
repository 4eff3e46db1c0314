import type { Document } from '../../model/feed.ts';
import type { Archive, ArchiveBasis, Candidate, FeedState, HistoryEntry, Listing } from '../../model/listing.ts';

/** Reads the stories that a feed could show. */
export interface CandidateReads {
  /** The stories that were settled after a change, by number, and the newest change there is. */
  readChangedStories(afterSeq: number): Promise<{ readonly stories: readonly number[]; readonly seq: number }>;
  /** These stories as rules look at them, by number; words of leads only on demand. */
  readCandidates(stories: readonly number[], options: { readonly withWords: boolean }): Promise<readonly Candidate[]>;
  /** The same of the next `limit` stories after a number. */
  readAllCandidates(page: { readonly after: number; readonly limit: number; readonly withWords: boolean }): Promise<readonly Candidate[]>;
}

/** Reads which stories a feed shows. */
export interface ListingReads {
  /** The atom:ids of all feeds that were ever published from this store. */
  readFeedIds(): Promise<ReadonlySet<string>>;
  /** Returns how far a feed has come; null before `bindFeed` has bound it. */
  readFeed(slug: string): Promise<FeedState | null>;
  /** The listings of these stories in a feed. */
  readListings(slug: string, stories: readonly number[]): Promise<ReadonlyMap<number, Listing>>;
  /** Stories that are held back until now. */
  readDueListings(slug: string, now: Date): Promise<readonly number[]>;
  /** The stories that stand in a feed, in its order; `offset` of them passed over. */
  readOrdered(slug: string, page: { readonly offset: number; readonly limit: number }): Promise<readonly HistoryEntry[]>;
  /** Stories and tombstones of a feed after a place in its history and up to another one (null:
   *  all), by place. */
  readHistory(slug: string, places: { readonly after: number; readonly upTo: number | null }): Promise<readonly HistoryEntry[]>;
  /** Counts the stories of a feed that are led by a source and dated within a span. */
  countLedBy(slug: string, sourceId: string, dated: { readonly from: Date; readonly before: Date }): Promise<number>;
  /** Counts the stories that a source founded since an instant and that are recalled in a feed,
   *  though they were `lateMs` old by then. */
  countLate(slug: string, sourceId: string, { since, lateMs }: { readonly since: Date; readonly lateMs: number }): Promise<number>;
  /** The feeds among these that have told their readers of a story: true where it stands in the
   *  feed, false where it has left. A feed whose rules were changed forgets the stories that left
   *  it. */
  findFeeds(storyNo: number, slugs: readonly string[]): Promise<ReadonlyMap<string, boolean>>;
}

/** Writes which stories a feed shows. */
export interface ListingWrites {
  /** Returns how far a feed has come; its atom:id is minted at the first call. */
  bindFeed(slug: string, at: Date): Promise<FeedState>;
  /** Notes when a feed ends (null: it goes on), as a new place in its history. */
  noteEnd(slug: string, endsAt: Date | null, at: Date): Promise<void>;
  /** Stores listings, and how far the feed has come. The same again changes nothing. */
  saveListings(slug: string, listings: readonly Listing[], state: Pick<FeedState, 'seq' | 'changeSeq'>): Promise<void>;
  /** The same in place of all listings of the feed: a new chain begins. */
  replaceListings(slug: string, listings: Iterable<Listing>, state: Omit<FeedState, 'slug' | 'id' | 'createdAt' | 'notice'>): Promise<void>;
  /** Notes which place is the first that is still recalled, and adds archives, each given by the
   *  last place that it holds. */
  saveHistory(
    slug: string,
    history: { readonly beforeWindowSeq: number; readonly archives: readonly number[]; readonly isPrivate: boolean },
  ): Promise<void>;
}

/** Reads the archives of feeds (RFC 5005 §4) and the versions of their documents. */
export interface ArchiveReads {
  /** Ids of entries that were taken down and may still stand in archives. */
  readTakedowns(): Promise<readonly string[]>;
  /** Every feed that has archives with stored bytes, also when it is configured no more. */
  readArchivedFeeds(): Promise<readonly string[]>;
  /** The time when an archive's bytes were stored; null while they are not. */
  readArchiveDate(slug: string, n: number): Promise<Date | null>;
  /** An archive by its number; null when there is none. */
  readArchive(slug: string, n: number): Promise<Archive | null>;
  /** The number of a chain's newest archive; null while it has none. */
  readNewestArchive(slug: string, chain: number): Promise<number | null>;
  /** Numbers of a chain's archives, oldest first. */
  listArchives(slug: string, chain: number): Promise<readonly number[]>;
  /** Numbers of the archives whose bytes are stored. */
  readMadeArchives(slug: string): Promise<readonly number[]>;
  /** Versions of a feed's Atom document within a chain, by tag, each with the place in the history
   *  that it reaches. */
  readVersions(slug: string, chain: number): Promise<ReadonlyMap<string, number>>;
}

/** Writes the archives of feeds (RFC 5005 §4) and the versions of their documents. */
export interface ArchiveWrites {
  /** Notes that an entry is to be cut out of archives, by its id. */
  noteTakedown(id: string, at: Date): Promise<void>;
  /** Notes that an entry stands in no archive any more. */
  endTakedown(id: string): Promise<void>;
  /** Stores an archive's bytes, gzipped, which stay from then on. Returns what is stored; null, and
   *  nothing is stored, when the basis from which they were made has changed. */
  makeArchive(slug: string, n: number, gzip: Uint8Array, at: Date, madeOf: ArchiveBasis): Promise<Archive | null>;
  /** Replaces an archive's bytes. */
  replaceArchive(slug: string, n: number, gzip: Uint8Array, at: Date): Promise<void>;
  /** Returns when the bytes named by `tag` first stood for this document: now (`at`, whole seconds)
   *  if they are new. */
  stampDocument(slug: string, format: Document['format'], tag: string, at: Date): Promise<Date>;
  /** Remembers a version; old ones are forgotten. */
  saveVersion(slug: string, version: { readonly tag: string; readonly chain: number; readonly seq: number }, at: Date): Promise<void>;
}

/** Reads feeds: their stories and their documents. */
export interface FeedReads extends CandidateReads, ListingReads, ArchiveReads {}
/** Writes feeds: their stories and their documents. */
export interface FeedWrites extends ListingWrites, ArchiveWrites {}

export type FeedStore = FeedReads & FeedWrites;
