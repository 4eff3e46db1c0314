import type { HubCounts } from './hub.ts';

/** A past run, as the store has recorded it. */
export interface RunRecord {
  /** Number of the run, counted from 1. */
  readonly no: number;
  readonly startedAt: Date;
  /** null when the run did not finish: it was killed or stopped, or it failed as a whole. */
  readonly endedAt: Date | null;
  /** The run's own report; null when the run did not finish. */
  readonly report: RecordedReport | null;
}

/** Start and end of a run that finished. */
export interface EndedRun {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The fields of a run's report that are counted. Reports of older versions may lack fields. */
export interface RecordedReport {
  /** Sources that could not be read. */
  readonly failed?: number;
  readonly entriesNew?: number;
  readonly entriesRevised?: number;
  readonly entriesDeleted?: number;
  /** Entries that joined an existing story. */
  readonly folded?: number;
  readonly problems?: readonly { readonly code: string }[];
  readonly bySource?: readonly { readonly outcome: string }[];
}

/** State of a source; the first that applies. `gone`: the source answered 410 and is not polled.
 *  `failing`: the last poll failed. `silent`: it has published nothing for longer than usual.
 *  `moved`: it answers from another address. `new`: it was never polled. */
export type SourceCondition = 'gone' | 'failing' | 'silent' | 'moved' | 'new' | 'ok';

/** Counts and dates of a public feed. */
export interface FeedSnapshot {
  readonly slug: string;
  /** Number of stories that the feed shows. */
  readonly standing: number;
  /** Date by which the feed's newest story is sorted; null when the feed shows none. */
  readonly newestAt: Date | null;
  /** Time of the last change to the bytes of the Atom document; null when unknown. */
  readonly modifiedAt: Date | null;
  /** true when the feed has had nothing new for longer than usual (`output/stale`). */
  readonly isStale: boolean;
  /** true when the feed has lost many stories at once (`output/shrunk`). */
  readonly isShrunk: boolean;
}

/** Counts from the store that `/metrics` publishes beside the server's own counters. */
export interface SiteCounts {
  /** Past runs that the metrics do not include yet, oldest first. */
  readonly runs: readonly RunRecord[];
  /** The last run that finished; null when none has. */
  readonly lastRun: EndedRun | null;
  /** Number of configured sources in each state. */
  readonly sources: Readonly<Record<SourceCondition, number>>;
  /** Number of stored entries, including deleted ones. */
  readonly entries: number;
  /** Number of published stories. */
  readonly stories: number;
  /** Number of entries, stories and sources that are set aside. */
  readonly setAside: number;
  /** One snapshot for each public feed. */
  readonly feeds: readonly FeedSnapshot[];
  /** Number of private feeds that are stale or have shrunk. Their names stay secret. */
  readonly privateFeedsFailing: number;
  /** null when this server runs no WebSub hub. */
  readonly hub: HubCounts | null;
  /** Number of received WebSub deliveries that wait for the next run. */
  readonly pushesWaiting: number;
  /** Number of host queues that wait for a node and that a node is reading. null without nodes, or
   *  when the database does not answer in time. */
  readonly queue: { readonly waiting: number; readonly active: number } | null;
}
