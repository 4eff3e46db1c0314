import type { Headline } from './headline.ts';
import type { SourceStatus } from './source.ts';
import type { Story } from './story.ts';
import type { SetAsideItem } from './set-aside.ts';

/** A reader's request for a list of stories. */
export interface ListSelection {
  /** Counted from 1 = newest. */
  readonly page: number;
  /** Id of a source; null for all. */
  readonly source: string | null;
  /** A tag of sources; null for all. */
  readonly tag: string | null;
  /** Search words as typed; the empty string for none. */
  readonly query: string;
}

/** Last page of a search. Each page searches everything before it again, so a reader who wants more
 *  must search for more words. */
export const MOST_SEARCH_PAGES = 20;

/** A page of stories. */
export interface ListView {
  readonly selection: ListSelection;
  readonly headlines: readonly Headline[];
  /** true when a next page exists. */
  readonly hasMore: boolean;
  /** true when the search ended early, or when its last page does not reach the end of the
   *  results. */
  readonly isCut: boolean;
  /** Search words that are too short. */
  readonly ignored: readonly string[];
  /** Search words beyond the limit of their number. */
  readonly beyond: readonly string[];
}

/** A story with everything that its page shows. */
export interface StoryView {
  readonly story: Story;
  /** The nearest stories on the same event that the reader may see. */
  readonly related: readonly RelatedHeadline[];
  /** For each entry number: the source title of the member that it was compared with. Without the
   *  entry that founded the story, and without entries whose counterpart was removed. */
  readonly comparedWith: ReadonlyMap<number, string>;
  /** For each entry number: the differences that would have led to the other outcome, in words. */
  readonly whatIf: ReadonlyMap<number, readonly string[]>;
  /** true when every feed in which the reader may see the story publishes summaries. The page then
   *  hides the text and its changes. */
  readonly isSummary: boolean;
  /** false when the story, or a related story, is visible only with a feed's token. */
  readonly isPublic: boolean;
}

/** A story on the same event as another. */
export interface RelatedHeadline {
  /** Short name of the story in URLs and commands. */
  readonly key: string;
  readonly title: string;
  /** Title of the lead's source. */
  readonly source: string;
  /** BCP 47; null when unknown. */
  readonly language: string | null;
}

/** The answer to a request for a story. */
export type StoryAnswer =
  | { readonly kind: 'shown'; readonly view: StoryView }
  /** The story was merged into another one. */
  | { readonly kind: 'moved'; readonly key: string }
  /** The story was published and then withdrawn. */
  | { readonly kind: 'gone' }
  /** No such story, or none that the reader may see. */
  | { readonly kind: 'unknown' };

/** Time without anything new in a source or a feed, compared with the usual. */
export interface Silence {
  /** Days since the newest entry or story. */
  readonly days: number;
  /** Longest pause before, in days, within the period that is examined. */
  readonly longestBefore: number;
}

/** A source with the facts that its owner wants to see. */
export interface SourceView {
  readonly status: SourceStatus;
  /** Owner's title, else the feed's, else the id. */
  readonly title: string;
  /** Problem of the last poll and its remedy, without paths and secrets; null when there was
   *  none. */
  readonly problem: string | null;
  /** Number of entries on each of the last RHYTHM_DAYS days, oldest first. */
  readonly days: readonly number[];
  /** null when the source publishes as usual or has no usual rhythm. */
  readonly silence: Silence | null;
}

/** Health of a published feed, for its owner. */
export interface FeedHealth {
  readonly slug: string;
  readonly title: string;
  readonly isDefault: boolean;
  readonly isPrivate: boolean;
  /** Number of stories that the feed shows. */
  readonly standing: number;
  /** Date by which the feed's newest story is sorted; null when the feed shows none. */
  readonly newestAt: Date | null;
  /** The feed is stale or has shrunk; null when neither is true. */
  readonly problem: { readonly code: 'output/stale' | 'output/shrunk'; readonly message: string } | null;
}

/** Health of all sources and feeds. */
export interface SourcesView {
  readonly sources: readonly SourceView[];
  /** Set-aside items of these sources, oldest first. Only the owner may see them. */
  readonly setAside: readonly SetAsideItem[];
  readonly feeds: readonly FeedHealth[];
  /** Time of the last finished run; null before the first. */
  readonly lastRunAt: Date | null;
  /** Time at which the view was made. */
  readonly at: Date;
}
