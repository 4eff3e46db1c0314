/** A story as lists show it: without its texts. */
export interface Headline {
  /** Number in the store. */
  readonly no: number;
  /** atom:id. */
  readonly id: string;
  /** Short name in URLs and commands. */
  readonly key: string;
  /** Of the lead's newest version, plain text; may be empty. */
  readonly title: string;
  /** The lead's own address, as it was sent; null when there is none. */
  readonly url: string | null;
  /** Beginning of the lead's plain text, EXCERPT_LENGTH characters at most. */
  readonly excerpt: string;
  /** Beginning of what the lead gives as its summary, HTML as it was sent, SUMMARY_START characters
   *  at most; null when there is none. */
  readonly summary: string | null;
  /** BCP 47, of the lead, else of its source; null when unknown. */
  readonly language: string | null;
  /** null when no member has a believable date. */
  readonly published: Date | null;
  readonly updated: Date;
  readonly firstSeenAt: Date;
  /** The time that it is shown with (model/shown-time.ts). */
  readonly datedAt: Date;
  /** Where it stands in the list's order. */
  readonly at: Date;
  /** Each once: the lead's first, then in order of arrival. */
  readonly sources: readonly HeadlineSource[];
  /** Members that may be shown. */
  readonly entries: number;
  /** Versions of the lead that readers were told of, the first one included: as many as
   *  Story.revisions has. */
  readonly revisions: number;
}

/** A source as a list names it. */
export interface HeadlineSource {
  readonly id: string;
  /** Owner's title, else the feed's, else the id. */
  readonly title: string;
}

/** Characters of a text that lists may need to make a line or two of it. */
export const EXCERPT_LENGTH = 600;

/** The same of a summary, whose tags take room. */
export const SUMMARY_START = 2000;

/** Which stories to list. */
export interface HeadlineQuery {
  /** Only stories that stand in one of these feeds. Of one feed they come in its order, of several
   *  by date; newest first. */
  readonly slugs: readonly string[];
  /** Only those that one of these sources has; null for all. */
  readonly sources: readonly string[] | null;
  /** Words or phrases of two characters at least that must all stand in the title or the text of
   *  its lead, in any case; empty for all. */
  readonly words: readonly string[];
  /** How many to pass over. */
  readonly offset: number;
  readonly limit: number;
}

/** How much there is of one day. */
export interface DayCount {
  /** Whole days since 1970-01-01, UTC. */
  readonly day: number;
  /** At least 1. */
  readonly count: number;
}

/** What a feed has to show, for those who watch over it. */
export interface FeedCounts {
  /** Stories that stand in it, by the day of their place in its order, oldest day first. */
  readonly days: readonly DayCount[];
  /** All that stand in it. */
  readonly standing: number;
  /** Place of the newest of them in the feed's order; null when there is none. */
  readonly newestAt: Date | null;
  /** Those that have left it lately and are not back; not those that other rules of the owner left
   *  out. */
  readonly lost: number;
  /** When its readers were last told of a story that stands in it; null when none does. */
  readonly toldAt: Date | null;
}
