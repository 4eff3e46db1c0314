import type { Revision, StoredEntry } from '../../model/entry.ts';
import type { Pin } from '../../model/fold.ts';
import type { Headline, HeadlineQuery } from '../../model/headline.ts';
import type { Story, Verdict } from '../../model/story.ts';
import type { EntryMove } from './folding.ts';

/** The choice of stories to read. */
export interface StoryQuery {
  readonly order: 'published' | 'updated';
  /** Number of stories to pass over, from the newest. */
  readonly offset: number;
  readonly limit: number;
}

/** A story with all that explains it: published or not, deleted members included. */
export interface StoryEvidence {
  readonly no: number;
  readonly id: string;
  readonly key: string;
  /** null when no member has a believable date, or it has not been published yet. */
  readonly published: Date | null;
  readonly firstSeenAt: Date;
  /** The time by which it stands (model/shown-time.ts). */
  readonly datedAt: Date;
  /** null before it is first published. */
  readonly updated: Date | null;
  readonly withdrawnAt: Date | null;
  /** The time when the owner took it down; null while it may be shown. */
  readonly hiddenAt: Date | null;
  /** Key of the story that it has turned out to be; null while it is itself. */
  readonly mergedInto: string | null;
  readonly related: readonly RelatedStory[];
  /** The founding member, then the others in order of arrival. */
  readonly members: readonly MemberEvidence[];
  /** Revisions of its lead, oldest first, the silent ones included. */
  readonly revisions: readonly Revision[];
}

/** The reason why an entry stands where it stands. */
export interface MemberEvidence {
  readonly entry: StoredEntry;
  /** Owner's title of its source, else the feed's, else the id. */
  readonly sourceTitle: string;
  readonly verdict: Verdict;
  /** The member that it was compared with; null for the one that founded the story. */
  readonly comparedWith: { readonly no: number; readonly key: string; readonly sourceId: string } | null;
  readonly isFounder: boolean;
  readonly isLead: boolean;
  /** The time when its local file counted as deleted, or its source withdrew it; null while it is
   *  there. */
  readonly deletedAt: Date | null;
  /** The time when the owner took it down; null while it may be shown. */
  readonly hiddenAt: Date | null;
}

/** A story that is on the same event as another, without being the same text. */
export interface RelatedStory {
  readonly key: string;
  readonly title: string;
  readonly score: number;
  readonly why: readonly string[];
}

/** Reads published stories as documents show them. */
export interface PublishedReads {
  /** Published stories, newest first, withdrawn ones left out. */
  readStories(query: StoryQuery): Promise<readonly Story[]>;
  /** One published story by its key, with the texts of its newest versions; null when there is
   *  none. */
  readStory(key: string): Promise<Story | null>;
  /** These stories, in this order; withdrawn ones are left out. */
  readStoriesByNumber(numbers: readonly number[]): Promise<readonly Story[]>;
  /** Bytes of the newest texts of all members of these stories, by number: the memory that reading
   *  them takes. Quick however long they are. */
  measureStories(numbers: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

/** Reads how a story came about. */
export interface EvidenceReads {
  /** The story that has this key, or in which the entry with this key stands; null when there is
   *  none. */
  readEvidence(key: string): Promise<StoryEvidence | null>;
  /** Published stories on the same event as one, the nearest first. */
  readRelated(storyNo: number): Promise<readonly RelatedStory[]>;
}

/** Searches and lists published stories. */
export interface HeadlineReads {
  /** Published stories as lists show them. A search that has looked at as much as it may ends early
   *  (`isCut`): there may be more. */
  readHeadlines(query: HeadlineQuery): Promise<{ readonly headlines: readonly Headline[]; readonly isCut: boolean }>;
}

/** Keeps the index of the search. */
export interface HeadlineWrites {
  /** Moves more of the newly stored texts into the search index; a search reads the others through.
   *  Reports whether there may be more to do. A store whose server indexes by itself does
   *  nothing. */
  indexWords(): Promise<boolean>;
}

/** Corrects stories by hand. */
export interface CorrectionWrites {
  /** Puts entries elsewhere, with the pins that keep them there (they replace the pins of the same
   *  pairs). A story that is left without members is withdrawn when it is settled; a story that is
   *  founded anew has the id it had. */
  moveEntries(moves: readonly EntryMove[], pins: readonly Pin[], at: Date): Promise<void>;
  /** Takes the story or entry with this key down everywhere, or lets it be shown again. Returns the
   *  kind of the key; null when it is unknown. Ids of it that may stand in archives are noted
   *  (`readTakedowns`). */
  hide(key: string, hidden: boolean, at: Date): Promise<'story' | 'entry' | null>;
}

/** Reads stories for people and documents. */
export interface StoryReads extends PublishedReads, EvidenceReads, HeadlineReads {}
/** Writes the owner's corrections and the index of the search. */
export interface StoryWrites extends CorrectionWrites, HeadlineWrites {}

export type StoryStore = StoryReads & StoryWrites;
