/** Something that the owner should do something about, or know of. */
export interface Alert {
  /** Stable machine word: that of the problem of a source, `source/silent`, `output/stale`,
   *  `output/shrunk`, `run/overdue`, or why the last run failed. */
  readonly code: string;
  /** Id of the source that it concerns; absent when it concerns none. */
  readonly source?: string;
  /** Slug of the feed that it concerns; absent when it concerns none. */
  readonly feed?: string;
  /** One sentence; of a private source without its address. */
  readonly message: string;
}

/** What the owner is told at once, as a webhook gets it. */
export interface AlertMessage {
  /** Address of the site. */
  readonly site: string;
  readonly at: Date;
  /** Everything that is wrong now, at most MOST_TOLD; empty when all is well again. */
  readonly problems: readonly Alert[];
  /** What he was told of before and what is over, at most MOST_TOLD. */
  readonly resolved: readonly Alert[];
  /** How many more problems there are than are told. */
  readonly more: number;
}

/** More than that nobody reads, and an environment variable holds 128 kB. */
export const MOST_TOLD = 100;

/** What of alerts outlives a process. Instants are milliseconds since 1970. */
export interface AlertState {
  /** What the owner has been told of last, and not yet that it is over. */
  readonly told: readonly Alert[];
  /** When each was last told, by its key; those of long ago are left out. */
  readonly toldAt: Readonly<Record<string, number>>;
  /** When somebody last began to send a message; null before the first. */
  readonly triedAt: number | null;
  /** Messages in a row that could not be sent, one that is under way included. */
  readonly failures: number;
}

/** What tells alerts apart: the message may change while it lasts. */
export function toAlertKey({ code, source = '', feed = '' }: Alert): string {
  return `${code} ${source} ${feed}`;
}
