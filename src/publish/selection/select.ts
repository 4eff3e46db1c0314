import type { Feed } from '../../model/feed.ts';
import type { Candidate } from '../../model/listing.ts';
import { sha256 } from '../../model/values/hash.ts';
import { findPatternFault, toMatcher } from './match.ts';

/** Returns the fault of a pattern of `include` or `exclude`, in words; null for a usable
 *  pattern. */
export function checkPattern(pattern: string): string | null {
  return findPatternFault(pattern);
}

/** Reports whether a rule of the feed needs words. If so, a candidate must come with the words of
 *  its lead. */
export function looksAtWords({ include, exclude }: Feed): boolean {
  return include.length > 0 || exclude.length > 0;
}

/** Returns a hash of the rules that decide which stories belong to a feed and their order
 *  (docs/design.md §84). Another hash starts a new chain of archives. Settings that only shape
 *  documents (limit, maxPerSource, content, titles) are left out. */
export function hashRules(feed: Feed): string {
  const { sources, tags, include, exclude, since, minSources, order, maxPerSourcePerDay, holdBackMs } = feed;
  // `private` is included: archives made for a few readers must not be in a chain for everyone.
  const rules = { sources, tags, include, exclude, since, minSources, order, maxPerSourcePerDay, holdBackMs, private: feed.private };
  return sha256(JSON.stringify(rules)).toString('base64url').slice(0, 22);
}

/** Reports whether a feed takes stories from a source that has these tags. */
export function takesFrom({ sources, tags }: Pick<Feed, 'sources' | 'tags'>, sourceId: string, tagsOfSource: readonly string[]): boolean {
  return (sources.length === 0 || sources.includes(sourceId)) && (tags.length === 0 || tags.some((tag) => tagsOfSource.includes(tag)));
}

/** Returns the first rule by which a feed refuses a story, in words for the owner. Null: the feed
 *  takes it. The rules are those of createRule. */
export function findRuleAgainst(feed: Feed, tagsOf: (sourceId: string) => readonly string[], candidate: Candidate): string | null {
  const { sources, tags, include, exclude, since, minSources } = feed;
  const { isPublished, lead, sourceIds, datedAt } = candidate;
  if (!isPublished || lead === null) return 'it is not published';
  const named = sourceIds.filter((id) => sources.length === 0 || sources.includes(id));
  if (named.length === 0) return `the feed takes only from ${sources.join(', ')} (sources)`;
  if (!named.some((id) => takesFrom(feed, id, tagsOf(id))))
    return `the feed takes only sources tagged ${tags.join(', ')}, and the story has none of them (tags)`;
  if (sourceIds.length < minSources)
    return `the feed takes stories of at least ${minSources} sources, and this one has ${sourceIds.length} (minSources)`;
  if (since !== null && datedAt < since) return `the feed takes nothing dated before ${since.toISOString().slice(0, 10)} (since)`;
  if (include.length > 0 && !include.some((match) => toMatcher(match)(lead)))
    return `none of the feed's patterns is found in the story (include)`;
  const against = exclude.find((match) => toMatcher(match)(lead));
  return against === undefined ? null : `the feed excludes ${against.field}: ${against.pattern}, which is found in the story (exclude)`;
}

/** Returns a function that reports whether a story belongs to a feed. One member that fits the
 *  rules of sources and tags is enough. Words are searched in the lead, which readers see. A story
 *  that is held back belongs too, and is shown later. */
export function createRule(feed: Feed, tagsOf: (sourceId: string) => readonly string[]): (candidate: Candidate) => boolean {
  const includes = feed.include.map(toMatcher);
  const excludes = feed.exclude.map(toMatcher);
  const isTaken = (sourceId: string) => takesFrom(feed, sourceId, tagsOf(sourceId));
  return ({ isPublished, lead, sourceIds, datedAt }) =>
    isPublished &&
    lead !== null &&
    sourceIds.some(isTaken) &&
    sourceIds.length >= feed.minSources &&
    (feed.since === null || datedAt >= feed.since) &&
    (includes.length === 0 || includes.some((matches) => matches(lead))) &&
    !excludes.some((matches) => matches(lead));
}
