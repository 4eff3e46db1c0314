import type { DayCount, FeedCounts } from '../../model/headline.ts';

/** Counts entries and stories, for pages and alerts that watch over sources and feeds. */
export interface CountReads {
  /** Counts each source's entries by day from an instant on, by their dates, oldest day first.
   *  Deleted and hidden ones are left out. */
  countEntriesByDay(from: Date): Promise<ReadonlyMap<string, readonly DayCount[]>>;
  /** Counts the stories that a feed shows from an instant on, and the stories that it has lost since
   *  another one. */
  countFeed(slug: string, since: { readonly from: Date; readonly lostSince: Date }): Promise<FeedCounts>;
  /** Counts the stories that are published and not withdrawn. */
  countStories(): Promise<number>;
}
