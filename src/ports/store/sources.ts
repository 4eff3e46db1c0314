import type { Problem } from '../../model/errors.ts';
import type { PollReason, PollState, Source, SourceDeclaration, SourceDescription, SourceStatus } from '../../model/source.ts';

/** One poll, as it is recorded. */
export interface PollRecord {
  readonly state: PollState;
  /** The document's words about itself; null when none was read this time. */
  readonly description: SourceDescription | null;
  readonly at: Date;
  /** HTTP status of the answer; null when there was none. */
  readonly status: number | null;
  readonly outcome: 'content' | 'same' | 'notModified' | 'failed';
  readonly sentEtag: string | null;
  readonly sentLastModified: string | null;
  readonly bytes: number | null;
  /** The address that was asked in place of the configured one; null when it has not moved. */
  readonly movedAddress: string | null;
  /** The reason for the time of the next poll. */
  readonly reason: PollReason;
  /** The host that asked to be left alone, and until when; null for none. */
  readonly hold: { readonly host: string; readonly until: Date } | null;
}

/** One poll of the past, as it was recorded. */
export interface PastPoll {
  readonly at: Date;
  readonly status: number | null;
  readonly outcome: PollRecord['outcome'];
  readonly sentEtag: string | null;
  readonly sentLastModified: string | null;
  /** Validators that were kept after it. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly bytes: number | null;
  readonly movedAddress: string | null;
  /** Code of the problem; null when all was well. */
  readonly problem: string | null;
  /** Earliest time of the next poll, whatever the schedule wanted; null when it is unknown. */
  readonly notBeforeAt: Date | null;
  readonly nextPollAt: Date | null;
  readonly reason: PollReason | null;
}

/** A page that an entry links to. */
export interface LinkedPage {
  readonly url: string;
  /** Hash of the feed's words on the entry when the page was requested. */
  readonly askedFor: string;
  readonly askedAt: Date;
  /** Failures in a row. */
  readonly attempts: number;
  /** The last text found there, as HTML that is not sanitised; null when there never was one. */
  readonly html: string | null;
  /** The reason why the last request brought no text; null when it did. */
  readonly problem: Problem | null;
}

/** The rules of a site for robots, and when they were asked for. */
export interface RobotsRules {
  /** Its robots.txt; the empty string when it has none. null when that cannot be known: then
   *  nothing may be requested (RFC 9309 §2.3.1). */
  readonly rules: string | null;
  readonly askedAt: Date;
}

/** Reads sources and their polls. */
export interface SourceReads {
  /** Every source ever bound, the configured ones first; or only the sources with these ids. */
  readSources(only?: readonly string[] | null): Promise<readonly SourceStatus[]>;
  /** Tags of every source ever bound, by its id. */
  readSourceTags(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The newest `limit` polls of a source, oldest first. */
  readPolls(sourceId: string, limit: number): Promise<readonly PastPoll[]>;
  /** Hosts that asked to be left alone beyond `now`. */
  readHolds(now: Date): Promise<ReadonlyMap<string, Date>>;
}

/** Writes sources and their polls. */
export interface SourceWrites {
  /** Binds declared sources to ids and marks all others as left. The same declarations twice in a
   *  row change nothing. */
  bindSources(declarations: readonly SourceDeclaration[], at: Date): Promise<readonly Source[]>;
  /** Stores validators and poll state, and appends to the poll log. */
  recordPoll(sourceId: string, record: PollRecord): Promise<void>;
}

export type SourceStore = SourceReads & SourceWrites;

/** Reads the cache of linked pages. */
export interface PageReads {
  /** The known pages among these addresses, by address; a page never requested is not in it. */
  readPages(urls: readonly string[]): Promise<ReadonlyMap<string, LinkedPage>>;
}

/** Writes the cache of linked pages. */
export interface PageWrites {
  /** Stores the outcome of a request for a page in place of the one before. */
  savePage(page: LinkedPage): Promise<void>;
}

export type PageStore = PageReads & PageWrites;

/** Reads the cache of robots rules. */
export interface RobotsReads {
  /** The last known robots rules of an origin (scheme, host, port); null when never asked for. */
  readRobots(origin: string): Promise<RobotsRules | null>;
}

/** Writes the cache of robots rules. */
export interface RobotsWrites {
  saveRobots(origin: string, rules: RobotsRules): Promise<void>;
}

export type RobotsStore = RobotsReads & RobotsWrites;
