import type { DayCount, FeedCounts } from '../../model/headline.ts';

/** Counts entries and stories for monitoring pages and alerts. */
export interface CountReads {
  /** Counts each source's entries by day, by their dates from `from` on, oldest day first.
   *  Deleted and hidden entries are left out. */
  countEntriesByDay(from: Date): Promise<ReadonlyMap<string, readonly DayCount[]>>;
  /** Counts the stories that a feed shows, dated from `from` on, and the stories that left it
   *  after `lostSince`. */
  countFeed(slug: string, since: { readonly from: Date; readonly lostSince: Date }): Promise<FeedCounts>;
  /** Counts the published stories that are not withdrawn. */
  countStories(): Promise<number>;
}
