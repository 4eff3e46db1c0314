import type { Revision, StoredEntry, Version } from './entry.ts';

/** What a comparison of two entries says. */
export type Label = 'same' | 'revision' | 'related' | 'different';

/** Why an entry stands where it stands: kept for ever, printed by `explain`. */
export interface Verdict {
  readonly label: Label;
  /** 0 to 1; a key scores 1. */
  readonly score: number;
  /** In words, most telling first. */
  readonly why: readonly string[];
  /** Version of the rules that gave it. */
  readonly rules: string;
  /** What was measured (fold/features.ts) and the threshold it was held against; null where a key
   *  decided. */
  readonly signals: Readonly<Record<string, number>> | null;
}

/** Where the folder puts one entry: the story is named by the number of its first entry. */
export interface Placement {
  readonly entryNo: number;
  /** Number of the entry that founded the story; equal to `entryNo` for a new story. */
  readonly storyNo: number;
  /** Id that a new story would like to keep (RFC 4287 §4.2.6); null when its entry has no usable
   *  one. */
  readonly preferredId: string | null;
  /** Member that it was compared with; null for a new story. */
  readonly comparedWith: number | null;
  readonly verdict: Verdict;
}

/** One member of a story, with what the reader is told of its source. */
export interface Member {
  readonly entry: StoredEntry;
  readonly source: MemberSource;
  readonly verdict: Verdict;
}

/** A source as a published document names it. */
export interface MemberSource {
  readonly id: string;
  /** Owner's title, else the feed's, else the id. */
  readonly title: string;
  /** true: no document may name an address of it. */
  readonly private: boolean;
  readonly homePage: string | null;
  /** Address of the feed; null when it is private or a local folder. */
  readonly feedUrl: string | null;
  /** The feed's own atom:id; null when it has none. */
  readonly feedId: string | null;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly language: string | null;
}

/** Entries folded together. */
export interface Story {
  /** Number in the store: that of its first entry. */
  readonly no: number;
  /** atom:id, kept for ever. */
  readonly id: string;
  /** Short name in URLs and commands. */
  readonly key: string;
  /** null when no member has a believable date. */
  readonly published: Date | null;
  /** Moves only on a real change; never back. */
  readonly updated: Date;
  readonly firstSeenAt: Date;
  /** The time that it is sorted by and shown with (model/shown-time.ts). */
  readonly datedAt: Date;
  readonly lead: Member;
  /** The lead included, in order of arrival. */
  readonly members: readonly Member[];
  /** Revisions of the lead that a reader should know of, oldest first, the first one included. */
  readonly revisions: readonly Version[];
  /** The other places that the "Also published by" line names: as they stood when `updated` last
   *  moved. */
  readonly footer: readonly StoryCopy[];
}

/** Another place where a story stands. */
export interface StoryCopy {
  readonly title: string;
  readonly url: string;
}

/** A story whose members changed, with what `fold` needs to settle it. */
export interface PendingStory {
  readonly no: number;
  readonly id: string;
  readonly leadNo: number | null;
  readonly leadRevision: number;
  readonly published: Date | null;
  readonly updated: Date | null;
  readonly firstSeenAt: Date;
  readonly settledAt: Date | null;
  readonly withdrawnAt: Date | null;
  /** Members that have not been deleted, in order of arrival. */
  readonly members: readonly PendingMember[];
}

/** A member as far as settling needs it: without its text. */
export interface PendingMember {
  readonly entry: Pick<StoredEntry, 'no' | 'sourceId' | 'url' | 'urlKey' | 'homeHost' | 'position' | 'firstSeenAt'>;
  /** Of an entry that came with the first reading of its source: the age that its document gave
   *  itself, else when it was read. null for an entry that came later. */
  readonly backlogAt: Date | null;
  /** Its newest revision. */
  readonly newest: Pick<Revision, 'published' | 'hash'> & { readonly hasFullText: boolean };
  readonly source: { readonly title: string; readonly priority: number; readonly private: boolean };
  /** What put it into the story. */
  readonly label: Label;
  /** Number of its newest revision that is not cosmetic, and when that says it was made. */
  readonly realRevision: number;
  readonly realUpdated: Date | null;
  readonly realSeenAt: Date;
}

/** What settling decided. */
export interface LeadChoice {
  readonly no: number;
  /** null withdraws the story: a tombstone is stored. */
  readonly leadNo: number | null;
  readonly leadRevision: number;
  readonly published: Date | null;
  /** The time by which it stands from now on; null leaves it. */
  readonly datedAt: Date | null;
  readonly updated: Date;
  /** null leaves the footer as it is. */
  readonly footer: readonly StoryCopy[] | null;
  /** What a reader is told: a new story, a newer version, a withdrawal, or a change of members
   *  alone. */
  readonly change: 'new' | 'updated' | 'withdrawn' | 'members' | 'none';
}

/** A correction that the owner asks for, by keys of stories and entries. */
export type Correction =
  | { readonly kind: 'split'; readonly key: string; readonly entry: string }
  | { readonly kind: 'merge'; readonly key: string; readonly with: string }
  /** `entry` null takes down the whole story, or shows it again. */
  | { readonly kind: 'hide' | 'unhide'; readonly key: string; readonly entry: string | null };

/** What came of a correction by the owner: done, in words, or refused, and why. */
export interface CorrectionOutcome {
  readonly isDone: boolean;
  /** true when it was refused since nothing has the key that was given. */
  readonly isUnknown: boolean;
  readonly message: string;
}
