/** Fields of a story that a feed's patterns can be matched with. */
export type MatchField = 'title' | 'text' | 'author' | 'category' | 'url' | 'language';

/** One pattern: a word or phrase in any case, or /a regular expression/ in RE2 syntax. */
export interface FeedPattern {
  readonly field: MatchField;
  readonly pattern: string;
}

/** A published selection of stories by rules (docs/design.md §84). */
export interface Feed {
  /** Name of the feed in its address: 1 to 63 of a-z, 0-9 and -. */
  readonly slug: string;
  /** Title of the published documents, as configured. */
  readonly title: string;
  /** true for the feed at /feed.atom. */
  readonly isDefault: boolean;
  /** Source ids; empty means all. */
  readonly sources: readonly string[];
  /** Source tags; empty means all. */
  readonly tags: readonly string[];
  /** A story must match one of these patterns; empty means that every story does. */
  readonly include: readonly FeedPattern[];
  /** A story that matches one of these patterns is left out. */
  readonly exclude: readonly FeedPattern[];
  /** Earliest date of publication; null for no bound. */
  readonly since: Date | null;
  /** Least number of sources that must carry a story. */
  readonly minSources: number;
  /** Most stories that the feed shows; recent changes and tombstones come on top. */
  readonly limit: number;
  /** The date by which stories are sorted, newest first. */
  readonly order: 'published' | 'updated';
  /** Most stories with leads from one source; null for no bound. */
  readonly maxPerSource: number | null;
  /** Most stories per source and UTC day; null for no bound. */
  readonly maxPerSourcePerDay: number | null;
  /** Delay before a new story appears, in milliseconds after it was first seen. */
  readonly holdBackMs: number;
  readonly content: ContentChoice;
  /** true: only readers with the token may read the feed. */
  readonly private: boolean;
  /** Secret of a private feed; null for none. Nobody can read a private feed without a token. */
  readonly token: string | null;
  /** New address of the feed, sent with a 301; null while the feed has not moved. */
  readonly movedTo: string | null;
  /** true: the feed has ended and answers 410. */
  readonly retired: boolean;
  /** Time at which the feed will end. Until then, a last entry of its documents announces the end.
   *  null for a feed without an end. */
  readonly endsAt: Date | null;
}

/** The text that a story shows: the lead's, the longest of the members that may be shown, or a
 *  summary. */
export type ContentChoice = 'lead' | 'fullest' | 'summary';

/** The form in which a story names the other places where it was published. */
export type AlsoPublished = 'footer' | 'links' | 'none';

/** Settings of the whole site. */
export interface Site {
  readonly title: string;
  /** Public address of the site, without a slash at the end. */
  readonly url: string;
  /** BCP 47; null when not configured. */
  readonly language: string | null;
  readonly author: { readonly name: string; readonly email: string | null; readonly url: string | null };
  readonly description: string | null;
  /** Text below every page; null for the standard text. */
  readonly footer: string | null;
  /** The owner's CSS, included after the standard style; null for none. */
  readonly stylesheet: string | null;
  /** Colour of links and marks, `#rrggbb`; null for the standard colour. */
  readonly accent: string | null;
  /** false: pages show no picture, sound or film of entries, so that browsers contact no other
   *  host. */
  readonly images: boolean;
  /** IANA name of the time zone of pages; null for UTC. */
  readonly timeZone: string | null;
}

/** Formats of a published document. */
export type DocumentFormat = 'atom' | 'rss' | 'json';

/** The bytes of a document in every content coding, ready to be served. */
export interface Representation {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly gzip: Uint8Array;
  readonly brotli: Uint8Array;
  /** Opaque entity tag without quotes. The compressed codings add `-gz` and `-br`. */
  readonly tag: string;
  /** In whole seconds (RFC 9110 §5.6.7). */
  readonly lastModified: Date;
}

/** The document of a feed in one format, or the list of sources (format `opml`, slug `sources`). */
export interface Document extends Representation {
  readonly slug: string;
  readonly format: DocumentFormat | 'opml';
  /** Data for deltas; null for formats without deltas. */
  readonly history: DocumentHistory | null;
}

/** Positions and versions of the pieces of an Atom document. From these, a client with an older
 *  version gets only the changes since then (RFC 3229). */
export interface DocumentHistory {
  /** The document's entries and tombstones, in order and without a gap: bytes from `start` to
   *  before `end`. The bytes before the first and after the last belong to every delta. */
  readonly parts: readonly { readonly start: number; readonly end: number; readonly seq: number }[];
  /** Versions that clients may have, by tag, including the current one. The value is the seq of the
   *  newest change in that version. A part with a greater seq is new to such a client. */
  readonly versions: ReadonlyMap<string, number>;
}
