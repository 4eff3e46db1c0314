/** A story in one feed: whether the feed shows it, and the version that the feed last announced. */
export interface Listing {
  /** Number of the story in the store. */
  readonly storyNo: number;
  readonly kind: ListingKind;
  /** Position in the feed's history, counted from 1. A story that is announced again moves to the
   *  end. 0 while the story is held back. */
  readonly seq: number;
  /** Time by which the feed sorts the story. While the story is held back: the time at which it
   *  will appear. */
  readonly at: Date;
  /** The `updated` that this feed publishes. It is later than the story's own when the story was
   *  withdrawn from the feed and has returned. */
  readonly updated: Date;
  /** The story's own `updated` at the time of this listing. 1970 in a tombstone that comes from
   *  changed feed rules and not from the story. */
  readonly accountedFor: Date;
  /** Time at which the feed last announced the story. */
  readonly loggedAt: Date;
  /** true when the subscription document shows the story for a while whatever its position in the
   *  order. Such a story was revised, withdrawn, or came late. */
  readonly isInWindow: boolean;
}

/** `new`: added to the feed. `updated`: revised since. `gone`: removed from the feed (a tombstone).
 *  `held`: not shown yet. */
export type ListingKind = 'new' | 'updated' | 'gone' | 'held';

/** A listing with the fields from which the list of a document is made. */
export interface HistoryEntry extends Listing {
  /** atom:id of the story. */
  readonly id: string;
  /** Source of the story's lead; null when the story has no lead any more. */
  readonly sourceId: string | null;
  /** Source of the entry that founded the story. It orders stories of the same instant. */
  readonly founderSourceId: string;
}

/** The state of a feed's history and archives. */
export interface FeedState {
  /** Slug of the feed. */
  readonly slug: string;
  /** atom:id of the feed, a urn:uuid. */
  readonly id: string;
  /** Time of the first run with this feed. */
  readonly createdAt: Date;
  /** Number of the feed's chain of archives; a changed rule starts a new chain. 0 before the feed
   *  was first published. */
  readonly chain: number;
  /** Hash of the rules that selected the listings; null before the first selection. */
  readonly rules: string | null;
  /** Number of the last change to stories that the listings include. */
  readonly changeSeq: number;
  /** The newest position in the feed's history. */
  readonly seq: number;
  /** Listings up to this position are in archives. */
  readonly archivedSeq: number;
  /** Listings up to this position are no longer in the window of the subscription document. */
  readonly beforeWindowSeq: number;
  /** The feed's last entry, which announces the end of the feed. `endsAt`: the end; `at`: the
   *  announcement; `seq`: position in the history. null while no end is set. */
  readonly notice: { readonly endsAt: Date; readonly at: Date; readonly seq: number } | null;
}

/** A story with the fields that the rules of feeds need. */
export interface Candidate {
  /** Number of the story in the store. */
  readonly no: number;
  /** false when the story was withdrawn or has no lead yet: no feed shows it. */
  readonly isPublished: boolean;
  /** Date of publication; null when unknown. */
  readonly published: Date | null;
  /** Time of the last real change. */
  readonly updated: Date;
  /** Time at which Newsfold first read an entry of the story. */
  readonly firstSeenAt: Date;
  /** The time by which the story is sorted (model/values/shown-time.ts). */
  readonly datedAt: Date;
  /** false when every member came with the first reading of its source. Such a story is no news: no
   *  reader has missed it. */
  readonly isNews: boolean;
  /** Source of the entry that founded the story. It orders stories of the same instant. */
  readonly founderSourceId: string;
  /** Sources of the members, each once. */
  readonly sourceIds: readonly string[];
  /** null when the story has no lead. */
  readonly lead: CandidateLead | null;
}

/** The lead of a candidate: the member that readers see. */
export interface CandidateLead {
  readonly sourceId: string;
  /** Address as sent; null when the lead has none. */
  readonly url: string | null;
  /** BCP 47; null when unknown. */
  readonly language: string | null;
  /** null when no rule of a feed looks at words. */
  readonly words: CandidateWords | null;
}

/** Words of a lead that patterns are matched with. */
export interface CandidateWords {
  readonly title: string;
  readonly text: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
}

/** A document of a feed's history that never changes (RFC 5005 §4). */
export interface Archive {
  /** Number in the address, counted from 1 = oldest. A new chain continues the count, so that an
   *  address never means another document. */
  readonly n: number;
  /** As FeedState.chain. */
  readonly chain: number;
  /** First and last position in the history that the archive contains, both included. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** true when the feed was private when the archive was added. Only readers with the token get it,
   *  even if the feed is public now. */
  readonly isPrivate: boolean;
  /** Number of the previous archive in the chain; null for the first. */
  readonly previous: number | null;
  /** The document's bytes, gzipped; null until it was rendered. */
  readonly stored: { readonly gzip: Uint8Array; readonly madeAt: Date } | null;
}

/** The state from which an archive is rendered. The bytes are stored only if this state is
 *  unchanged. */
export interface ArchiveBasis extends Pick<Archive, 'chain' | 'previous'> {
  /** Number of stories and tombstones in the archive. */
  readonly entries: number;
}
