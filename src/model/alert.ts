/** A problem that the owner should know of or act on. */
export interface Alert {
  /** Stable machine word. It is the code of a source's problem or of the error that ended the last
   *  run, `source/silent`, `output/stale`, `output/shrunk` or `run/overdue`. */
  readonly code: string;
  /** Id of the source with the problem; absent when the problem concerns no source. */
  readonly source?: string;
  /** Slug of the feed with the problem; absent when the problem concerns no feed. */
  readonly feed?: string;
  /** One sentence. The message of a private source does not contain its address. */
  readonly message: string;
}

/** A message about new and resolved problems, as the owner's webhook receives it. */
export interface AlertMessage {
  /** Address of the site: `url` of the configuration. */
  readonly site: string;
  /** Time at which the message was made. */
  readonly at: Date;
  /** All current problems, at most MOST_TOLD; empty when none is left. */
  readonly problems: readonly Alert[];
  /** Problems that were reported before and are over now, at most MOST_TOLD. */
  readonly resolved: readonly Alert[];
  /** Number of current problems beyond MOST_TOLD, which `problems` leaves out. */
  readonly more: number;
}

/** Most problems in one message. Nobody reads more, and an environment variable holds 128 kB. */
export const MOST_PROBLEMS = 100;

/** State of the alerts that the store keeps between processes. Instants are milliseconds since
 *  1970. */
export interface AlertState {
  /** Problems that were reported and whose end has not been reported yet. */
  readonly told: readonly Alert[];
  /** Time of the last report of each problem, by its key; old reports are dropped. */
  readonly toldAt: Readonly<Record<string, number>>;
  /** Time at which a process last began to send a message; null before the first. */
  readonly triedAt: number | null;
  /** Number of messages in a row that could not be sent, including one that is being sent now. */
  readonly failures: number;
}

/** Returns the key of a problem. The message is not part of the key, because it may change while
 *  the problem lasts. */
export function toAlertKey({ code, source = '', feed = '' }: Alert): string {
  return `${code} ${source} ${feed}`;
}
