import type { EndedRun, RunRecord } from '../../model/counts.ts';
import type { LeadChoice } from '../../model/story.ts';

/** The state of publishing: how often the published stories have changed, and when last. */
export interface Generation {
  readonly n: number;
  readonly at: Date;
}

/** The holder of the run lock. */
export interface LockHolder {
  /** `run`, `serve`, … */
  readonly command: string;
  readonly pid: number;
  readonly host: string;
  readonly since: Date;
}

/** The answer to a request for the run lock: a function that gives it back, or its holder (null
 *  when the holder has not given its name yet). */
export type LockResult =
  | { readonly kind: 'taken'; readonly release: () => Promise<void> }
  | { readonly kind: 'held'; readonly holder: LockHolder | null };

/** Reads the record of runs. */
export interface RunRecordReads {
  /** Runs that are over, of numbers above `afterNo`, begun at `since` or later, oldest first, at
   *  most 1,000 (`ended`). A run that was cut short counts as over once another one has begun.
   *  `last` is the last run that came to its end; null when none has. */
  readRuns(afterNo: number, since: Date): Promise<{ readonly ended: readonly RunRecord[]; readonly last: EndedRun | null }>;
  /** The time when the last run that came to its end did so; null when none has. */
  readLastRun(): Promise<Date | null>;
}

/** Writes the record of runs. */
export interface RunRecordWrites {
  /** Notes a run's begin; returns its number. Where the last run has not come to its end, the store
   *  is checked first for damage.
   *  @throws StoreError `store/damaged` when it is not whole. */
  startRun(at: Date): Promise<number>;
  endRun(no: number, at: Date, report: object): Promise<void>;
}

/** Reads how far publishing has come. */
export interface ChangeReads {
  readGeneration(): Promise<Generation>;
}

/** Writes the changes that feeds follow. */
export interface ChangeWrites {
  /** Writes settlements with their change rows and tombstones. */
  saveLeadChoices(settlements: readonly LeadChoice[], at: Date): Promise<void>;
  /** Raises the generation if anything was settled, or any feed shows something else, since it was
   *  last raised. Forgets what was prepared of entries from before `foldedSince`. */
  publish(at: Date, foldedSince: Date): Promise<Generation>;
}

/** Tells one process of the writes of the others. */
export interface WatchReads {
  /** Reports whether the server of the store lets nobody write, this process or another: a standby,
   *  or a server that was set so. A file is never so. */
  isReadOnly(): Promise<boolean>;
  /** A mark that differs after any process has written to the store; cheap enough to be read twice
   *  a second. */
  readMark(): Promise<string>;
  /** Calls back at once after any process has published, where the store can tell (`readMark` tells
   *  everywhere). Resolves with the function that ends the watch. */
  watchPublished(onPublished: () => void): Promise<() => Promise<void>>;
}

/** Keeps runs apart. */
export interface LockWrites {
  /** Takes the lock that one run, or one change by hand, has at a time. It does not wait, and the
   *  system frees it when its holder is killed. */
  takeLock(holder: LockHolder): Promise<LockResult>;
}

/** Reads runs, what they have published, and whether any process has written. */
export interface RunReads extends RunRecordReads, ChangeReads, WatchReads {}
/** Writes runs and what they publish, one run at a time. */
export interface RunWrites extends RunRecordWrites, ChangeWrites, LockWrites {}

export type RunStore = RunReads & RunWrites;
