import type { Problem } from './errors.ts';

/** Document formats that Newsfold reads. */
export type FeedFormat = 'rss' | 'rdf' | 'atom' | 'json' | 'local';

/** A person or body, as RFC 4287 §3.2. */
export interface Person {
  readonly name: string;
  /** Home page; null when not given. */
  readonly url: string | null;
  /** E-mail address; null when not given. Never published. */
  readonly email: string | null;
}

/** What a text construct is made of (RFC 4287 §3.1.1). */
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

/** The feed that an entry says it came from (RFC 4287 §4.2.11, RSS 2.0 source). */
export interface Origin {
  readonly id: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

/** One item as its document gives it: texts undecoded by judgement, dates as written, links
 *  absolute where a base is known. */
export interface ParsedItem {
  /** guid or atom:id, exactly as sent; null when there is none. */
  readonly guid: string | null;
  /** Address of the item; null when there is none. */
  readonly url: string | null;
  /** As given; the empty string when there is none. */
  readonly title: string;
  /** Whether `title` is markup; RSS leaves it open, so `unknown` there. */
  readonly titleType: TextType;
  /** Main content as HTML; null when only a summary or nothing is there. */
  readonly html: string | null;
  /** Short text as HTML; null when there is none. */
  readonly summary: string | null;
  /** Date of publication as written; null when there is none. */
  readonly published: string | null;
  /** Date of the last change as written; null when there is none. */
  readonly updated: string | null;
  /** Further dates of either as written, for where the first one cannot be read; null when there
   *  are none. */
  readonly spareDates: { readonly published: readonly string[]; readonly updated: readonly string[] } | null;
  readonly authors: readonly Person[];
  readonly categories: readonly string[];
  readonly enclosures: readonly Enclosure[];
  /** URL of a picture that stands for the item; null for none. */
  readonly image: string | null;
  /** BCP 47; null means the feed's. */
  readonly language: string | null;
  readonly origin: Origin | null;
  /** Rights or licence, plain text. */
  readonly rights: string | null;
  /** Address of the page itself, where `url` is that of a proxy which counts readers
   *  (feedburner:origLink); null when it is not said. */
  readonly originalUrl: string | null;
  /** Page of comments, where it differs from the item (a mark of link posts). */
  readonly commentsUrl: string | null;
  /** Path below the folder for a local file, `/` between parts; null for items of feeds. */
  readonly location: string | null;
}

/** One document, read. */
export interface ParsedFeed {
  readonly format: FeedFormat;
  /** As given; null when there is none. */
  readonly title: string | null;
  readonly titleType: TextType;
  readonly description: string | null;
  /** Address of the site that the feed belongs to. */
  readonly homePage: string | null;
  /** Feed-level atom:id; null outside Atom. */
  readonly feedId: string | null;
  readonly selfUrl: string | null;
  /** WebSub hubs named in the document. */
  readonly hubUrls: readonly string[];
  readonly language: string | null;
  readonly icon: string | null;
  readonly image: string | null;
  /** RSS ttl, minutes; null when not given. */
  readonly ttlMinutes: number | null;
  /** Hours (0-23, GMT) in which it asks not to be polled. */
  readonly skipHours: readonly number[];
  /** Days (0 = Sunday, GMT) on which it asks not to be polled. */
  readonly skipDays: readonly number[];
  /** Interval that sy:updatePeriod and sy:updateFrequency ask for, milliseconds; null when not
   *  given. */
  readonly updateIntervalMs: number | null;
  /** sy:updateBase, the instant from which that interval counts, as written; null when not
   *  given. */
  readonly updateBase: string | null;
  /** Address of the next page of older entries (RFC 5005 §3 rel=next, JSON Feed next_url); null for
   *  none. */
  readonly nextPageUrl: string | null;
  /** Address of the archive before this document (RFC 5005 §4 rel=prev-archive); null for none. */
  readonly prevArchiveUrl: string | null;
  /** Address of the archive after this document (RFC 5005 §4 rel=next-archive); null for none. */
  readonly nextArchiveUrl: string | null;
  /** Rights in the feed as a whole, plain text; null when not given. */
  readonly rights: string | null;
  /** The dates at which it says it was last made or changed, as written; empty without any. RSS:
   *  pubDate and lastBuildDate of the channel; Atom: updated of the feed. */
  readonly changed: readonly string[];
  /** Whether it says that it will never change again (JSON Feed expired). */
  readonly isExpired: boolean;
  /** In document order. */
  readonly items: readonly ParsedItem[];
  /** true when the document ends in the middle. */
  readonly isCut: boolean;
  /** The one of them that was still open when the document ended; null when it ends between two, or
   *  whole. */
  readonly openItem: ParsedItem | null;
  /** Entries that the document says it has withdrawn, by their ids, with the date as written (RFC
   *  6721). */
  readonly withdrawals: readonly { readonly ref: string; readonly when: string | null }[];
  /** What had to be repaired or left out. */
  readonly problems: readonly Problem[];
}

/** Bytes of one document and what the transport said of them. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  /** Content-Type as sent; null for files. */
  readonly contentType: string | null;
  /** Absolute URL (or file: URL) that relative links are resolved against; the empty string when it
   *  is unknown: they then stay as sent, for whoever only shows them. */
  readonly url: string;
}

/** What came of reading a document: a feed, or the reason why it is none. */
export type ParseResult = { readonly kind: 'feed'; readonly feed: ParsedFeed } | { readonly kind: 'refused'; readonly problem: Problem };

/** What an entry's feed said of it, to judge a page by. */
export interface ExpectedArticle {
  /** Plain text. */
  readonly title: string;
  /** What the feed gave of the text, plain; the empty string when it gave none. */
  readonly text: string;
  /** Address of the page as the feed links it. */
  readonly url: string;
}

/** What came of looking for an article's text on its page. */
export type PageText =
  | {
      readonly kind: 'text';
      /** Links absolute; unsanitised. */
      readonly html: string;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };
