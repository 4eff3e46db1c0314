import type { Story } from './story.ts';

/** What a story's time is: the date that its lead has, else the earliest that a member has; else its first sight; or, where neither is its age, no time at
 *  all: what came with the first reading of a source undated has a place in the order, and nothing is known of when it was written. */
export interface ShownTime {
  readonly kind: 'published' | 'seen' | 'undated';
  /** Where it stands in the order by date, the instant that is shown but for an undated story. */
  readonly at: Date;
}

/** The one time of a story, by which it is shown and sorted wherever stories stand by date: in documents, on pages, in the API, in commands. `datedAt` is
 *  decided when a story is settled (fold/lead.ts) and stored; no list and no page works one out by itself. */
export function toShownTime({ published, datedAt, firstSeenAt }: Pick<Story, 'published' | 'datedAt' | 'firstSeenAt'>): ShownTime {
  if (published !== null) return { kind: 'published', at: published };
  return { kind: datedAt < firstSeenAt ? 'undated' : 'seen', at: datedAt };
}

/** Whether two instants are shown as the same: times are shown to the minute. false when the other is unknown. */
export function isSameMinute(one: Date, other: Date | null): boolean {
  return other !== null && Math.floor(one.getTime() / 60_000) === Math.floor(other.getTime() / 60_000);
}
