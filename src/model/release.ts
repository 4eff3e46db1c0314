/** A part of an own article that cannot be read with certainty. Newsfold then holds the article
 *  back. */
export interface ReleaseFault {
  /** `article/front-matter`, `article/date`, `article/status` or `article/draft`. */
  readonly code: string;
  /** Line of the file, counted from 1; null when the fault has no line. */
  readonly line: number | null;
  /** The cause, in words. */
  readonly cause: string;
  /** The remedy, in words. */
  readonly mend: string;
}

/** A date of an own article, as written. */
export interface WrittenDate {
  /** The key with the date, as written; `file name` for a date in the name. */
  readonly key: string;
  readonly text: string;
  /** Line of the file, counted from 1; null for a date in the file's name. */
  readonly line: number | null;
}

/** The data of an own article that decide when it may be shown. Dates are still unread text. */
export interface Release {
  /** Empty when everything can be read. */
  readonly faults: readonly ReleaseFault[];
  /** The words that make the article a draft; null when it is no draft. */
  readonly draft: { readonly said: string; readonly line: number | null } | null;
  /** The article waits for the latest of these dates: `publishDate` and the like, else `date`, else
   *  the date in the file's name. */
  readonly from: readonly WrittenDate[];
  /** The article is hidden from this date on; null when it gives none. */
  readonly until: WrittenDate | null;
  /** The article's other dates, which must be readable too. */
  readonly others: readonly WrittenDate[];
}

/** The reason for hiding an own article: a draft, its time has not come, its time is over, or it
 *  cannot be read with certainty. */
type HoldReason = 'draft' | 'embargo' | 'expired' | 'fault';

/** An own article that is held back, or whose published version is older than its file. */
export interface HeldFile {
  /** Id of the source, a folder of local articles. */
  readonly sourceId: string;
  /** Path below the folder. */
  readonly location: string;
  /** Title of the article; made from the file's name when it has none. */
  readonly title: string;
  readonly reason: HoldReason;
  /** Stable machine word: `article/draft`, `article/embargo`, `article/expired`, or the code of a
   *  fault. */
  readonly code: string;
  /** The cause, in words. */
  readonly message: string;
  /** Line of the file, counted from 1; null when the cause has no line. */
  readonly line: number | null;
  /** The remedy, in words; null when there is no fault. */
  readonly mend: string | null;
  /** Time at which the article is checked again without a change to its file; null for never. */
  readonly until: Date | null;
  /** true while an older version of the article is still published. */
  readonly isPublished: boolean;
}

/** The remedy for a text that is no date. */
export const DATE_REMEDY = 'write it as 2026-01-31, or 2026-01-31T12:00:00+01:00';
