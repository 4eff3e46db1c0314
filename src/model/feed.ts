/** Fields of a story that a pattern of a feed may look at. */
export type MatchField = 'title' | 'text' | 'author' | 'category' | 'url' | 'language';

/** One pattern: a word or phrase (any case), or /a pattern/ in RE2 syntax. */
export interface FeedPattern {
  readonly field: MatchField;
  readonly pattern: string;
}

/** A published selection of stories by rules (docs/design.md §84). */
export interface Feed {
  readonly slug: string;
  readonly title: string;
  /** true for the one that stands at /feed.atom. */
  readonly isDefault: boolean;
  /** Source ids; empty means all. */
  readonly sources: readonly string[];
  /** Source tags; empty means all. */
  readonly tags: readonly string[];
  /** A story must match one of these; empty means all do. */
  readonly include: readonly FeedPattern[];
  /** A story that matches one of these is left out. */
  readonly exclude: readonly FeedPattern[];
  /** Nothing published before it; null for no bound. */
  readonly since: Date | null;
  /** Only stories that so many sources carry. */
  readonly minSources: number;
  readonly limit: number;
  readonly order: 'published' | 'updated';
  /** Most stories led by one source; null for no bound. */
  readonly maxPerSource: number | null;
  /** The same within one UTC day. */
  readonly maxPerSourcePerDay: number | null;
  /** Milliseconds that a story must be known before it is shown. */
  readonly holdBackMs: number;
  readonly content: ContentChoice;
  /** true: only readers with the token get it. */
  readonly private: boolean;
  /** Secret of a private feed; null for none, and then a private feed answers nobody. */
  readonly token: string | null;
  /** Where it stands now (301); null while it is here. */
  readonly movedTo: string | null;
  /** true: it is no more (410). */
  readonly retired: boolean;
  /** When it will be: until then its documents say so in a last entry; null when it has no end. */
  readonly endsAt: Date | null;
}

/** Reports whether a feed is no more at an instant: it is retired, or past the end that its last
 *  entry has announced. */
export function hasEnded({ retired, endsAt }: Pick<Feed, 'retired' | 'endsAt'>, now: Date): boolean {
  return retired || (endsAt !== null && endsAt <= now);
}

/** Whose text a story shows: the lead's, the longest of those allowed to speak, or a summary. */
export type ContentChoice = 'lead' | 'fullest' | 'summary';

/** How a story names the other places where it stands. */
export type AlsoPublished = 'footer' | 'links' | 'none';

/** What is true of the whole site. */
export interface Site {
  readonly title: string;
  /** Without a slash at the end. */
  readonly url: string;
  readonly language: string | null;
  readonly author: { readonly name: string; readonly email: string | null; readonly url: string | null };
  readonly description: string | null;
  /** Text below every page; null for the standard one. */
  readonly footer: string | null;
  /** CSS of the owner's own, after the standard style; null for none. */
  readonly stylesheet: string | null;
  /** Colour of links and marks, `#rrggbb`; null for the standard one. */
  readonly accent: string | null;
  /** false: pages show no picture, sound or film of entries, so that nothing is asked of another
   *  host. */
  readonly images: boolean;
  /** IANA name of the zone in which pages give times; null for UTC. */
  readonly timeZone: string | null;
}

/** Formats of a published document. */
export type DocumentFormat = 'atom' | 'rss' | 'json';

/** Bytes as they are served, in every coding. */
export interface Representation {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly gzip: Uint8Array;
  readonly brotli: Uint8Array;
  /** Opaque tag without quotes; codings add `-gz` and `-br`. */
  readonly tag: string;
  /** Whole seconds (RFC 9110 §5.6.7). */
  readonly lastModified: Date;
}

/** A feed's bytes in one format; or the list of sources (`opml`, under the slug `sources`). */
export interface Document extends Representation {
  readonly slug: string;
  readonly format: DocumentFormat | 'opml';
  /** What deltas are made of; null where the format has none. */
  readonly history: DocumentHistory | null;
}

/** What an Atom document is put together from, so that a client that has an older version can be
 *  sent what changed since (RFC 3229). */
export interface DocumentHistory {
  /** Its entries and tombstones in their order, without a gap: bytes from `start` to before `end`.
   *  What stands before the first and after the last is part of every delta. */
  readonly parts: readonly { readonly start: number; readonly end: number; readonly seq: number }[];
  /** Versions that clients may have, by tag, with the seq of the newest change in them: parts with
   *  a greater one are new to such a client. The present version is among them. */
  readonly versions: ReadonlyMap<string, number>;
}
