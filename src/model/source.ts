import type { Problem } from './errors.ts';

/** What a source is: a feed at a URL, a saved feed file, a folder of local articles, a web page
 *  whose feed is discovered. */
export type SourceKind = 'feed' | 'file' | 'articles' | 'page';

/** How to ask for a source over HTTP; null means the global setting. */
export interface RequestOptions {
  /** Extra request headers, sent as they stand. */
  readonly headers: Readonly<Record<string, string>>;
  /** Basic credentials (RFC 7617); null for none. */
  readonly auth: { readonly user: string; readonly password: string } | null;
  /** User-Agent of this source alone. */
  readonly userAgent: string | null;
  /** Milliseconds for the whole exchange, redirects included. */
  readonly timeoutMs: number | null;
  /** Largest decoded body, bytes. */
  readonly maxBytes: number | null;
}

/** A source as the configuration declares it; `id` is null until the store has bound one to kind
 *  and address. */
export interface SourceDeclaration {
  /** Slug given by the owner, or null to have one minted. */
  readonly id: string | null;
  readonly kind: SourceKind;
  /** The URL exactly as configured, or an absolute path (a glob is expanded before). */
  readonly address: string;
  /** Owner's name for it; null means the feed's own title. */
  readonly title: string | null;
  /** Owner's tags, selected by feeds. */
  readonly tags: readonly string[];
  /** 0 to 100; the highest among a story's members leads it. */
  readonly priority: number;
  /** Owner's own polling interval, milliseconds; null means adaptive, an hour at least. */
  readonly intervalMs: number | null;
  /** Whether the text of linked pages is wanted. */
  readonly fullText: boolean;
  /** false keeps every entry of it a story of its own. */
  readonly fold: boolean;
  /** Address it had before a move; null for none. */
  readonly previous: string | null;
  /** true: its address is never printed. */
  readonly private: boolean;
  readonly request: RequestOptions;
  /** Owner's word on the language (BCP 47); null means the feed's own. */
  readonly language: string | null;
  /** Of `articles`: globs of the files that are read; absent or empty: all but those that are no
   *  articles by their names. */
  readonly files?: readonly string[];
  /** Of `articles`: globs of files that are passed over. */
  readonly skip?: readonly string[];
}

/** A source with the id that the store has bound to it. */
export interface Source extends SourceDeclaration {
  readonly id: string;
}

/** What a feed asks of those who poll it, in its newest document (RSS 2.0 ttl, skipHours, skipDays;
 *  RSS 1.0 module Syndication). */
export interface PublisherHints {
  readonly ttlMinutes: number | null;
  /** Hours of the day, 0-23, GMT, in which it is not to be asked. */
  readonly skipHours: readonly number[];
  /** Days of the week, 0 = Sunday, GMT, on which it is not to be asked. */
  readonly skipDays: readonly number[];
  /** sy:updatePeriod divided by sy:updateFrequency, milliseconds; null when not given. */
  readonly updateIntervalMs: number | null;
  /** sy:updateBase: the intervals are counted from it; null when not given or unreadable. */
  readonly updateBase: Date | null;
}

/** What is known of how often a source publishes, by the dates of its entries. */
export interface Rhythm {
  /** Median time between two entries, milliseconds; null when fewer than three are dated. */
  readonly gapMs: number | null;
  /** Date of its newest entry; null when none is dated. */
  readonly newestAt: Date | null;
}

/** Evidence that a source has moved: permanent redirects to one address, poll after poll
 *  (docs/polling.md A10). */
export interface Move {
  /** Where they lead. */
  readonly to: string;
  /** When they first led there. */
  readonly since: Date;
  /** Usable answers that came from there. */
  readonly proofs: number;
  /** true once it is asked there at once. */
  readonly isAdopted: boolean;
}

/** Something that happened to a source and that its owner should know, while it works as it
 *  should. */
export interface Notice {
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

/** How a feed was found on a page: it is the page itself, a Link header or `link rel=alternate`
 *  names it (RFC 8288, HTML), the site is known to have one there, a plain link leads to it, or it
 *  stands where many sites have theirs. */
export type FoundBy = 'itself' | 'header' | 'link' | 'site' | 'anchor' | 'path';

/** The feed of a page. */
export interface FoundFeed {
  readonly url: string;
  readonly via: FoundBy;
  readonly at: Date;
}

/** Where a feed says that it is pushed (WebSub §4). */
export interface HubOffer {
  /** Hubs, https before http; one at least. */
  readonly hubs: readonly string[];
  /** What is subscribed to: its self link, else the address that was asked. */
  readonly topic: string;
}

/** Which rule decided when a source is polled next. */
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

/** What the store remembers of polling one source. */
export interface PollState {
  /** ETag of the last answer, byte for byte, quotes and W/ kept; null when none was sent
   *  (docs/polling.md A2). */
  readonly etag: string | null;
  /** Last-Modified of the last answer, byte for byte. */
  readonly lastModified: string | null;
  /** SHA-256 of the last body that was read without failure, hex. */
  readonly bodyHash: string | null;
  /** When it was last asked, whatever came of it. */
  readonly lastPollAt: Date | null;
  /** When it last answered with something usable, a 304 included. */
  readonly lastSuccessAt: Date | null;
  /** When it last brought a new entry. */
  readonly lastEntryAt: Date | null;
  /** Not asked again before this by the schedule; null means at once. */
  readonly nextPollAt: Date | null;
  /** Not asked before this even by `run --all`: the hour of docs/polling.md A5 or the owner's
   *  interval, Retry-After, max-age. */
  readonly notBeforeAt: Date | null;
  /** Failures in a row. */
  readonly failures: number;
  /** The last ten polls, newest first: c = body changed, s = same, f = failed (docs/polling.md
   *  A5). */
  readonly history: string;
  /** true after a 410: not polled again (docs/polling.md A11). */
  readonly gone: boolean;
  /** What was wrong last time; null when all was well. */
  readonly problem: Problem | null;
  /** null until a document was read. */
  readonly publisherHints: PublisherHints | null;
  readonly rhythm: Rhythm;
  /** null while it answers where it is configured. */
  readonly move: Move | null;
  /** The last notable event; null when there was none. */
  readonly notice: Notice | null;
  /** Polls in a row whose document ended inside its last entry. */
  readonly cutPolls: number;
  /** The feed that was found on the page of a `page` source; null until one was, and for other
   *  kinds. */
  readonly found: FoundFeed | null;
  /** null while its answers name no hub. */
  readonly hubOffer: HubOffer | null;
  /** The instant at which a document of it was first read to its end. null before that, and
   *  again once it begins anew: at another address, or after a month out of the configuration.
   *  Entries of its first reading are no news. */
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

/** What a feed document says of its own source. */
export interface SourceDescription {
  /** Feed-level title, plain text. */
  readonly title: string | null;
  /** Address of the site. */
  readonly homePage: string | null;
  /** Feed-level id (atom:id); null outside Atom. */
  readonly feedId: string | null;
  /** BCP 47 language. */
  readonly language: string | null;
}

/** A source as lists and pages show it. */
export interface SourceStatus {
  readonly source: Source;
  readonly description: SourceDescription;
  readonly poll: PollState;
  /** Entries stored of it. */
  readonly entries: number;
  /** false once it has left the configuration. */
  readonly active: boolean;
}
