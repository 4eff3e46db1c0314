import type { Revision, StoredEntry } from '../../model/entry.ts';
import type { Pin } from '../../model/fold.ts';
import type { Headline, HeadlineQuery } from '../../model/headline.ts';
import type { Story, Verdict } from '../../model/story.ts';
import type { EntryMove } from './folding.ts';

/** Selects the stories to read. */
interface StoryQuery {
  readonly order: 'published' | 'updated';
  /** Number of newest stories to skip. */
  readonly offset: number;
  readonly limit: number;
}

/** A story with everything that explains it, whether it is published or not. Deleted members are
 *  included. */
export interface StoryEvidence {
  readonly no: number;
  readonly id: string;
  readonly key: string;
  /** null: no member has a believable date, or the story is not published yet. */
  readonly published: Date | null;
  readonly firstSeenAt: Date;
  /** The time that the story is sorted by (model/values/shown-time.ts). */
  readonly datedAt: Date;
  /** null before the story is first published. */
  readonly updated: Date | null;
  readonly withdrawnAt: Date | null;
  /** Time when the owner hid the story; null while it may be shown. */
  readonly hiddenAt: Date | null;
  /** Key of the story that this one was merged into; null for none. */
  readonly mergedInto: string | null;
  readonly related: readonly RelatedStory[];
  /** The founding member, then the others in order of arrival. */
  readonly members: readonly MemberEvidence[];
  /** Revisions of the lead, oldest first; silent ones are included. */
  readonly revisions: readonly Revision[];
}

/** The reason why an entry belongs to its story. */
export interface MemberEvidence {
  readonly entry: StoredEntry;
  /** The owner's title of the source, else the feed's title, else the id. */
  readonly sourceTitle: string;
  readonly verdict: Verdict;
  /** The member that the entry was compared with; null for the founder of the story. */
  readonly comparedWith: { readonly no: number; readonly key: string; readonly sourceId: string } | null;
  readonly isFounder: boolean;
  readonly isLead: boolean;
  /** Time when its local file counted as deleted, or its source withdrew it; null while it
   *  exists. */
  readonly deletedAt: Date | null;
  /** Time when the owner hid the entry; null while it may be shown. */
  readonly hiddenAt: Date | null;
}

/** A story about the same event as another, but with a different text. */
export interface RelatedStory {
  readonly key: string;
  readonly title: string;
  readonly score: number;
  readonly why: readonly string[];
}

/** Reads published stories in the form that documents show. */
export interface PublishedReads {
  /** Returns published stories, newest first, without withdrawn ones. */
  readStories(query: StoryQuery): Promise<readonly Story[]>;
  /** Returns a published story by its key, with the texts of its newest versions; null when
   *  there is none. */
  readStory(key: string): Promise<Story | null>;
  /** Returns these stories, in this order, without withdrawn ones. */
  readStoriesByNumber(numbers: readonly number[]): Promise<readonly Story[]>;
  /** Returns, by story number, the total size in bytes of the newest texts of all members. This
   *  is the memory that reading the story takes. Fast however long the texts are. */
  measureStories(numbers: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

/** Reads how a story was made. */
export interface EvidenceReads {
  /** Returns the story with this key, or the story of the entry with this key; null when there
   *  is none. */
  readEvidence(key: string): Promise<StoryEvidence | null>;
  /** Returns published stories about the same event, the nearest first. */
  readRelated(storyNo: number): Promise<readonly RelatedStory[]>;
}

/** Searches and lists published stories. */
export interface HeadlineReads {
  /** Returns published stories in the form that lists show. `isCut`: the search reached its
   *  limit of stories to compare, so there may be more. */
  readHeadlines(query: HeadlineQuery): Promise<{ readonly headlines: readonly Headline[]; readonly isCut: boolean }>;
}

/** Maintains the search index. */
export interface HeadlineWrites {
  /** Moves more of the newly stored texts into the search index. Reports whether there may be
   *  more to do. Until then a search compares those texts directly. Does nothing where the
   *  server of the store maintains the index. */
  indexWords(): Promise<boolean>;
}

/** Writes the owner's corrections of stories. */
export interface CorrectionWrites {
  /** Moves entries to other stories and stores the pins that keep them there; pins replace older
   *  pins of the same pairs. A story without members left is withdrawn when its lead is next
   *  chosen. A story that is founded again gets its former id. */
  moveEntries(moves: readonly EntryMove[], pins: readonly Pin[], at: Date): Promise<void>;
  /** Hides the story or entry with this key everywhere, or shows it again. Returns which of both
   *  the key names; null when it is unknown. Notes its ids that may occur in archives
   *  (`readTakedowns`). */
  hide(key: string, hidden: boolean, at: Date): Promise<'story' | 'entry' | null>;
}

/** Reads stories for pages, commands and documents. */
export interface StoryReads extends PublishedReads, EvidenceReads, HeadlineReads {}
/** Writes the owner's corrections and the search index. */
interface StoryWrites extends CorrectionWrites, HeadlineWrites {}

export type StoryStore = StoryReads & StoryWrites;
