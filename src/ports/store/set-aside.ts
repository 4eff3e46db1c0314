import type { FailedItem, SetAsideItem, Stage } from '../../model/set-aside.ts';

/** A source during whose processing runs have crashed, and the stage. */
interface Suspect {
  readonly sourceId: string;
  readonly stage: Stage;
  /** SHA-256 of the document that was read; null when there was none, or more than one. */
  readonly mark: string | null;
  readonly deaths: number;
}

/** Reads the items that are set aside. May be called with or without the run lock. */
export interface SetAsideReads {
  /** Returns source and key of stored entries or stories, by number. The source of a story is
   *  that of its founder. Unknown numbers are left out. */
  readNames(
    what: 'entry' | 'story',
    numbers: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly sourceId: string; readonly name: string }>>;
  /** Returns the items that are set aside, oldest first, at most 10,000; or only those of
   *  `sources`. */
  readSetAside(sources?: readonly string[] | null): Promise<readonly SetAsideItem[]>;
  /** Counts the items that are set aside. */
  countSetAside(): Promise<number>;
  /** Counts the latest runs in a row that neither ended nor were stopped: they crashed, were
   *  killed, or failed. The current run is not counted. */
  countDeaths(): Promise<number>;
}

/** Writes the items that are set aside. The caller holds the run lock, unless a method says
 *  otherwise. */
export interface SetAsideWrites {
  /** Sets items aside. Counts one more try for an item that was set aside before. Leaves out
   *  items of unknown sources. May be called without the run lock. */
  setAside(items: readonly FailedItem[], version: string, at: Date): Promise<void>;
  /** Opens items for another try: the ones that failed in a version older than `version`. null:
   *  all of them. */
  openSetAside(version: string | null): Promise<void>;
  /** Removes items that were tried again and did not fail: the open items of these stages, or
   *  the items of one source with these names. */
  freeSetAside(stages: readonly Stage[], of?: { readonly sourceId: string; readonly names: readonly string[] }): Promise<void>;
  /** Notes that a stage begins to process these sources, so that a crash can be attributed to
   *  them. */
  takeInHand(sources: readonly string[], stage: Stage, at: Date, mark?: string): Promise<void>;
  /** Notes that a stage has ended well with these sources. Earlier crashes are forgotten. */
  putAway(sources: readonly string[], stage: Stage): Promise<void>;
  /** Counts a crash for every source that was being processed; called when no run is active.
   *  Returns all sources with crashes. */
  readSuspects(): Promise<readonly Suspect[]>;
  /** Notes that a run was stopped on request, which does not count as a crash. */
  noteStopped(no: number, report: object): Promise<void>;
}

export type SetAsideStore = SetAsideReads & SetAsideWrites;
