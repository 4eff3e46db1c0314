/** A story as one feed has it: whether it stands in the feed, and what that feed's readers were
 *  last told of it. */
export interface Listing {
  readonly storyNo: number;
  readonly kind: ListingKind;
  /** Place in the feed's history, counted from 1; one that is told of again moves to the end. 0
   *  while it is held. */
  readonly seq: number;
  /** Its place in the order of the feed; while it is held, when it is due. */
  readonly at: Date;
  /** The `updated` that this feed gives it: later than the story's own when it was withdrawn from
   *  the feed and is back. */
  readonly updated: Date;
  /** The story's own `updated` that this listing accounts for; 1970 in a tombstone that other rules
   *  of the feed have made, not the story. */
  readonly accountedFor: Date;
  /** When its readers were last told. */
  readonly loggedAt: Date;
  /** true when it stands in the subscription document for a while wherever the order puts it: it
   *  was revised, withdrawn, or came late. */
  readonly isInWindow: boolean;
}

/** New to the feed, revised since, taken out of it (a tombstone), or not yet shown. */
export type ListingKind = 'new' | 'updated' | 'gone' | 'held';

/** A listing with what a document's list is made by. */
export interface HistoryEntry extends Listing {
  readonly id: string;
  /** Source of the story's lead; null when it has none any more. */
  readonly sourceId: string | null;
}

/** How far a feed has come. */
export interface FeedState {
  readonly slug: string;
  /** urn:uuid. */
  readonly id: string;
  readonly createdAt: Date;
  /** Number of its chain of archives: a changed rule starts a new one. 0 before it was first
   *  published. */
  readonly chain: number;
  /** The rules that its listings were selected by, hashed; null before. */
  readonly rules: string | null;
  /** The last change of stories that it accounts for. */
  readonly changeSeq: number;
  /** The newest place in its history. */
  readonly seq: number;
  /** Listings up to this place are in archives. */
  readonly archivedSeq: number;
  /** Listings up to this place are recalled no more. */
  readonly beforeWindowSeq: number;
  /** Its last entry, which says that the feed ends: when, since when it says so, and its place in
   *  the history; null while it has no end. */
  readonly notice: { readonly endsAt: Date; readonly at: Date; readonly seq: number } | null;
}

/** A story as far as the rules of feeds look at it. */
export interface Candidate {
  readonly no: number;
  /** false when it was withdrawn or has not been settled: no feed has it. */
  readonly isPublished: boolean;
  readonly published: Date | null;
  readonly updated: Date;
  readonly firstSeenAt: Date;
  /** The time by which it stands (model/shown-time.ts). */
  readonly datedAt: Date;
  /** false when all that it has came with the first readings of sources: no reader has missed
   *  it. */
  readonly isNews: boolean;
  /** Source of the entry that founded it: of stories of one instant it decides which comes
   *  first. */
  readonly founderSourceId: string;
  /** Of its members, each once. */
  readonly sourceIds: readonly string[];
  /** null when it has none. */
  readonly lead: CandidateLead | null;
}

/** The lead of a candidate: what the reader sees. */
export interface CandidateLead {
  readonly sourceId: string;
  readonly url: string | null;
  readonly language: string | null;
  /** null when no rule looks at words. */
  readonly words: CandidateWords | null;
}

/** Words of a lead that patterns look at. */
export interface CandidateWords {
  readonly title: string;
  readonly text: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
}

/** A document of a feed's history that does not change (RFC 5005 §4). */
export interface Archive {
  /** Counted from 1 = oldest; a new chain goes on counting, so that an address never means another
   *  document. */
  readonly n: number;
  readonly chain: number;
  /** Places in the history that it holds, both included. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** true when its feed was private when it was added: nobody else gets it, whatever the feed is
   *  now. */
  readonly isPrivate: boolean;
  /** The archive before it in its chain; null for the first. */
  readonly previous: number | null;
  /** Its bytes, gzipped, once it was made; null before. */
  readonly stored: { readonly gzip: Uint8Array; readonly madeAt: Date } | null;
}

/** What an archive's bytes are made of: it must still be so when they are stored. */
export interface ArchiveBasis extends Pick<Archive, 'chain' | 'previous'> {
  /** How many stories and tombstones its places hold. */
  readonly entries: number;
}
