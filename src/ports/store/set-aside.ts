import type { FailedItem, SetAsideItem, Stage } from '../../model/set-aside.ts';

/** A source over which runs have died, and at which stage. */
export interface Suspect {
  readonly sourceId: string;
  readonly stage: Stage;
  /** SHA-256 of the document that was read; null when it was none, or not one alone. */
  readonly mark: string | null;
  readonly deaths: number;
}

/** Reads the items that are set aside. Anybody may call it, with the run lock or without. */
export interface SetAsideReads {
  /** Sources and keys of stored entries or of stories, by number; the source of a story is the one
   *  that founded it. Unknown numbers are left out. */
  readNames(
    what: 'entry' | 'story',
    numbers: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly sourceId: string; readonly name: string }>>;
  /** All items that are set aside, oldest first, at most 10,000; or only the ones of these
   *  sources. */
  readSetAside(sources?: readonly string[] | null): Promise<readonly SetAsideItem[]>;
  /** Counts the items that are set aside. */
  countSetAside(): Promise<number>;
  /** Counts the runs in a row that did not come to their end, nor were told to stop: they died,
   *  were killed, or failed. The one that goes on is not counted. */
  countDeaths(): Promise<number>;
}

/** Writes the items that are set aside. The caller has the run lock, unless a method says
 *  otherwise. */
export interface SetAsideWrites {
  /** Sets items aside; an item that was so before counts one more try. Items of unknown sources are
   *  left out. Anybody may call it. */
  setAside(items: readonly FailedItem[], version: string, at: Date): Promise<void>;
  /** Lets runs try items once more that failed with an older version than this one; null: all of
   *  them. */
  openSetAside(version: string | null): Promise<void>;
  /** Removes items that were tried again without failing: the open items of these stages, or all
   *  items of a source with these names. */
  freeSetAside(stages: readonly Stage[], of?: { readonly sourceId: string; readonly names: readonly string[] }): Promise<void>;
  /** Notes that a stage begins to work on these sources, so that a death over them is known. */
  takeInHand(sources: readonly string[], stage: Stage, at: Date, mark?: string): Promise<void>;
  /** Notes that a stage has ended well with these sources: deaths before are forgotten. */
  putAway(sources: readonly string[], stage: Stage): Promise<void>;
  /** Counts a death for every source in hand, since no run goes on. Returns all sources over which
   *  runs have died. */
  readSuspects(): Promise<readonly Suspect[]>;
  /** Notes that a run was told to stop, which is no death. */
  noteStopped(no: number, report: object): Promise<void>;
}

export type SetAsideStore = SetAsideReads & SetAsideWrites;
