import type { Problem } from '../../model/errors.ts';
import type { PollReason, PollState, Source, SourceDeclaration, SourceDescription, SourceStatus } from '../../model/source.ts';

/** The outcome of one poll. */
export interface PollRecord {
  readonly state: PollState;
  /** Description of the feed in its document; null when no document was read. */
  readonly description: SourceDescription | null;
  readonly at: Date;
  /** HTTP status of the answer; null when there was none. */
  readonly status: number | null;
  readonly outcome: 'content' | 'same' | 'notModified' | 'failed';
  readonly sentEtag: string | null;
  readonly sentLastModified: string | null;
  readonly bytes: number | null;
  /** Address that was requested instead of the configured one; null when the source has not
   *  moved. */
  readonly movedAddress: string | null;
  /** Reason for the time of the next poll. */
  readonly reason: PollReason;
  /** Host that asked for no requests, and until when; null for none. */
  readonly hold: { readonly host: string; readonly until: Date } | null;
}

/** One poll of the log. */
export interface PastPoll {
  readonly at: Date;
  readonly status: number | null;
  readonly outcome: PollRecord['outcome'];
  readonly sentEtag: string | null;
  readonly sentLastModified: string | null;
  /** Validators that were stored after the poll. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly bytes: number | null;
  readonly movedAddress: string | null;
  /** Code of the problem; null when there was none. */
  readonly problem: string | null;
  /** Earliest time of the next poll, whatever the schedule says; null when unknown. */
  readonly notBeforeAt: Date | null;
  readonly nextPollAt: Date | null;
  readonly reason: PollReason | null;
}

/** A page that an entry links to. */
export interface LinkedPage {
  readonly url: string;
  /** Hash of the entry's content in the feed when the page was requested. */
  readonly askedFor: string;
  readonly askedAt: Date;
  /** Number of failures in a row. */
  readonly attempts: number;
  /** Last text that was found on the page, as HTML that is not sanitised; null when there was
   *  never one. */
  readonly html: string | null;
  /** Reason why the last request found no text; null when it found one. */
  readonly problem: Problem | null;
}

/** The robots.txt of an origin, and the time when it was requested. */
export interface RobotsRules {
  /** Text of robots.txt; empty when the origin has none. null: it could not be read, and no page
   *  may be requested (RFC 9309 §2.3.1). */
  readonly rules: string | null;
  readonly askedAt: Date;
}

/** Reads sources and their polls. */
export interface SourceReads {
  /** Returns every source that was ever bound, configured ones first; or only those in `only`. */
  readSources(only?: readonly string[] | null): Promise<readonly SourceStatus[]>;
  /** Returns the tags of every source that was ever bound, by id. */
  readSourceTags(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Returns the newest `limit` polls of a source, oldest first. */
  readPolls(sourceId: string, limit: number): Promise<readonly PastPoll[]>;
  /** Returns the hosts that asked for no requests, with an end after `now`. */
  readHolds(now: Date): Promise<ReadonlyMap<string, Date>>;
}

/** Writes sources and their polls. */
export interface SourceWrites {
  /** Binds declared sources to ids and marks all others as removed. A second call with the same
   *  declarations changes nothing. */
  bindSources(declarations: readonly SourceDeclaration[], at: Date): Promise<readonly Source[]>;
  /** Stores validators and poll state, and appends to the poll log. */
  recordPoll(sourceId: string, record: PollRecord): Promise<void>;
}

export type SourceStore = SourceReads & SourceWrites;

/** Reads the cache of linked pages. */
export interface PageReads {
  /** Returns the stored pages among these addresses, by address. A page that was never requested
   *  is left out. */
  readPages(urls: readonly string[]): Promise<ReadonlyMap<string, LinkedPage>>;
}

/** Writes the cache of linked pages. */
export interface PageWrites {
  /** Replaces the stored outcome of a request for a page. */
  savePage(page: LinkedPage): Promise<void>;
}

export type PageStore = PageReads & PageWrites;

/** Reads the cache of robots rules. */
export interface RobotsReads {
  /** Returns the last stored robots.txt of an origin (scheme, host, port); null when it was
   *  never requested. */
  readRobots(origin: string): Promise<RobotsRules | null>;
}

/** Writes the cache of robots rules. */
export interface RobotsWrites {
  /** Replaces the stored robots.txt of an origin. */
  saveRobots(origin: string, rules: RobotsRules): Promise<void>;
}

export type RobotsStore = RobotsReads & RobotsWrites;
