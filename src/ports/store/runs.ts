import type { EndedRun, RunRecord } from '../../model/counts.ts';
import type { LeadChoice } from '../../model/story.ts';

/** The state of publishing: the number of times that the published stories have changed, and the
 *  last time. */
interface Generation {
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

/** The answer to a request for the run lock: a function that releases it, or the present holder.
 *  The holder is null before it has written its name. */
type LockResult =
  | { readonly kind: 'taken'; readonly release: () => Promise<void> }
  | { readonly kind: 'held'; readonly holder: LockHolder | null };

/** Reads the record of runs. */
export interface RunRecordReads {
  /** Returns the ended runs with numbers above `afterNo` that began at `since` or later, oldest
   *  first, at most 1,000 (`ended`). An interrupted run counts as ended once another has begun.
   *  `last` is the last completed run; null when there is none. */
  readRuns(afterNo: number, since: Date): Promise<{ readonly ended: readonly RunRecord[]; readonly last: EndedRun | null }>;
  /** Returns the time when the last completed run ended; null when there is none. */
  readLastRun(): Promise<Date | null>;
}

/** Writes the record of runs. */
export interface RunRecordWrites {
  /** Notes the start of a run and returns its number. When the last run was not completed, the
   *  store is first checked for damage.
   *  @throws StoreError `store/damaged` when the store is damaged. */
  startRun(at: Date): Promise<number>;
  /** Notes the end of a run with its report. A second call replaces both. */
  endRun(no: number, at: Date, report: object): Promise<void>;
}

/** Reads the state of publishing. */
export interface ChangeReads {
  /** Returns the present generation; 0 before the first publishing. */
  readGeneration(): Promise<Generation>;
}

/** Writes the changes that feeds are updated from. */
export interface ChangeWrites {
  /** Stores the chosen leads of stories, with their changes and tombstones. */
  saveLeadChoices(choices: readonly LeadChoice[], at: Date): Promise<void>;
  /** Increases the generation if, since the last increase, a lead was chosen or a feed's content
   *  changed. Forgets the fold index of entries first seen before `foldedSince`. */
  publish(at: Date, foldedSince: Date): Promise<Generation>;
}

/** Detects writes of other processes. */
export interface WatchReads {
  /** Reports whether the database server refuses writes to everybody: a standby, or a server
   *  that was set read-only. Always false for a file. */
  isReadOnly(): Promise<boolean>;
  /** Returns a value that differs after another process has published; an SQLite store changes it
   *  after every write of another process. Cheap enough to be read twice a second. */
  readMark(): Promise<string>;
  /** Calls back as soon as any process has published, if the store can tell; `readMark` works in
   *  every store. Resolves with a function that ends the watch. */
  watchPublished(onPublished: () => void): Promise<() => Promise<void>>;
}

/** Prevents two runs at the same time. */
export interface LockWrites {
  /** Takes the run lock, which one run or one correction holds at a time. Does not wait. The
   *  system releases it when its holder is killed. */
  takeLock(holder: LockHolder): Promise<LockResult>;
}

/** Reads runs, the state of publishing, and whether any process has written. */
export interface RunReads extends RunRecordReads, ChangeReads, WatchReads {}
/** Writes runs and their changes; takes the run lock. */
interface RunWrites extends RunRecordWrites, ChangeWrites, LockWrites {}

export type RunStore = RunReads & RunWrites;
