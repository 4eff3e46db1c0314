import type { Revision, StoredEntry } from './entry.ts';
import type { Verdict } from './story.ts';

/** The fields of an entry that folding needs beside its text. Each has the meaning that it has in
 *  Entry. */
export interface FoldEntry {
  /** Number of the entry in the store. */
  readonly no: number;
  readonly sourceId: string;
  readonly identity: string;
  readonly guid: string | null;
  readonly url: string | null;
  /** The address in canonical form; null for no address or a home page. */
  readonly urlKey: string | null;
  /** Host of the source's home page, in canonical form; null when unknown. */
  readonly homeHost: string | null;
  readonly linkPost: boolean;
  /** Position in its document when it was first seen, counted from 0. */
  readonly position: number;
  /** Time at which Newsfold first read the entry. */
  readonly firstSeenAt: Date;
  /** All entries of its source from this number on stood in the document in which this one came.
   *  null: nobody knows of any. */
  readonly listedFrom: number | null;
  /** Believable date of publication; null when unknown. */
  readonly published: Date | null;
}

/** An entry with the text from which folding prepares its profile. */
export type FoldText = Pick<
  StoredEntry,
  'no' | 'key' | 'sourceId' | 'identity' | 'guid' | 'url' | 'urlKey' | 'homeHost' | 'linkPost' | 'position' | 'firstSeenAt' | 'listedFrom'
> & { readonly revision: Pick<Revision, 'published' | 'title' | 'text'> };

/** An entry that is a member of a story, with its packed profile (fold/prepare/profile.ts). A null
 *  profile must be prepared again. */
export interface StoredMember {
  readonly entry: FoldEntry;
  readonly storyNo: number;
  readonly profile: Uint8Array | null;
}

/** A prepared entry, as the store keeps it for folding. */
export interface PreparedEntry {
  readonly entryNo: number;
  /** Time at which the entry was first seen. */
  readonly at: Date;
  /** The packed profile (fold/prepare/profile.ts). */
  readonly profile: Uint8Array;
  /** Hashes by which other entries find this one, as signed 32-bit integers. Hashes that too many
   *  entries share are left out. */
  readonly sketch: readonly number[];
}

/** Two stories that turned out to be one. The story that was created first stays; the other is
 *  withdrawn (docs/design.md §63). */
export interface Merge {
  readonly fromStory: number;
  readonly intoStory: number;
  /** The newly placed entry, and the entry of the other story that it was compared with. */
  readonly entryNo: number;
  readonly comparedWith: number;
  readonly verdict: Verdict;
}

/** Two entries about the same event with different texts. */
export interface Relation {
  readonly entryNo: number;
  readonly otherNo: number;
  readonly verdict: Verdict;
}

/** An owner's correction about two entries: `apart` keeps them out of one story, `together` keeps
 *  them in one. */
export interface Pin {
  readonly entryNo: number;
  readonly otherNo: number;
  readonly kind: 'apart' | 'together';
}

/** The number of texts that contain each word (by its hash), among `texts` texts. */
export interface WordCounts {
  readonly texts: number;
  readonly counts: ReadonlyMap<number, number>;
}
