import type { StoredEntry } from '../../model/entry.ts';
import type { FoldText, Merge, Pin, PreparedEntry, Relation, StoredMember, WordCounts } from '../../model/fold.ts';
import type { Placement, PendingStory, Verdict } from '../../model/story.ts';

/** An entry that was not folded yet, or has changed since it was folded. */
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
  /** Entries that are no longer pending. */
  readonly decided: readonly number[];
}

/** The move of an entry to another story, by the owner or by folding again. */
export interface EntryMove {
  readonly entryNo: number;
  /** Number of its new story. The entry's own number founds a new story. */
  readonly storyNo: number;
  readonly comparedWith: number | null;
  readonly verdict: Verdict;
}

/** The story of an entry, without the entry's content. */
export interface Membership {
  readonly entryNo: number;
  readonly sourceId: string;
  readonly firstSeenAt: Date;
  /** null while the entry is pending. */
  readonly storyNo: number | null;
  /** null while the entry is pending. */
  readonly storyKey: string | null;
  readonly comparedWith: number | null;
}

/** Reads the index in which folding finds candidates. */
export interface FoldIndexReads {
  /** Reports whether this version of folding has prepared the entries of the window (see
   *  `markPrepared`). */
  isPrepared(version: string): Promise<boolean>;
  /** Returns the newest profiles, at most `limit`. */
  readProfiles(limit: number): Promise<readonly Uint8Array[]>;
  /** Returns word frequencies with the time of counting; null when they were never counted. */
  readWords(): Promise<(WordCounts & { readonly at: Date }) | null>;
  /** Returns all pins: pairs of entries that the owner keeps together or apart. */
  readPins(): Promise<readonly Pin[]>;
}

/** Writes the index in which folding finds candidates. */
export interface FoldIndexWrites {
  /** Notes that this version of folding has prepared the entries of the window. */
  markPrepared(version: string): Promise<void>;
  /** Empties the index. */
  dropPrepared(): Promise<void>;
  /** Stores prepared entries. `findSharers` finds them after `indexPrepared` has run. */
  savePrepared(prepared: readonly PreparedEntry[]): Promise<void>;
  /** Indexes more of the prepared entries for `findSharers`. Reports whether there may be more
   *  to do. */
  indexPrepared(): Promise<boolean>;
  /** Replaces the word frequencies and the time of counting. */
  saveWords(words: WordCounts, at: Date): Promise<void>;
}

/** Reads the stories of entries, for folding again. */
export interface PlacementReads {
  /** Returns the entries first seen from `from` on and before `before` (null: until now). They
   *  come run by run, in the order of folding, without deleted ones. */
  readPlaces(seen: { readonly from: Date; readonly before: Date | null }): Promise<readonly Membership[]>;
  /** Returns these entries, in this order, without unknown numbers. */
  readEntries(numbers: readonly number[]): Promise<readonly StoredEntry[]>;
}

/** Reads the input of folding. */
export interface FoldBatchReads {
  /** Returns the next pending entries, ordered by date, source id and position. Items that are
   *  set aside at this stage are left out. */
  readPending(limit: number): Promise<readonly PendingEntry[]>;
  /** Returns every indexed entry for each of these lookup hashes. An entry is returned once per
   *  matching hash. */
  findSharers(hashes: readonly number[]): Promise<readonly { readonly hash: number; readonly entryNo: number }[]>;
  /** Returns all members, without deleted ones, of the stories that these entries belong to. */
  readStoredMembers(entries: readonly number[]): Promise<readonly StoredMember[]>;
  /** Returns stories whose members changed, by number. Items that are set aside at this stage
   *  are left out. */
  readPendingStories(limit: number): Promise<readonly PendingStory[]>;
  /** Returns the oldest date of a story whose date is not the time of its first sight; null when
   *  there is none. */
  findOldestDated(): Promise<Date | null>;
}

/** Writes the output of folding. */
export interface FoldBatchWrites {
  /** Adds entries to stories, merges stories, stores prepared entries, and removes entries from
   *  the pending list. */
  saveFolds(batch: FoldBatch, at: Date): Promise<void>;
}

/** Reads everything that folding needs. */
export interface FoldReads extends FoldBatchReads, FoldIndexReads, PlacementReads {}
/** Writes the output of folding and its index. */
interface FoldWrites extends FoldBatchWrites, FoldIndexWrites {}

export type FoldStore = FoldReads & FoldWrites;
