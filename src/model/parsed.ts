import type { Problem } from './errors.ts';

/** Document formats that Newsfold reads. */
type FeedFormat = 'rss' | 'rdf' | 'atom' | 'json' | 'local';

/** A person or organisation (RFC 4287 §3.2). */
export interface Person {
  readonly name: string;
  /** Home page; null when not given. */
  readonly url: string | null;
  /** E-mail address; null when not given. Never published. */
  readonly email: string | null;
}

/** Kind of content of a text construct (RFC 4287 §3.1.1). */
export type TextType = 'text' | 'html' | 'unknown';

/** A file that belongs to an entry (RSS 2.0 enclosure, RFC 4287 rel=enclosure). */
export interface Enclosure {
  /** Absolute URL. */
  readonly url: string;
  /** Media type as sent; null when not given. */
  readonly type: string | null;
  /** Bytes as sent; null when not given or not a number. */
  readonly length: number | null;
}

/** The feed from which an entry was taken, as the entry says (RFC 4287 §4.2.11, RSS 2.0 source).
 *  Each field is null when not given. */
export interface Origin {
  readonly id: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

/** One item as its document gives it. Texts and dates are as written; links are absolute where a
 *  base address is known. */
export interface ParsedItem {
  /** guid or atom:id, exactly as sent; null when the item has none. */
  readonly guid: string | null;
  /** Address of the item; null when the item has none. */
  readonly url: string | null;
  /** As written; the empty string when the item has none. */
  readonly title: string;
  /** Kind of content of `title`. RSS does not say, so `unknown` there. */
  readonly titleType: TextType;
  /** Main content as HTML; null when the item has only a summary or nothing. */
  readonly html: string | null;
  /** Short text as HTML; null when the item has none. */
  readonly summary: string | null;
  /** Date of publication as written; null when the item has none. */
  readonly published: string | null;
  /** Date of the last change as written; null when the item has none. */
  readonly updated: string | null;
  /** Further dates of both kinds as written, used when the first cannot be read; null when the item
   *  has none. */
  readonly spareDates: { readonly published: readonly string[]; readonly updated: readonly string[] } | null;
  /** In document order; empty for none. */
  readonly authors: readonly Person[];
  /** As written, in document order; empty for none. */
  readonly categories: readonly string[];
  /** In document order; empty for none. */
  readonly enclosures: readonly Enclosure[];
  /** URL of a picture for the item; null for none. */
  readonly image: string | null;
  /** BCP 47; null means the feed's language. */
  readonly language: string | null;
  /** null when the item names no other feed. */
  readonly origin: Origin | null;
  /** Rights or licence, plain text; null when not given. */
  readonly rights: string | null;
  /** Address of the page itself, when `url` is a proxy that counts readers (feedburner:origLink);
   *  null when not given. */
  readonly originalUrl: string | null;
  /** Page of comments, when it differs from the item's page (a sign of link posts); null when not
   *  given. */
  readonly commentsUrl: string | null;
  /** Path of a local file below its folder, `/` between the names; null for items of feeds. */
  readonly location: string | null;
}

/** One parsed document. */
export interface ParsedFeed {
  readonly format: FeedFormat;
  /** As written; null when the document has none. */
  readonly title: string | null;
  /** Kind of content of `title`. */
  readonly titleType: TextType;
  /** As written; null when the document has none. */
  readonly description: string | null;
  /** Address of the site that publishes the feed; null when not given. */
  readonly homePage: string | null;
  /** atom:id of the feed; null outside Atom. */
  readonly feedId: string | null;
  /** Address of the feed as the document gives it (rel=self); null when not given. */
  readonly selfUrl: string | null;
  /** WebSub hubs that the document names; empty for none. */
  readonly hubUrls: readonly string[];
  /** BCP 47; null when not given. */
  readonly language: string | null;
  /** URL of a small square picture; null when not given. */
  readonly icon: string | null;
  /** URL of a larger picture; null when not given. */
  readonly image: string | null;
  /** RSS ttl, minutes; null when not given. */
  readonly ttlMinutes: number | null;
  /** Hours (0-23, GMT) in which the publisher asks not to be polled. */
  readonly skipHours: readonly number[];
  /** Days (0 = Sunday, GMT) on which the publisher asks not to be polled. */
  readonly skipDays: readonly number[];
  /** Polling interval from sy:updatePeriod and sy:updateFrequency, milliseconds; null when not
   *  given. */
  readonly updateIntervalMs: number | null;
  /** sy:updateBase as written: the instant from which that interval is counted; null when not
   *  given. */
  readonly updateBase: string | null;
  /** Address of the next page of older entries (RFC 5005 §3 rel=next, JSON Feed next_url); null for
   *  none. */
  readonly nextPageUrl: string | null;
  /** Address of the archive before this document (RFC 5005 §4 rel=prev-archive); null for none. */
  readonly prevArchiveUrl: string | null;
  /** Address of the archive after this document (RFC 5005 §4 rel=next-archive); null for none. */
  readonly nextArchiveUrl: string | null;
  /** Rights in the whole feed, plain text; null when not given. */
  readonly rights: string | null;
  /** Dates at which the document says it was made or changed, as written; empty for none. RSS:
   *  pubDate and lastBuildDate of the channel; Atom: updated of the feed. */
  readonly changed: readonly string[];
  /** true when the document says that it will never change again (JSON Feed expired). */
  readonly isExpired: boolean;
  /** In document order. */
  readonly items: readonly ParsedItem[];
  /** true when the document is cut off. */
  readonly isCut: boolean;
  /** The item that was still open where the document was cut off; null when the document is whole
   *  or was cut between two items. */
  readonly openItem: ParsedItem | null;
  /** Entries that the document declares deleted, by their ids, with the date as written (RFC
   *  6721). */
  readonly withdrawals: readonly { readonly ref: string; readonly when: string | null }[];
  /** Damage that had to be repaired or left out. */
  readonly problems: readonly Problem[];
}

/** Bytes of one document, with the facts that the transport gives. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  /** Content-Type as sent; null for files. */
  readonly contentType: string | null;
  /** Absolute URL (or file: URL) against which relative links are resolved. The empty string when
   *  unknown: links then stay as sent. */
  readonly url: string;
}

/** Result of parsing a document: a feed, or the reason why it is none. */
export type ParseResult = { readonly kind: 'feed'; readonly feed: ParsedFeed } | { readonly kind: 'refused'; readonly problem: Problem };

/** The feed's own data on an article, with which the article's page is compared. */
export interface ExpectedArticle {
  /** Plain text. */
  readonly title: string;
  /** The text in the feed, plain; the empty string when the feed has none. */
  readonly text: string;
  /** Address of the page, as the feed links it. */
  readonly url: string;
}

/** Result of extracting an article's text from its page. */
export type PageText =
  | {
      readonly kind: 'text';
      /** Links absolute; unsanitised. */
      readonly html: string;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };
