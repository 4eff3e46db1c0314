import type { Problem } from './errors.ts';

/** Kind of a source: a feed at a URL, a saved feed file, a folder of local articles, or a web page
 *  with a feed. */
export type SourceKind = 'feed' | 'file' | 'articles' | 'page';

/** Settings for HTTP requests to one source; null means the global setting. */
export interface RequestOptions {
  /** Extra request headers, sent unchanged. */
  readonly headers: Readonly<Record<string, string>>;
  /** Basic credentials (RFC 7617); null for none. */
  readonly auth: { readonly user: string; readonly password: string } | null;
  /** User-Agent for this source alone. */
  readonly userAgent: string | null;
  /** Limit for the whole exchange including redirects, milliseconds. */
  readonly timeoutMs: number | null;
  /** Largest decoded body, bytes. */
  readonly maxBytes: number | null;
}

/** A source as the configuration declares it. The store then binds an id to its kind and
 *  address. */
export interface SourceDeclaration {
  /** The owner's slug for it; null: the store makes one. */
  readonly id: string | null;
  readonly kind: SourceKind;
  /** The URL exactly as configured, or an absolute path. Globs are expanded before. */
  readonly address: string;
  /** The owner's title; null means the feed's own title. */
  readonly title: string | null;
  /** The owner's tags, by which feeds select sources. */
  readonly tags: readonly string[];
  /** 0 to 100; the member with the highest priority becomes the lead of its story. */
  readonly priority: number;
  /** The owner's polling interval, milliseconds; null means adaptive, at least an hour. */
  readonly intervalMs: number | null;
  /** true: the text of an entry is taken from its web page. */
  readonly fullText: boolean;
  /** false: each entry of this source is a story of its own. */
  readonly fold: boolean;
  /** Former address of a source that has moved; null for none. */
  readonly previous: string | null;
  /** true: the address is never printed. */
  readonly private: boolean;
  readonly request: RequestOptions;
  /** The owner's setting for the language (BCP 47); null means the feed's own. */
  readonly language: string | null;
  /** `replaces`: a text that its feed has cut replaces the longer one. Absent or `keep`: the longer
   *  text stays published. */
  readonly shorter?: 'keep' | 'replaces';
  /** For `articles`: globs of files to read. Absent or empty: all files except those whose names
   *  show that they are no articles. */
  readonly files?: readonly string[];
  /** For `articles`: globs of files to skip. */
  readonly skip?: readonly string[];
}

/** A source with the id that the store has bound to it. */
export interface Source extends SourceDeclaration {
  readonly id: string;
}

/** The publisher's polling hints in the newest document (RSS 2.0 ttl, skipHours, skipDays; RSS 1.0
 *  module Syndication). */
export interface PublisherHints {
  /** RSS ttl, minutes; null when not given. */
  readonly ttlMinutes: number | null;
  /** Hours of the day, 0-23, GMT, in which the source must not be polled. */
  readonly skipHours: readonly number[];
  /** Days of the week, 0 = Sunday, GMT, on which the source must not be polled. */
  readonly skipDays: readonly number[];
  /** sy:updatePeriod divided by sy:updateFrequency, milliseconds; null when not given. */
  readonly updateIntervalMs: number | null;
  /** sy:updateBase, from which the intervals are counted; null when not given or unreadable. */
  readonly updateBase: Date | null;
}

/** Publishing frequency of a source, by the dates of its entries. */
export interface Rhythm {
  /** Median time between two entries, milliseconds; null when fewer than three are dated. */
  readonly gapMs: number | null;
  /** Date of the newest entry; null when none is dated. */
  readonly newestAt: Date | null;
}

/** Evidence that a source has moved: permanent redirects to one address, poll after poll
 *  (docs/polling.md A10). */
export interface Move {
  /** Target of the redirects. */
  readonly to: string;
  /** Time of the first redirect to that target. */
  readonly since: Date;
  /** Number of usable answers from the target. */
  readonly proofs: number;
  /** true when polls go directly to the target. */
  readonly isAdopted: boolean;
}

/** An event that the owner should know of, although the source works. */
export interface Notice {
  /** Stable machine word. */
  readonly code: string;
  /** One sentence for the owner. */
  readonly message: string;
  readonly at: Date;
}

/** The way in which a feed was found for a page. `itself`: the page is a feed. `header` and `link`:
 *  a Link header or `link rel=alternate` (RFC 8288, HTML). `site`: a rule for this site. `anchor`:
 *  a plain link. `path`: a usual address. */
export type FoundBy = 'itself' | 'header' | 'link' | 'site' | 'anchor' | 'path';

/** The feed that was found for a page. */
export interface FoundFeed {
  readonly url: string;
  readonly via: FoundBy;
  readonly at: Date;
}

/** The WebSub hubs that a feed names (WebSub §4). */
export interface HubOffer {
  /** Addresses of hubs, https before http; at least one. */
  readonly hubs: readonly string[];
  /** The topic to subscribe to: the feed's self link, else the polled address. */
  readonly topic: string;
}

/** The rule that decided the time of the next poll. */
export type PollReason =
  | 'interval'
  | 'owner'
  | 'no-validator'
  | 'rhythm'
  | 'fresh'
  | 'retry-after'
  | 'ttl'
  | 'syndication'
  | 'skip'
  | 'backoff'
  | 'push'
  | 'gone';

/** The stored state of polling one source. */
export interface PollState {
  /** ETag of the last answer, byte for byte, with quotes and W/; null when none was sent
   *  (docs/polling.md A2). */
  readonly etag: string | null;
  /** Last-Modified of the last answer, byte for byte; null when none was sent. */
  readonly lastModified: string | null;
  /** SHA-256 of the last body that was read without failure, hex; null before the first. */
  readonly bodyHash: string | null;
  /** Time of the last poll, with whatever result; null before the first. */
  readonly lastPollAt: Date | null;
  /** Time of the last usable answer, including a 304; null before the first. */
  readonly lastSuccessAt: Date | null;
  /** Time of the last poll that brought a new entry; null before the first. */
  readonly lastEntryAt: Date | null;
  /** Scheduled time of the next poll; null means at once. */
  readonly nextPollAt: Date | null;
  /** Not polled before this time, even by `run --all`: an hour or the owner's interval
   *  (docs/polling.md A5), Retry-After, max-age. null for no bound. */
  readonly notBeforeAt: Date | null;
  /** Failures in a row. */
  readonly failures: number;
  /** Results of the last ten polls, newest first: c = body changed, s = same, f = failed
   *  (docs/polling.md A5). */
  readonly history: string;
  /** true after a 410: not polled again (docs/polling.md A11). */
  readonly gone: boolean;
  /** Problem of the last poll; null when it had none. */
  readonly problem: Problem | null;
  /** null until a document was read. */
  readonly publisherHints: PublisherHints | null;
  readonly rhythm: Rhythm;
  /** null when no permanent redirects were seen. */
  readonly move: Move | null;
  /** The last notable event; null when there was none. */
  readonly notice: Notice | null;
  /** Polls in a row whose document ended inside its last entry. */
  readonly cutPolls: number;
  /** The feed that was found for a `page` source; null before that, and for other kinds. */
  readonly found: FoundFeed | null;
  /** null while the source's answers name no hub. */
  readonly hubOffer: HubOffer | null;
  /** Time at which the source's document was first read to its end. null before that, and after a
   *  restart at another address or a month out of the configuration. Entries of the first reading
   *  are not news. */
  readonly firstReadAt: Date | null;
}

/** State of a source that has never been polled. */
export const neverPolled: PollState = {
  etag: null,
  lastModified: null,
  bodyHash: null,
  lastPollAt: null,
  lastSuccessAt: null,
  lastEntryAt: null,
  nextPollAt: null,
  notBeforeAt: null,
  failures: 0,
  history: '',
  gone: false,
  problem: null,
  publisherHints: null,
  rhythm: { gapMs: null, newestAt: null },
  move: null,
  notice: null,
  cutPolls: 0,
  found: null,
  hubOffer: null,
  firstReadAt: null,
};

/** The data of a feed document on the feed itself. */
export interface SourceDescription {
  /** Title of the feed, plain text; null when not given. */
  readonly title: string | null;
  /** Address of the site; null when not given. */
  readonly homePage: string | null;
  /** atom:id of the feed; null outside Atom. */
  readonly feedId: string | null;
  /** BCP 47; null when not given. */
  readonly language: string | null;
}

/** A source as lists and pages show it. */
export interface SourceStatus {
  readonly source: Source;
  readonly description: SourceDescription;
  readonly poll: PollState;
  /** Number of stored entries. */
  readonly entries: number;
  /** false once the source was removed from the configuration. */
  readonly active: boolean;
}
