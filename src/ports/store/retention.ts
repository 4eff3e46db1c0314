/** The place of an entry in the order of age within its source. */
export interface AgePosition {
  readonly firstSeenAt: Date;
  readonly datedAt: Date;
  readonly no: number;
}

/** The limits on how long entries are kept. */
export interface RetentionLimit {
  /** Entries first seen before this are old; null for no limit. */
  readonly before: Date | null;
  /** The newest entries of a source that are never old; null for no limit. */
  readonly perSource: number | null;
}

/** Stories that can only be removed together: they share entries, or one was merged into
 *  another. */
export interface StoryBundle {
  readonly stories: readonly number[];
  readonly members: readonly (AgePosition & { readonly sourceId: string })[];
  /** true when it stays whatever its age: an entry waits, the owner has pinned or hidden something,
   *  a feed holds it back, or an archive that nobody has requested yet has to tell of its
   *  withdrawal. */
  readonly isHeld: boolean;
}

/** The time of the last run. */
export interface ClockMark {
  readonly at: Date;
  /** The start of the time without a jump of the clock. */
  readonly since: Date;
  /** Milliseconds to add to the clock while it is not trusted; 0 when it is. */
  readonly offsetMs: number;
}

/** The number of removed rows of each table. */
export type CleanedCounts = Readonly<Record<string, number>>;

/** Reads which entries have become too old to be kept. */
export interface AgeReads {
  /** The place before which entries of a source are old; null when none is. */
  readRetentionLimit(sourceId: string, limit: RetentionLimit): Promise<AgePosition | null>;
  /** The next entries of a source before `limit` and after `after` that stand in stories, oldest
   *  first. */
  findOld(
    sourceId: string,
    places: { readonly limit: AgePosition; readonly after: AgePosition | null },
    count: number,
  ): Promise<readonly (AgePosition & { readonly storyNo: number | null })[]>;
  /** The bundles of these stories, each once. */
  readBundles(stories: readonly number[]): Promise<readonly StoryBundle[]>;
}

/** Forgets stories that are too old to be kept. The caller has the run lock. */
export interface PruneWrites {
  /** Removes stories with their entries, texts, evidence and listings. The identity of each entry
   *  stays, so that its source does not bring it back. Readers are told nothing. */
  pruneStories(bundles: readonly StoryBundle[], at: Date): Promise<{ readonly entries: number; readonly stories: number }>;
}

/** Follows which entries their sources have dropped. The caller has the run lock. */
export interface DroppedWrites {
  /** Notes which removed entries a whole document of a source still lists (`identities`): the
   *  source has dropped the others. */
  noteStillListed(sourceId: string, identities: readonly string[], at: Date): Promise<void>;
}

/** Reads the state of the store itself. */
export interface TidyReads {
  /** Checks the store for damage, unless it is so large that it would take long.
   *  @throws StoreError `store/damaged` when it is not whole. */
  checkWhole(): Promise<void>;
  /** The time of the last tidying; null when there was none. */
  readCleanedUp(): Promise<Date | null>;
}

/** Forgets rows that nobody can ask for any more. The caller has the run lock. */
export interface TidyWrites {
  /** Removes rows that nobody can ask for any more, at most `limit` of each table. `slugs` are the
   *  feeds that are published. A feed that is not may have to begin a new chain when it is
   *  published again. */
  cleanUp(now: Date, options: { readonly slugs: readonly string[]; readonly limit: number }): Promise<CleanedCounts>;
  markCleanedUp(at: Date): Promise<void>;
}

/** Reads the time of the last run. */
export interface ClockReads {
  readClock(): Promise<ClockMark | null>;
}

/** Writes the time of the last run. The caller has the run lock. */
export interface ClockWrites {
  saveClock(mark: ClockMark): Promise<void>;
  /** Shortens every wait for an instant beyond `now` by so many milliseconds, after the clock has
   *  gone back by them: polls, holds, leases. */
  shiftWaits(ms: number, now: Date): Promise<void>;
}

/** Reads which archives need not be kept. */
export interface RemovalReads {
  /** Archives without stored bytes that can hold nothing any more. The newest of a feed is never
   *  among them, since its number goes on. */
  findEmptyArchives(): Promise<readonly { readonly slug: string; readonly n: number }[]>;
  /** The ids among these that belong to stored stories that are not withdrawn. */
  findLiveIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Removes archives. The caller has the run lock. */
export interface RemovalWrites {
  /** Removes an archive, but for the newest of its feed. Returns false when there is none. At once
   *  the bytes of the next archive in its chain become the ones that `relink` makes of them, given
   *  the number of the archive before (gzipped; null: they stay). */
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
