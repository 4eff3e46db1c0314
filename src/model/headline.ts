/** A story as lists show it, without its texts. */
export interface Headline {
  /** Number of the story in the store. */
  readonly no: number;
  /** atom:id of the story. */
  readonly id: string;
  /** Short name of the story in URLs and commands. */
  readonly key: string;
  /** Title of the lead's newest version, plain text; may be empty. */
  readonly title: string;
  /** The lead's own address, as sent; null when the lead has none. */
  readonly url: string | null;
  /** Beginning of the lead's plain text, at most EXCERPT_LENGTH characters. */
  readonly excerpt: string;
  /** Beginning of the lead's summary, HTML as sent, at most SUMMARY_START characters; null when the
   *  lead has none. */
  readonly summary: string | null;
  /** BCP 47, of the lead, else of its source; null when unknown. */
  readonly language: string | null;
  /** Date of publication; null when no member has a believable date. */
  readonly published: Date | null;
  /** Time of the last real change. */
  readonly updated: Date;
  /** Time at which Newsfold first read an entry of the story. */
  readonly firstSeenAt: Date;
  /** The time that lists and pages show (model/values/shown-time.ts). */
  readonly datedAt: Date;
  /** The time by which this list sorts the story. */
  readonly at: Date;
  /** Sources of the story, each once: the lead's first, then in order of arrival. */
  readonly sources: readonly HeadlineSource[];
  /** Number of members that may be shown. */
  readonly entries: number;
  /** Number of versions of the lead without cosmetic ones, including the first: the length of
   *  Story.revisions. */
  readonly revisions: number;
}

/** A source as a list names it. */
export interface HeadlineSource {
  readonly id: string;
  /** Owner's title, else the feed's, else the id. */
  readonly title: string;
}

/** Characters of a text from which lists make a line or two. */
export const EXCERPT_LENGTH = 600;

/** Characters of a summary from which lists make a line or two. It is larger, because tags take
 *  room. */
export const SUMMARY_START_LENGTH = 2000;

/** A query for a list of stories. */
export interface HeadlineQuery {
  /** Feeds whose stories are listed. Stories of one feed come in its order, stories of several
   *  feeds by date, newest first. */
  readonly slugs: readonly string[];
  /** Only stories with a member from one of these sources; null for all. */
  readonly sources: readonly string[] | null;
  /** Words or phrases of at least two characters, compared in any case. The lead's title or text
   *  must contain all of them. Empty for all stories. */
  readonly words: readonly string[];
  /** Number of stories to skip. */
  readonly offset: number;
  /** Most stories to return. */
  readonly limit: number;
}

/** Number of things on one day. */
export interface DayCount {
  /** Whole days since 1970-01-01, UTC. */
  readonly day: number;
  /** At least 1. */
  readonly count: number;
}

/** Counts of a feed's stories, for alerts and health. */
export interface FeedCounts {
  /** Number of stories that the feed shows, by the day of the date that sorts them, oldest day
   *  first. */
  readonly days: readonly DayCount[];
  /** Number of stories that the feed shows. */
  readonly standing: number;
  /** Date by which the feed's newest story is sorted; null when the feed shows none. */
  readonly newestAt: Date | null;
  /** Number of stories that left the feed within a day and have not returned. Stories that the
   *  owner's new rules excluded do not count. */
  readonly lost: number;
  /** Time at which the feed last announced a story that it still shows; null when it shows none. */
  readonly toldAt: Date | null;
}
