import type { Document } from '../../model/feed.ts';
import type { Archive, ArchiveBasis, Candidate, FeedState, HistoryEntry, Listing } from '../../model/listing.ts';

/** Reads the stories that a feed could show. */
export interface CandidateReads {
  /** Returns the numbers of the stories whose lead was chosen after change `afterSeq`, and the
   *  number of the newest change. */
  readChangedStories(afterSeq: number): Promise<{ readonly stories: readonly number[]; readonly seq: number }>;
  /** Returns these stories with the fields that feed rules use, by number. Words of the lead are
   *  read only `withWords`. */
  readCandidates(stories: readonly number[], options: { readonly withWords: boolean }): Promise<readonly Candidate[]>;
  /** Returns the next `limit` stories after a number, in the same form. */
  readAllCandidates(page: { readonly after: number; readonly limit: number; readonly withWords: boolean }): Promise<readonly Candidate[]>;
}

/** Reads which stories a feed shows. */
export interface ListingReads {
  /** Returns the atom:ids of all feeds that this store has ever published. */
  readFeedIds(): Promise<ReadonlySet<string>>;
  /** Returns the state of a feed; null before the first `bindFeed`. */
  readFeed(slug: string): Promise<FeedState | null>;
  /** Returns the listings of these stories in a feed, by story number. */
  readListings(slug: string, stories: readonly number[]): Promise<ReadonlyMap<number, Listing>>;
  /** Returns the numbers of held-back stories whose delay ends at `now` or earlier. */
  readDueListings(slug: string, now: Date): Promise<readonly number[]>;
  /** Returns the stories that a feed shows, in its order, without the first `offset`. */
  readOrdered(slug: string, page: { readonly offset: number; readonly limit: number }): Promise<readonly HistoryEntry[]>;
  /** Returns stories and tombstones of a feed, by position in its history: after `after`, up to
   *  `upTo` (null: to the end). */
  readHistory(slug: string, places: { readonly after: number; readonly upTo: number | null }): Promise<readonly HistoryEntry[]>;
  /** Counts the stories in a feed whose lead is of a source and whose date is in a time span. */
  countLedBy(slug: string, sourceId: string, dated: { readonly from: Date; readonly before: Date }): Promise<number>;
  /** Counts the stories in the window of a feed that a source founded at `since` or later, with a
   *  date more than `lateMs` milliseconds before their first sight. */
  countLate(slug: string, sourceId: string, { since, lateMs }: { readonly since: Date; readonly lateMs: number }): Promise<number>;
  /** Returns the feeds among `slugs` that have shown a story: true while it is in the feed,
   *  false after it left. A feed with changed rules forgets the stories that left it. */
  findFeeds(storyNo: number, slugs: readonly string[]): Promise<ReadonlyMap<string, boolean>>;
}

/** Writes which stories a feed shows. */
export interface ListingWrites {
  /** Returns the state of a feed. The first call creates its atom:id; later calls return the
   *  same. */
  bindFeed(slug: string, at: Date): Promise<FeedState>;
  /** Notes when a feed ends (null: it does not), as a new position in its history. */
  noteEnd(slug: string, endsAt: Date | null, at: Date): Promise<void>;
  /** Stores listings and the new state of the feed. A second call with the same values changes
   *  nothing. */
  saveListings(slug: string, listings: readonly Listing[], state: Pick<FeedState, 'seq' | 'changeSeq'>): Promise<void>;
  /** Replaces all listings of the feed and its state; a new chain begins. */
  replaceListings(slug: string, listings: Iterable<Listing>, state: Omit<FeedState, 'slug' | 'id' | 'createdAt' | 'notice'>): Promise<void>;
  /** Stores the last history position before the window of the feed, and adds archives, each given
   *  by the last position that it holds. */
  saveHistory(
    slug: string,
    history: { readonly beforeWindowSeq: number; readonly archives: readonly number[]; readonly isPrivate: boolean },
  ): Promise<void>;
}

/** Reads the archives of feeds (RFC 5005 §4) and the versions of their documents. */
export interface ArchiveReads {
  /** Returns the ids of entries that were hidden and may still occur in archives. */
  readTakedowns(): Promise<readonly string[]>;
  /** Returns every feed that has archives with stored bytes, also feeds that are no longer
   *  configured. */
  readArchivedFeeds(): Promise<readonly string[]>;
  /** Returns the time when an archive's bytes were stored; null while they are not. */
  readArchiveDate(slug: string, n: number): Promise<Date | null>;
  /** Returns an archive by its number; null when there is none. */
  readArchive(slug: string, n: number): Promise<Archive | null>;
  /** Returns the number of a chain's newest archive; null when the chain has none. */
  readNewestArchive(slug: string, chain: number): Promise<number | null>;
  /** Returns the numbers of a chain's archives, oldest first. */
  listArchives(slug: string, chain: number): Promise<readonly number[]>;
  /** Returns the numbers of the archives whose bytes are stored. */
  readMadeArchives(slug: string): Promise<readonly number[]>;
  /** Returns, by tag, the versions of a feed's Atom document within a chain, each with the last
   *  history position that it covers. */
  readVersions(slug: string, chain: number): Promise<ReadonlyMap<string, number>>;
}

/** Writes the archives of feeds (RFC 5005 §4) and the versions of their documents. */
export interface ArchiveWrites {
  /** Notes that the entry with this id must be removed from archives. */
  noteTakedown(id: string, at: Date): Promise<void>;
  /** Notes that the entry with this id is in no archive any more. */
  endTakedown(id: string): Promise<void>;
  /** Stores the gzipped bytes of an archive, unless they are stored already. Returns the archive
   *  as it is stored. Returns null and stores nothing when there is no such archive, or the data
   *  that the bytes were made from has changed. */
  makeArchive(slug: string, n: number, gzip: Uint8Array, at: Date, madeOf: ArchiveBasis): Promise<Archive | null>;
  /** Replaces an archive's bytes. */
  replaceArchive(slug: string, n: number, gzip: Uint8Array, at: Date): Promise<void>;
  /** Returns when this document first had the bytes that `tag` names. If they are new, that is
   *  `at` in whole seconds. */
  stampDocument(slug: string, format: Document['format'], tag: string, at: Date): Promise<Date>;
  /** Stores a version of a document and forgets the oldest ones. */
  saveVersion(slug: string, version: { readonly tag: string; readonly chain: number; readonly seq: number }, at: Date): Promise<void>;
}

/** Reads the stories and documents of feeds. */
export interface FeedReads extends CandidateReads, ListingReads, ArchiveReads {}
/** Writes the stories and documents of feeds. */
export interface FeedWrites extends ListingWrites, ArchiveWrites {}

export type FeedStore = FeedReads & FeedWrites;
