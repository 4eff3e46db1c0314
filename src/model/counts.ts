import type { HubCounts } from './hub.ts';

/** A run that is over, as the store has kept it. */
export interface RunRecord {
  readonly no: number;
  readonly startedAt: Date;
  /** null when it was cut short: killed, stopped, or failed as a whole. */
  readonly endedAt: Date | null;
  /** What it said of itself; null when it was cut short. */
  readonly report: RecordedReport | null;
}

/** When a run that came to its end was made. */
export interface EndedRun {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The part of a run's report that is counted. What a version before this one wrote may lack
 *  fields. */
export interface RecordedReport {
  readonly failed?: number;
  readonly entriesNew?: number;
  readonly entriesRevised?: number;
  readonly entriesDeleted?: number;
  readonly folded?: number;
  readonly problems?: readonly { readonly code: string }[];
  readonly bySource?: readonly { readonly outcome: string }[];
}

/** In which state a source is; the first that holds counts. `gone`: it has said so (410), and is
 *  not asked. `failing`: the last poll failed. `silent`: against its own rhythm. `moved`: it
 *  answers from another address. `new`: never asked. */
export type SourceCondition = 'gone' | 'failing' | 'silent' | 'moved' | 'new' | 'ok';

/** A public feed in numbers. */
export interface FeedSnapshot {
  readonly slug: string;
  /** Stories that stand in it. */
  readonly standing: number;
  /** Place of the newest one in its order; null when there is none. */
  readonly newestAt: Date | null;
  /** When the bytes of its Atom document last changed; null when that is unknown. */
  readonly modifiedAt: Date | null;
  readonly isStale: boolean;
  readonly isShrunk: boolean;
}

/** What the store says of everything, in numbers: what `/metrics` tells beside what the server
 *  counts itself. */
export interface SiteCounts {
  /** Runs that are over and have not been counted yet, oldest first. */
  readonly runs: readonly RunRecord[];
  /** The last run that came to its end; null when none has. */
  readonly lastRun: EndedRun | null;
  readonly sources: Readonly<Record<SourceCondition, number>>;
  /** Entries stored, deleted ones included. */
  readonly entries: number;
  /** Stories that are published. */
  readonly stories: number;
  /** Entries, stories and sources that are set aside. */
  readonly setAside: number;
  readonly feeds: readonly FeedSnapshot[];
  /** Private feeds that are stale or have shrunk; they are not named. */
  readonly privateFeedsIll: number;
  /** null when this server has no hub of its own. */
  readonly hub: HubCounts | null;
  /** Pushed documents that wait for the next run. */
  readonly pushesWaiting: number;
  /** Lanes of sources that the nodes of a run wait for, and read; null where there are no nodes, or
   *  when that cannot be known in time. */
  readonly queue: { readonly waiting: number; readonly active: number } | null;
}
