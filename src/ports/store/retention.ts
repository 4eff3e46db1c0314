/** The position of an entry when the entries of its source are ordered by age. */
export interface AgePosition {
  readonly firstSeenAt: Date;
  readonly datedAt: Date;
  readonly no: number;
}

/** The limits on how long entries are kept. */
export interface RetentionLimit {
  /** Entries first seen before this time are old. null: no limit. */
  readonly before: Date | null;
  /** Number of newest entries per source that are never old. null: no limit. */
  readonly perSource: number | null;
}

/** Stories that can only be removed together: they share entries, or one was merged into
 *  another. */
export interface StoryBundle {
  readonly stories: readonly number[];
  readonly members: readonly (AgePosition & { readonly sourceId: string })[];
  /** true: kept whatever its age. An entry is pending, the owner pinned or hid something, or a
   *  feed holds the story back. Or an archive that nobody has requested yet must report its
   *  withdrawal. */
  readonly isHeld: boolean;
}

/** The time of the last run, by the clock of the machine. */
export interface ClockMark {
  readonly at: Date;
  /** Time since which the clock has not jumped. */
  readonly since: Date;
  /** Milliseconds to add to the clock while it is not trusted; 0 when it is trusted. */
  readonly offsetMs: number;
}

/** Number of removed rows by table. */
type CleanedCounts = Readonly<Record<string, number>>;

/** Reads which entries are old enough to be removed. */
export interface AgeReads {
  /** Returns the position before which entries of a source are old; null when none is. */
  readRetentionLimit(sourceId: string, limit: RetentionLimit): Promise<AgePosition | null>;
  /** Returns the next entries of a source between the positions `after` (null: from the start) and
   *  `limit`, at most `count`, oldest first. `storyNo` is null while an entry has no story. */
  findOld(
    sourceId: string,
    places: { readonly limit: AgePosition; readonly after: AgePosition | null },
    count: number,
  ): Promise<readonly (AgePosition & { readonly storyNo: number | null })[]>;
  /** Returns the bundles of these stories, each once. */
  readBundles(stories: readonly number[]): Promise<readonly StoryBundle[]>;
}

/** Removes stories that are too old. The caller holds the run lock. */
export interface PruneWrites {
  /** Removes stories with their entries, texts, evidence and listings. The identity of each
   *  entry stays, so that its source does not bring it back. Readers of feeds are not told. */
  pruneStories(bundles: readonly StoryBundle[], at: Date): Promise<{ readonly entries: number; readonly stories: number }>;
}

/** Records which entries their sources no longer list. The caller holds the run lock. */
export interface DroppedWrites {
  /** Notes which removed entries a complete document of a source still lists (`identities`). The
   *  source has dropped all others. */
  noteStillListed(sourceId: string, identities: readonly string[], at: Date): Promise<void>;
}

/** Reads the state of the store itself. */
export interface CleanUpReads {
  /** Checks the store for damage. A file so large that the check would take long is not checked.
   *  @throws StoreError `store/damaged` when the store is damaged. */
  checkWhole(): Promise<void>;
  /** Returns the time of the last clean-up; null when there was none. */
  readCleanedUp(): Promise<Date | null>;
}

/** Removes rows that nobody needs any more. The caller holds the run lock. */
export interface CleanUpWrites {
  /** Removes rows that nobody needs any more, at most `limit` per table. `slugs` are the
   *  published feeds. Any other feed may have to begin a new chain when it is published again. */
  cleanUp(now: Date, options: { readonly slugs: readonly string[]; readonly limit: number }): Promise<CleanedCounts>;
  /** Stores the time of a clean-up. */
  markCleanedUp(at: Date): Promise<void>;
}

/** Reads the time of the last run. */
export interface ClockReads {
  /** Returns the clock of the last run; null when no run has stored it. */
  readClock(): Promise<ClockMark | null>;
}

/** Writes the time of the last run. The caller holds the run lock. */
export interface ClockWrites {
  /** Replaces the clock of the last run. */
  saveClock(mark: ClockMark): Promise<void>;
  /** Moves the planned times (polls, holds, leases) that the former clock set `ms` milliseconds
   *  earlier. Called after the clock was set back by that much. */
  shiftWaits(ms: number, now: Date): Promise<void>;
}

/** Reads which archives may be removed. */
export interface RemovalReads {
  /** Returns archives without stored bytes that can hold no entry any more. The newest archive
   *  of a feed is never among them, because the next number counts from it. */
  findEmptyArchives(): Promise<readonly { readonly slug: string; readonly n: number }[]>;
  /** Returns the ids among these that belong to stored stories that are not withdrawn. */
  findLiveIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Removes archives. The caller holds the run lock. */
export interface RemovalWrites {
  /** Removes an archive; returns false when there is none, or it is the newest of its feed. In
   *  the same transaction `relink` may replace the bytes of the next archive in the chain. It
   *  receives the number of the previous archive and returns gzipped bytes. null: the bytes
   *  stay. */
  removeArchive(
    slug: string,
    n: number,
    relink: (gzip: Uint8Array, previous: number | null) => Uint8Array | null,
    at: Date,
  ): Promise<boolean>;
}

/** Reads the ages of entries, archives and the store. */
export interface RetentionReads extends AgeReads, CleanUpReads, ClockReads, RemovalReads {}

/** Removes entries, archives and rows that are too old. The caller holds the run lock. */
interface RetentionWrites extends PruneWrites, DroppedWrites, CleanUpWrites, ClockWrites, RemovalWrites {}

export type RetentionStore = RetentionReads & RetentionWrites;
