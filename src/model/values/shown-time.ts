import type { Story } from '../story.ts';

/** The time that is shown with a story: its lead's date, else the earliest date of a member, else
 *  the first sight. A story that came undated with the first reading of a source is `undated`. It
 *  is sorted, but nobody knows when it was written. */
interface ShownTime {
  readonly kind: 'published' | 'seen' | 'undated';
  /** The time that sorts the story. It is also shown, except for an undated story. */
  readonly at: Date;
}

/** Returns the one time of a story, which documents, pages, API and commands show and sort by.
 *  `datedAt` is set when the story's lead is chosen (fold/lead.ts) and stored. No list and no page
 *  computes a time of its own. */
export function toShownTime({ published, datedAt, firstSeenAt }: Pick<Story, 'published' | 'datedAt' | 'firstSeenAt'>): ShownTime {
  if (published !== null) return { kind: 'published', at: published };
  return { kind: datedAt < firstSeenAt ? 'undated' : 'seen', at: datedAt };
}

/** Reports whether two instants look the same to readers, who see times to the minute. false when
 *  the other instant is unknown. */
export function isSameMinute(one: Date, other: Date | null): boolean {
  return other !== null && Math.floor(one.getTime() / 60_000) === Math.floor(other.getTime() / 60_000);
}

/** Returns an instant to the minute in UTC, as commands and messages print it: `2026-03-01T12:30Z`
 *  (RFC 3339). */
export function showMinute(date: Date): string {
  return date.toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
