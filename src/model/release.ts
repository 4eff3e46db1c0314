/** Something in an own article that cannot be read for certain, so that the article is held
 *  back. */
export interface ReleaseFault {
  /** `article/front-matter`, `article/date`, `article/status` or `article/draft`. */
  readonly code: string;
  /** Line of the file, from 1; null when it has none. */
  readonly line: number | null;
  /** The cause, in words. */
  readonly cause: string;
  /** The way to mend it, in words. */
  readonly mend: string;
}

/** A date of an own article, as written. */
export interface SaidDate {
  /** The key that has it, as written; `file name` for a date in the name. */
  readonly key: string;
  readonly text: string;
  /** Line of the file, from 1; null when it has none. */
  readonly line: number | null;
}

/** When an own article may be shown, as far as it says so itself. Dates are not read yet. */
export interface Release {
  /** Empty when everything can be read. */
  readonly faults: readonly ReleaseFault[];
  /** The words that make it a draft; null when it is none. */
  readonly draft: { readonly said: string; readonly line: number | null } | null;
  /** It waits for the latest of these: `publishDate` and the like, else `date`, else the date in
   *  the file's name. */
  readonly from: readonly SaidDate[];
  /** It is shown no longer from then on; null when it says nothing of that. */
  readonly until: SaidDate | null;
  /** Its other dates, which have to be dates too. */
  readonly others: readonly SaidDate[];
}

/** The reason why an own article is not shown. It says so, its time has not come or is over, or
 *  something in it cannot be read for certain. */
export type HoldReason = 'draft' | 'embargo' | 'expired' | 'fault';

/** An own article that waits, or that has a published version which is not up to date with its
 *  file. */
export interface HeldFile {
  readonly sourceId: string;
  /** Path below the folder. */
  readonly location: string;
  /** The title that it would have; that of its file's name where it has none. */
  readonly title: string;
  readonly reason: HoldReason;
  /** Stable machine word: `article/draft`, `article/embargo`, `article/expired`, or that of a
   *  fault. */
  readonly code: string;
  /** The cause, in words. */
  readonly message: string;
  /** Line of the file, from 1; null when the cause stands on none. */
  readonly line: number | null;
  /** The way to mend it; null where nothing is wrong. */
  readonly mend: string | null;
  /** When it is looked at again by itself; null for never. */
  readonly until: Date | null;
  /** true while a version of it is published all the same. */
  readonly isPublished: boolean;
}

/** The way to mend a date that is none. */
export const DATE_MEND = 'write it as 2026-01-31, or 2026-01-31T12:00:00+01:00';
