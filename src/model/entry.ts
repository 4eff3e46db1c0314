import type { Enclosure, Origin, Person } from './parsed.ts';

/** Why a revision was made: first sight, an update mark in the text, an edit of words, or markup
 *  alone (silent). */
export type RevisionKind = 'first' | 'mark' | 'edit' | 'cosmetic';

/** A version of an entry. */
export interface Revision {
  readonly kind: RevisionKind;
  /** Plain text. */
  readonly title: string;
  /** Content as the source sent it, unsanitised; null when there is only a summary. */
  readonly html: string | null;
  /** Short text as HTML, as sent; null for none. */
  readonly summary: string | null;
  /** Plain text of the content (else of the summary): for folding, search and comparison. */
  readonly text: string;
  /** SHA-256 of title and text in comparable form, hex: equal means nothing real has changed. */
  readonly hash: string;
  /** As the source says, once believable; null when unknown. Never after `updated`. */
  readonly published: Date | null;
  /** When this version came to be; null when the source says nothing and no change was seen. */
  readonly updated: Date | null;
  /** When Newsfold first saw it. */
  readonly seenAt: Date;
  /** The update mark that opened it, as written, shortened; null when no mark did. */
  readonly mark: string | null;
  readonly authors: readonly Person[];
  readonly categories: readonly string[];
  readonly enclosures: readonly Enclosure[];
  readonly image: string | null;
  readonly rights: string | null;
}

/** A version of an entry as readers are told of it. */
export interface Version extends Pick<Revision, 'kind' | 'title' | 'hash' | 'published' | 'updated' | 'seenAt' | 'mark'> {
  /** The beginning of its plain text; null where it was not read, or is kept no longer. */
  readonly text: string | null;
}

/** One article as one source published it. */
export interface Entry {
  /** Identity inside its source: guid as sent, else link, else content hash; for local files the
   *  front matter's id or the path. */
  readonly identity: string;
  readonly sourceId: string;
  readonly guid: string | null;
  readonly url: string | null;
  /** The address in canonical form (normalise/url.ts); null when there is none or it is a home
   *  page. A fold key only under docs/design.md §77. */
  readonly urlKey: string | null;
  /** Host of its source's home page, in canonical form; null when unknown. */
  readonly homeHost: string | null;
  /** true when it mainly points to somebody else's page: its title never folds it. */
  readonly linkPost: boolean;
  /** Path below the folder of a local article; null for entries of feeds. */
  readonly location: string | null;
  readonly language: string | null;
  readonly origin: Origin | null;
  /** Place in its document, from 0. */
  readonly position: number;
  /** SHA-256 of the item as read, hex: equal means there is nothing to look at. */
  readonly contentHash: string;
}

/** What the store knows of an entry, as far as the next reading of it needs. */
export interface KnownEntry {
  readonly identity: string;
  readonly location: string | null;
  readonly contentHash: string;
  readonly firstSeenAt: Date;
  /** true while its local file counts as deleted, or its source has withdrawn it; it comes back
   *  under the same identity. */
  readonly isDeleted: boolean;
  /** true when it is kept no longer: it is known, so that it does not come back, and nothing
   *  more. */
  readonly isPruned: boolean;
  /** Oldest first, at least one; none when it is kept no longer. */
  readonly revisions: readonly KnownRevision[];
}

/** Characters of a text that are enough to tell two articles apart, and a change from a slip. */
export const PRIOR_TEXT_LENGTH = 4000;

/** What is compared when an item comes under an id that its source has not used before: may it be
 *  this entry? */
export interface PriorEntry {
  readonly identity: string;
  /** As its source gave it last; null when there is none, or it is kept no longer. */
  readonly guid: string | null;
  /** The address as sent; null when there is none, or it is kept no longer. */
  readonly url: string | null;
  /** The address in canonical form (normalise/url.ts). */
  readonly urlKey: string | null;
  /** Of its newest revision that readers were told of, as are the others below. */
  readonly title: string;
  /** Beginning of the plain text, KIN_TEXT_LENGTH characters at most. */
  readonly text: string;
  readonly hash: string;
  readonly published: Date | null;
}

/** The part of a stored revision that decides whether a new one is due. */
export interface KnownRevision {
  readonly kind: RevisionKind;
  readonly hash: string;
  readonly published: Date | null;
  readonly updated: Date | null;
  readonly seenAt: Date;
  readonly mark: string | null;
}

/** What one reading changes in the store: a new entry, or new revisions of a known one. */
export interface EntryChange {
  readonly entry: Entry;
  /** Oldest first; empty when the reading brings nothing but a new place or hash. */
  readonly revisions: readonly Revision[];
  /** true when the last stored revision is a cosmetic one that the first of `revisions`
   *  replaces. */
  readonly replacesLast: boolean;
  /** The identity that the store knows it by, when the source has given it another one; null when
   *  it has not. */
  readonly formerIdentity: string | null;
}

/** A stored entry with its newest revision, as folding and publishing see it. */
export interface StoredEntry extends Entry {
  /** Number in the store. */
  readonly no: number;
  /** First characters of the base32 SHA-256 of source id and identity (docs/design.md §62): its
   *  name in commands. */
  readonly key: string;
  readonly firstSeenAt: Date;
  readonly revision: Revision;
}
