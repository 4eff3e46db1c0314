import type { Headline } from './headline.ts';
import type { SourceStatus } from './source.ts';
import type { Story } from './story.ts';
import type { SetAsideItem } from './set-aside.ts';

/** What a reader asks a list of stories for. */
export interface ListSelection {
  /** Counted from 1 = newest. */
  readonly page: number;
  /** Id of a source; null for all. */
  readonly source: string | null;
  /** A tag of sources; null for all. */
  readonly tag: string | null;
  /** What is looked for, as it was typed; the empty string for nothing. */
  readonly query: string;
}

/** A search goes no deeper: each page looks at everything before it. Who wants more looks for more
 *  words. */
export const MOST_SEARCH_PAGES = 20;

/** A page of stories. */
export interface ListView {
  readonly selection: ListSelection;
  readonly headlines: readonly Headline[];
  readonly hasMore: boolean;
  /** true when a search ended before it had looked at everything, or on its last page before it had
   *  shown everything. */
  readonly isCut: boolean;
  /** Words of the query that are too short to be looked for. */
  readonly ignored: readonly string[];
  /** Words beyond as many as are looked for. */
  readonly beyond: readonly string[];
}

/** A story with all that its page says of it. */
export interface StoryView {
  readonly story: Story;
  /** The nearest stories on the same event that the reader may see. */
  readonly related: readonly RelatedHeadline[];
  /** Title of the source of the member that each was compared with, by number of entry; the one
   *  that founded the story has none, nor have those whose counterpart was taken out of it. */
  readonly comparedWith: ReadonlyMap<number, string>;
  /** What would have had to differ for the other outcome, in words, by number of entry. */
  readonly whatIf: ReadonlyMap<number, readonly string[]>;
  /** true when every feed in which the reader may see it publishes summaries: its text and what
   *  changed in it are then not told. */
  readonly isSummary: boolean;
  /** false when only those with a feed's token may see it, or one of those that are related. */
  readonly isPublic: boolean;
}

/** A story on the same event as another. */
export interface RelatedHeadline {
  readonly key: string;
  readonly title: string;
  readonly source: string;
  readonly language: string | null;
}

/** What stands at a story's address. */
export type StoryAnswer =
  | { readonly kind: 'shown'; readonly view: StoryView }
  /** It is part of another story now. */
  | { readonly kind: 'moved'; readonly key: string }
  /** It was published and is no more. */
  | { readonly kind: 'gone' }
  /** There is none, or none that the reader may know of. */
  | { readonly kind: 'unknown' };

/** How long a source or a feed has had nothing new, beside what is usual for it. */
export interface Silence {
  readonly days: number;
  /** Its longest pause before, within the days that are looked at. */
  readonly longestBefore: number;
}

/** A source with what its owner wants to know. */
export interface SourceView {
  readonly status: SourceStatus;
  readonly title: string;
  /** What was wrong last time, with what to do about it, free of paths and secrets; null when all
   *  was well. */
  readonly problem: string | null;
  /** Entries of each of the last RHYTHM_DAYS days, oldest first. */
  readonly days: readonly number[];
  /** null while it keeps its rhythm, or has none. */
  readonly silence: Silence | null;
}

/** A published feed as its owner watches over it. */
export interface FeedHealth {
  readonly slug: string;
  readonly title: string;
  readonly isDefault: boolean;
  readonly isPrivate: boolean;
  readonly standing: number;
  /** Place of the newest story in its order; null when there is none. */
  readonly newestAt: Date | null;
  /** What is wrong with it: stale or shrunk; null when nothing is. */
  readonly problem: { readonly code: 'output/stale' | 'output/shrunk'; readonly message: string } | null;
}

/** The state of everything. */
export interface SourcesView {
  readonly sources: readonly SourceView[];
  /** Items of them that are set aside, oldest first: for the owner's eyes alone. */
  readonly setAside: readonly SetAsideItem[];
  readonly feeds: readonly FeedHealth[];
  /** null when no run has ended yet. */
  readonly lastRunAt: Date | null;
  readonly at: Date;
}
