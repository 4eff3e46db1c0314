/** Where an entry stands in the age of its source's entries. */
export interface AgePlace {
  readonly firstSeenAt: Date;
  readonly datedAt: Date;
  readonly no: number;
}

/** How long entries are kept. */
export interface KeepLimit {
  /** Entries first seen before are old; null when no age is. */
  readonly before: Date | null;
  /** So many of a source are not; null when any number is. */
  readonly perSource: number | null;
}

/** Stories that can only go together: those that share entries, and what they have turned out to be. */
export interface StoryBundle {
  readonly stories: readonly number[];
  readonly members: readonly (AgePlace & { readonly sourceId: string })[];
  /** true when it stays whatever its age: an entry waits, the owner has pinned or hidden something, a feed holds it back, or archives that nobody has asked
   *  for yet have to tell of its withdrawal. */
  readonly isHeld: boolean;
}

/** What the clock said at the last run. */
export interface ClockMark {
  readonly at: Date;
  /** Since when it has gone on without a jump. */
  readonly since: Date;
  /** Milliseconds to add to it while it is not believed; 0 when it is. */
  readonly offsetMs: number;
}

/** How many rows of each table went. */
export type TidiedCounts = Readonly<Record<string, number>>;

/** Reads which entries have become too old to be kept. */
export interface AgeReads {
  /** The place before which entries of a source are old; null when none is. */
  readKeepLimit(sourceId: string, limit: KeepLimit): Promise<AgePlace | null>;
  /** The next entries of a source before `limit` and after `after` that stand in stories, oldest first. */
  findOld(
    sourceId: string,
    places: { readonly limit: AgePlace; readonly after: AgePlace | null },
    count: number,
  ): Promise<readonly (AgePlace & { readonly storyNo: number | null })[]>;
  /** The bundles of these stories, each once. */
  readBundles(stories: readonly number[]): Promise<readonly StoryBundle[]>;
}

/** Forgets stories that are too old to be kept. The caller has the run lock. */
export interface PruneWrites {
  /** Forgets stories with their entries, texts, evidence and listings. Of each entry what it is recognised by stays, so that its source does not bring it back;
   *  readers are told nothing. */
  pruneStories(bundles: readonly StoryBundle[], at: Date): Promise<{ readonly entries: number; readonly stories: number }>;
}

/** Follows which entries their sources have dropped. The caller has the run lock. */
export interface DroppedWrites {
  /** Notes which entries of the past a whole document of a source still lists (`identities`): the others it has dropped. */
  noteListed(sourceId: string, identities: readonly string[], at: Date): Promise<void>;
}

/** Reads the state of the store itself. */
export interface TidyReads {
  /** Looks whether the store is whole, unless it is so large that it would take long.
   *  @throws StoreError `store/damaged` when it is not. */
  checkWhole(): Promise<void>;
  /** When everything was last tidied; null when it never was. */
  readTidied(): Promise<Date | null>;
}

/** Forgets rows that nobody can ask for any more. The caller has the run lock. */
export interface TidyWrites {
  /** Forgets, `limit` rows of each table at most, what nobody can ask for any more. `slugs` are the feeds that are published; one that is not may have to begin
   *  a new chain when it is again. */
  tidy(now: Date, options: { readonly slugs: readonly string[]; readonly limit: number }): Promise<TidiedCounts>;
  markTidied(at: Date): Promise<void>;
}

/** Reads the time of the last run. */
export interface ClockReads {
  readClock(): Promise<ClockMark | null>;
}

/** Writes the time of the last run. The caller has the run lock. */
export interface ClockWrites {
  saveClock(mark: ClockMark): Promise<void>;
  /** Lets what waits for an instant beyond `now` wait by so many milliseconds less, after time has gone back by them: polls, holds, leases. */
  shiftWaits(ms: number, now: Date): Promise<void>;
}

/** Reads which archives need not be kept. */
export interface RemovalReads {
  /** Archives without bytes that could hold nothing any more; never the newest of a feed, whose number goes on. */
  findEmptyArchives(): Promise<readonly { readonly slug: string; readonly n: number }[]>;
  /** Which of these ids of entries are those of stories that are stored. */
  findLiveIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Removes archives. The caller has the run lock. */
export interface RemovalWrites {
  /** Removes an archive, but for the newest of its feed; false when there is none. The bytes of the one after it in its chain are at once those that `relink` makes of
   *  them (gzipped; null: they stay), given the number of the one before it. */
  removeArchive(
    slug: string,
    n: number,
    relink: (gzip: Uint8Array, previous: number | null) => Uint8Array | null,
    at: Date,
  ): Promise<boolean>;
}

/** Reads how old the kept things are. */
export interface RetentionReads extends AgeReads, TidyReads, ClockReads, RemovalReads {}

/** Forgets things that are kept no longer. The caller has the run lock. */
export interface RetentionWrites extends PruneWrites, DroppedWrites, TidyWrites, ClockWrites, RemovalWrites {}

export type RetentionStore = RetentionReads & RetentionWrites;
