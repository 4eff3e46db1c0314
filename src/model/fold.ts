import type { Revision, StoredEntry } from './entry.ts';
import type { Verdict } from './story.ts';

/** What folding needs of an entry beside its text. */
export interface FoldEntry {
  /** Number in the store. */
  readonly no: number;
  readonly sourceId: string;
  readonly identity: string;
  readonly guid: string | null;
  readonly url: string | null;
  /** The address in canonical form; null when there is none or it is a home page. */
  readonly urlKey: string | null;
  /** Host of its source's home page, in canonical form. */
  readonly homeHost: string | null;
  readonly linkPost: boolean;
  /** Place in its document when it was first seen. */
  readonly position: number;
  readonly firstSeenAt: Date;
  readonly published: Date | null;
}

/** An entry with what folding reads of it to prepare it. */
export type FoldText = Pick<
  StoredEntry,
  'no' | 'key' | 'sourceId' | 'identity' | 'guid' | 'url' | 'urlKey' | 'homeHost' | 'linkPost' | 'position' | 'firstSeenAt'
> & { readonly revision: Pick<Revision, 'published' | 'title' | 'text'> };

/** An entry that stands in a story, with its text as folding has prepared it (fold/profile.ts);
 *  null when it has to be prepared anew. */
export interface StoredMember {
  readonly entry: FoldEntry;
  readonly storyNo: number;
  readonly profile: Uint8Array | null;
}

/** An entry as folding has prepared it, to be stored. */
export interface PreparedEntry {
  readonly entryNo: number;
  readonly at: Date;
  readonly profile: Uint8Array;
  /** Hashes under which it is looked up, signed 32-bit integers; without those that too many
   *  entries share to say anything. */
  readonly sketch: readonly number[];
}

/** Two stories that have turned out to be one: the one that was created first stays, the other is
 *  withdrawn (docs/design.md §63). */
export interface Merge {
  readonly fromStory: number;
  readonly intoStory: number;
  /** The member of the other story that was compared, and the one that it was compared with. */
  readonly entryNo: number;
  readonly comparedWith: number;
  readonly verdict: Verdict;
}

/** Two entries on one event that are not one text. */
export interface Relation {
  readonly entryNo: number;
  readonly otherNo: number;
  readonly verdict: Verdict;
}

/** What the owner has said of two entries: never in one story, or always. */
export interface Pin {
  readonly entryNo: number;
  readonly otherNo: number;
  readonly kind: 'apart' | 'together';
}

/** How common words are: of so many texts, how many have each word (by its hash). */
export interface WordCounts {
  readonly texts: number;
  readonly counts: ReadonlyMap<number, number>;
}
