import type { Feed } from '../model/feed.ts';
import type { Member, Story } from '../model/story.ts';
import { findPatternFault, toMatcher } from './match.ts';

/** A selection in the making: stories are offered newest first until it is full. */
export interface Selection {
  /** Those taken so far, in the order offered. */
  readonly stories: readonly Story[];
  /** true when no further story can be taken. */
  readonly isFull: () => boolean;
  readonly offer: (story: Story) => void;
}

/** What is wrong with a pattern of `include` or `exclude`, in words; null when it can be used. */
export function checkPattern(pattern: string): string | null {
  return findPatternFault(pattern);
}

/** Selects stories by a feed's rules (DESIGN §7). `now` decides what is held back. A story belongs to a feed if one of its members does;
 *  its lead is the one that counts for the limits per source. */
export function createSelection(feed: Feed, now: Date): Selection {
  const includes = feed.include.map(toMatcher);
  const excludes = feed.exclude.map(toMatcher);
  const stories: Story[] = [];
  const taken = new Map<string, number>();
  const isOf = (member: Member) =>
    (feed.sources.length === 0 || feed.sources.includes(member.entry.sourceId)) &&
    (feed.tags.length === 0 || feed.tags.some((tag) => member.source.tags.includes(tag)));
  const isWanted = (story: Story) =>
    story.members.some(isOf) &&
    (includes.length === 0 || includes.some((matches) => matches(story.lead))) &&
    !excludes.some((matches) => matches(story.lead)) &&
    new Set(story.members.map((member) => member.entry.sourceId)).size >= feed.minSources &&
    (feed.since === null || (story.published ?? story.firstSeenAt) >= feed.since) &&
    now.getTime() - story.firstSeenAt.getTime() >= feed.holdBackMs;
  return {
    stories,
    isFull: () => stories.length >= feed.limit,
    offer(story) {
      if (stories.length >= feed.limit || !isWanted(story)) return;
      const source = story.lead.entry.sourceId;
      const day = `${source} ${(story.published ?? story.firstSeenAt).toISOString().slice(0, 10)}`;
      const ofSource = taken.get(source) ?? 0;
      const ofDay = taken.get(day) ?? 0;
      if (ofSource >= (feed.maxPerSource ?? Infinity) || ofDay >= (feed.maxPerSourcePerDay ?? Infinity)) return;
      taken.set(source, ofSource + 1);
      taken.set(day, ofDay + 1);
      stories.push(story);
    },
  };
}
