import type { Enclosure, Origin, Person } from './parsed.ts';

/** The reason for a revision: first sight, an update mark in the text, edited words, or changed
 *  markup alone. Readers never hear of a `cosmetic` revision. */
export type RevisionKind = 'first' | 'mark' | 'edit' | 'cosmetic';

/** One version of an entry. */
export interface Revision {
  readonly kind: RevisionKind;
  /** Title as plain text; may be empty. */
  readonly title: string;
  /** Content as HTML, as the source sent it, unsanitised; null when the source sent only a
   *  summary. */
  readonly html: string | null;
  /** Short text as HTML, as sent; null for none. */
  readonly summary: string | null;
  /** Plain text of the content, else of the summary, for folding, search and comparison. */
  readonly text: string;
  /** SHA-256 of title and text in comparable form, hex. Equal hashes mean that no word has
   *  changed. */
  readonly hash: string;
  /** Date of publication that the source gives, if it is believable; null when unknown. Never after
   *  `updated`. */
  readonly published: Date | null;
  /** Time at which this version was made; null when the source gives none and no change was
   *  seen. */
  readonly updated: Date | null;
  /** Time at which Newsfold first read this version. */
  readonly seenAt: Date;
  /** The update mark in the text that made this a new version, as written, shortened; null when no
   *  mark did. */
  readonly mark: string | null;
  /** As the item names them; empty for none. */
  readonly authors: readonly Person[];
  /** As sent, in order; empty for none. */
  readonly categories: readonly string[];
  /** Files that belong to the entry; empty for none. */
  readonly enclosures: readonly Enclosure[];
  /** URL of a picture for the entry; null for none. */
  readonly image: string | null;
  /** Rights or licence as plain text; null when not given. */
  readonly rights: string | null;
}

/** A version of an entry as published documents and pages show it. */
export interface Version extends Pick<Revision, 'kind' | 'title' | 'hash' | 'published' | 'updated' | 'seenAt' | 'mark'> {
  /** Beginning of the version's plain text; null when it was not loaded or is no longer stored. */
  readonly text: string | null;
}

/** One article as one source published it. */
export interface Entry {
  /** Identity within the source: guid as sent, else link, else content hash. For local files: the
   *  id in the front matter, else the path. */
  readonly identity: string;
  /** Id of the source, a slug. */
  readonly sourceId: string;
  /** guid or atom:id as sent; null when the item has none. */
  readonly guid: string | null;
  /** Absolute address of the article as sent; null when the item has none. */
  readonly url: string | null;
  /** The address in canonical form (normalise/identity/url.ts); null for no address or a home page.
   *  Folding trusts it only under docs/design.md §77. */
  readonly urlKey: string | null;
  /** Host of the source's home page, in canonical form; null when unknown. */
  readonly homeHost: string | null;
  /** true when the entry mainly points to somebody else's page. Its title alone never folds it into
   *  a story. */
  readonly linkPost: boolean;
  /** Path of a local article below its folder; null for entries of feeds. */
  readonly location: string | null;
  /** BCP 47; null when unknown. */
  readonly language: string | null;
  /** The feed that the entry was taken from, as the entry says (RFC 4287 §4.2.11); null for
   *  none. */
  readonly origin: Origin | null;
  /** Position in its document, counted from 0. */
  readonly position: number;
  /** SHA-256 of the item as parsed, hex. An equal hash means that the item need not be processed
   *  again. */
  readonly contentHash: string;
}

/** A stored entry, with the fields that the next reading of its source needs. */
export interface KnownEntry {
  /** As Entry.identity. */
  readonly identity: string;
  /** As Entry.location. */
  readonly location: string | null;
  /** As Entry.contentHash, from the last reading that changed it. */
  readonly contentHash: string;
  /** Time at which Newsfold first read the entry. */
  readonly firstSeenAt: Date;
  /** true while the entry's local file is deleted, or its source has withdrawn it. If it returns,
   *  it keeps its identity. */
  readonly isDeleted: boolean;
  /** true when retention has removed the content. The identity is still stored, so that an old
   *  article does not return as new. */
  readonly isPruned: boolean;
  /** Oldest first, at least one; empty for a pruned entry. */
  readonly revisions: readonly KnownRevision[];
}

/** Characters of a text that are compared. They suffice to tell two articles apart and an edit from
 *  a slip. */
export const PRIOR_TEXT_LENGTH = 4000;

/** A known entry of a source, as a candidate for re-identification. An item with a new id is
 *  compared with such entries, since it may be one of them. */
export interface PriorEntry {
  readonly identity: string;
  /** guid as last sent; null when the entry has none or is pruned. */
  readonly guid: string | null;
  /** Address as last sent; null when the entry has none or is pruned. */
  readonly url: string | null;
  /** The address in canonical form (normalise/identity/url.ts); null for no address or a home
   *  page. */
  readonly urlKey: string | null;
  /** Title of the newest revision that is not cosmetic. The fields below are of the same
   *  revision. */
  readonly title: string;
  /** Beginning of the plain text, at most PRIOR_TEXT_LENGTH characters. */
  readonly text: string;
  /** As Revision.hash. */
  readonly hash: string;
  /** As Revision.published. */
  readonly published: Date | null;
}

/** The fields of a stored revision that decide whether an item is a new revision. Each has the
 *  meaning that it has in Revision. */
export interface KnownRevision {
  readonly kind: RevisionKind;
  readonly hash: string;
  readonly published: Date | null;
  readonly updated: Date | null;
  readonly seenAt: Date;
  readonly mark: string | null;
}

/** The changes that one reading makes to one entry in the store: a new entry, or new revisions of a
 *  known one. */
export interface EntryChange {
  readonly entry: Entry;
  /** Oldest first; empty when only the position or the content hash has changed. */
  readonly revisions: readonly Revision[];
  /** true when the first of `revisions` replaces the last stored revision, which is a cosmetic
   *  one. */
  readonly replacesLast: boolean;
  /** The identity under which the store has the entry, when the source has given it a new one; null
   *  when the identity is unchanged. */
  readonly formerIdentity: string | null;
}

/** A stored entry with its newest revision, as folding and publishing read it. */
export interface StoredEntry extends Entry {
  /** Number of the entry in the store. */
  readonly no: number;
  /** Name of the entry in commands: the first characters of the base32 SHA-256 of source id and
   *  identity (docs/design.md §62). */
  readonly key: string;
  /** Time at which Newsfold first read the entry. */
  readonly firstSeenAt: Date;
  /** All entries of its source from this number on stood in the document in which this one came.
   *  null: nobody knows of any. */
  readonly listedFrom: number | null;
  readonly revision: Revision;
}
