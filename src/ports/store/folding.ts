import type { StoredEntry } from '../../model/entry.ts';
import type { FoldText, Merge, Pin, PreparedEntry, Relation, StoredMember, WordCounts } from '../../model/fold.ts';
import type { Placement, PendingStory, Verdict } from '../../model/story.ts';

/** An entry that waits to be folded, or was folded and has changed since. */
export interface PendingEntry {
  readonly entry: FoldText;
  readonly reason: 'new' | 'revised';
}

/** The outcome of folding one batch. */
export interface FoldBatch {
  readonly placements: readonly Placement[];
  readonly merges: readonly Merge[];
  readonly relations: readonly Relation[];
  readonly prepared: readonly PreparedEntry[];
  /** Entries that wait no more. */
  readonly decided: readonly number[];
}

/** An entry that the owner, or folding anew, puts elsewhere. */
export interface EntryMove {
  readonly entryNo: number;
  /** Its story from now on; its own number founds one. */
  readonly storyNo: number;
  readonly comparedWith: number | null;
  readonly verdict: Verdict;
}

/** An entry's story, without the entry. */
export interface Membership {
  readonly entryNo: number;
  readonly sourceId: string;
  readonly firstSeenAt: Date;
  /** null while it waits to be folded. */
  readonly storyNo: number | null;
  /** null while it waits to be folded. */
  readonly storyKey: string | null;
  readonly comparedWith: number | null;
}

/** Reads the index over entries by which folding finds candidates. */
export interface FoldIndexReads {
  /** Reports whether the entries of the window have been prepared by this version (see
   *  `markPrepared`). */
  isPrepared(version: string): Promise<boolean>;
  /** Newest profiles, at most `limit`. */
  readProfiles(limit: number): Promise<readonly Uint8Array[]>;
  /** Word frequencies, and when they were counted; null when they never were. */
  readWords(): Promise<(WordCounts & { readonly at: Date }) | null>;
  readPins(): Promise<readonly Pin[]>;
}

/** Writes the index over entries by which folding finds candidates. */
export interface FoldIndexWrites {
  markPrepared(version: string): Promise<void>;
  /** Forgets everything that was prepared. */
  dropPrepared(): Promise<void>;
  /** Stores prepared entries; `findSharers` finds them once `indexPrepared` has run. */
  savePrepared(prepared: readonly PreparedEntry[]): Promise<void>;
  /** Lets `findSharers` find more of the prepared entries. Reports whether there may be more to
   *  do. */
  indexPrepared(): Promise<boolean>;
  saveWords(words: WordCounts, at: Date): Promise<void>;
}

/** Reads where entries stand, for folding them anew. */
export interface PlacementReads {
  /** The entries first seen from `from` on and before `before` (null: up to now), run by run, in
   *  the order of folding, deleted ones left out. */
  readPlaces(seen: { readonly from: Date; readonly before: Date | null }): Promise<readonly Membership[]>;
  /** These entries, in this order; unknown numbers are left out. */
  readEntries(numbers: readonly number[]): Promise<readonly StoredEntry[]>;
}

/** Reads what a run folds. */
export interface FoldBatchReads {
  /** The next entries to fold, ordered by date, then source id, then position. Items that are set
   *  aside at this stage are left out. */
  readPending(limit: number): Promise<readonly PendingEntry[]>;
  /** Every indexed entry that has one of these lookup hashes, once for each hash. */
  findSharers(hashes: readonly number[]): Promise<readonly { readonly hash: number; readonly entryNo: number }[]>;
  /** Every member, deleted ones left out, of the stories in which these entries stand. */
  readStoredMembers(entries: readonly number[]): Promise<readonly StoredMember[]>;
  /** Stories whose members changed, by number. Items that are set aside at this stage are left
   *  out. */
  readPendingStories(limit: number): Promise<readonly PendingStory[]>;
  /** The time of the oldest story that is not dated by its first sight; null when there is none. */
  findOldestDated(): Promise<Date | null>;
}

/** Writes what a run has folded. */
export interface FoldBatchWrites {
  /** Puts entries into stories, merges stories, stores what was prepared, and takes the entries off
   *  the pending list. */
  saveFolds(batch: FoldBatch, at: Date): Promise<void>;
}

/** Reads everything that folding needs. */
export interface FoldReads extends FoldBatchReads, FoldIndexReads, PlacementReads {}
/** Writes everything that comes of folding. */
export interface FoldWrites extends FoldBatchWrites, FoldIndexWrites {}

export type FoldStore = FoldReads & FoldWrites;
