import type { Revision, StoredEntry, Version } from './entry.ts';

/** Result of comparing two entries. */
export type Label = 'same' | 'revision' | 'related' | 'different';

/** The reason for an entry's place in its story. It is kept for ever, and `explain` prints it. */
export interface Verdict {
  readonly label: Label;
  /** 0 to 1: the probability that two texts are one. A key (equal id, address or text) scores 0.9
   *  to 1. */
  readonly score: number;
  /** Reasons in words, most important first. */
  readonly why: readonly string[];
  /** Version of the rules that made the verdict. */
  readonly rules: string;
  /** The measured features (fold/judge/features.ts) and the threshold; null when nothing was
   *  measured. */
  readonly signals: Readonly<Record<string, number>> | null;
}

/** The story into which folding puts one entry. */
export interface Placement {
  readonly entryNo: number;
  /** Number of the story, which is the number of the entry that founded it; equal to `entryNo` for
   *  a new story. */
  readonly storyNo: number;
  /** The atom:id that a new story takes if it is free (RFC 4287 §4.2.6); null when the entry has no
   *  usable id. */
  readonly preferredId: string | null;
  /** Number of the member that the entry was compared with; null for a new story. */
  readonly comparedWith: number | null;
  readonly verdict: Verdict;
}

/** One member of a story, with its source and its verdict. */
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
  /** true: no document may contain an address of the source. */
  readonly private: boolean;
  /** Address of the site; null when unknown. */
  readonly homePage: string | null;
  /** Address of the feed; null for a private source or a local folder. */
  readonly feedUrl: string | null;
  /** The feed's own atom:id; null when it has none. */
  readonly feedId: string | null;
  /** The owner's tags. */
  readonly tags: readonly string[];
  /** 0 to 100, as configured. */
  readonly priority: number;
  /** BCP 47; null when unknown. */
  readonly language: string | null;
}

/** Entries that were folded together. */
export interface Story {
  /** Number of the story in the store: the number of its first entry. */
  readonly no: number;
  /** atom:id, kept for ever. */
  readonly id: string;
  /** Short name in URLs and commands. */
  readonly key: string;
  /** Date of publication; null when no member has a believable date. */
  readonly published: Date | null;
  /** Time of the last real change; never moves back. */
  readonly updated: Date;
  /** Time at which Newsfold first read an entry of the story. */
  readonly firstSeenAt: Date;
  /** The time that sorts the story and is shown with it (model/values/shown-time.ts). */
  readonly datedAt: Date;
  /** The member whose title and text readers see. */
  readonly lead: Member;
  /** All members, including the lead, in order of arrival. */
  readonly members: readonly Member[];
  /** Versions of the lead without cosmetic ones, oldest first, including the first. */
  readonly revisions: readonly Version[];
  /** Other places for the line "Also published by", as of the last change of `updated`. */
  readonly footer: readonly StoryCopy[];
}

/** Another place where a story was published. */
export interface StoryCopy {
  readonly title: string;
  readonly url: string;
}

/** A story whose members changed, with the fields from which its new lead and dates are chosen. */
export interface PendingStory {
  readonly no: number;
  readonly id: string;
  /** Number of the present lead; null when there is none. */
  readonly leadNo: number | null;
  /** Number of the lead's revision that readers last saw; 0 before. */
  readonly leadRevision: number;
  readonly published: Date | null;
  /** null before the story was first published. */
  readonly updated: Date | null;
  readonly firstSeenAt: Date;
  /** Time at which a lead was first chosen; null before. */
  readonly settledAt: Date | null;
  /** null unless the story is withdrawn. */
  readonly withdrawnAt: Date | null;
  /** true once a feed has shown the story. */
  readonly isShown: boolean;
  /** Members that have not been deleted, in order of arrival. */
  readonly members: readonly PendingMember[];
}

/** A member with the fields that the choice of a lead needs, without its text. */
export interface PendingMember {
  readonly entry: Pick<StoredEntry, 'no' | 'sourceId' | 'url' | 'urlKey' | 'homeHost' | 'position' | 'firstSeenAt'>;
  /** For an entry from the first reading of its source: the document's own date, else the time of
   *  the reading. null for an entry that came later. */
  readonly backlogAt: Date | null;
  /** The entry's newest revision. */
  readonly newest: Pick<Revision, 'published' | 'hash'> & { readonly hasFullText: boolean };
  readonly source: { readonly title: string; readonly priority: number; readonly private: boolean };
  /** Label of the verdict that put the entry into the story. */
  readonly label: Label;
  /** Number of the newest revision that is not cosmetic. */
  readonly realRevision: number;
  /** `updated` of that revision; null when it has none. */
  readonly realUpdated: Date | null;
  /** Time at which Newsfold first read that revision. */
  readonly realSeenAt: Date;
}

/** The chosen lead and dates of a story. */
export interface LeadChoice {
  readonly no: number;
  /** Number of the lead; null withdraws the story and stores a tombstone. */
  readonly leadNo: number | null;
  /** Number of the lead's revision that readers now see. */
  readonly leadRevision: number;
  readonly published: Date | null;
  /** The time that sorts the story from now on; null leaves it unchanged. */
  readonly datedAt: Date | null;
  readonly updated: Date;
  /** null leaves the footer unchanged. */
  readonly footer: readonly StoryCopy[] | null;
  /** The change for readers: a new story, a newer version, a withdrawal, or a change of members
   *  alone. */
  readonly change: 'new' | 'updated' | 'withdrawn' | 'members' | 'none';
}

/** A correction by the owner, with keys of stories and entries. */
export type Correction =
  | { readonly kind: 'split'; readonly key: string; readonly entry: string }
  | { readonly kind: 'merge'; readonly key: string; readonly with: string }
  /** `entry` null hides or shows the whole story. */
  | { readonly kind: 'hide' | 'unhide'; readonly key: string; readonly entry: string | null };

/** Result of an owner's correction: done or refused, and why, in words. */
export interface CorrectionOutcome {
  readonly isDone: boolean;
  /** true when it was refused because nothing has the given key. */
  readonly isUnknown: boolean;
  readonly message: string;
}
