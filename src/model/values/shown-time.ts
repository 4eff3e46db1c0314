import type { Story } from '../story.ts';

/** A story's time: the date of its lead, else the earliest date of a member, else its first
 *  sight. A story that came undated with the first reading of a source has no time at all. It
 *  has a place in the order, but nothing is known of when it was written. */
export interface ShownTime {
  readonly kind: 'published' | 'seen' | 'undated';
  /** Its place in the order by date; this instant is shown but for an undated story. */
  readonly at: Date;
}

/** The one time of a story, which is shown and sorted by wherever stories stand by date:
 *  documents, pages, API and commands. `datedAt` is decided when a story is settled
 *  (fold/lead.ts) and stored; no list and no page works one out by itself. */
export function toShownTime({ published, datedAt, firstSeenAt }: Pick<Story, 'published' | 'datedAt' | 'firstSeenAt'>): ShownTime {
  if (published !== null) return { kind: 'published', at: published };
  return { kind: datedAt < firstSeenAt ? 'undated' : 'seen', at: datedAt };
}

/** Whether two instants are shown as the same: times are shown to the minute. false when the other
 *  is unknown. */
export function isSameMinute(one: Date, other: Date | null): boolean {
  return other !== null && Math.floor(one.getTime() / 60_000) === Math.floor(other.getTime() / 60_000);
}

/** Returns an instant to the minute in UTC, as commands and messages print it: `2026-03-01T12:30Z`
 *  (RFC 3339). */
export function showMinute(date: Date): string {
  return date.toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
