import type { Feed } from '../../model/feed.ts';
import type { Candidate } from '../../model/listing.ts';
import { sha256 } from '../../model/values/hash.ts';
import { findPatternFault, toMatcher } from './match.ts';

/** What is wrong with a pattern of `include` or `exclude`, in words; null when it can be used. */
export function checkPattern(pattern: string): string | null {
  return findPatternFault(pattern);
}

/** Whether a rule of the feed looks at words: a candidate must then come with those of its lead. */
export function looksAtWords({ include, exclude }: Feed): boolean {
  return include.length > 0 || exclude.length > 0;
}

/** The rules that decide which stories belong to a feed and where they stand (docs/design.md §84),
 *  as a hash: another one starts a new chain of archives. What only shapes its documents (limit,
 *  maxPerSource, content, titles) is no part of it. */
export function hashRules(feed: Feed): string {
  const { sources, tags, include, exclude, since, minSources, order, maxPerSourcePerDay, holdBackMs } = feed;
  // Whether it is private too: what was archived for few must not stand in a chain for all.
  const rules = { sources, tags, include, exclude, since, minSources, order, maxPerSourcePerDay, holdBackMs, private: feed.private };
  return sha256(JSON.stringify(rules)).toString('base64url').slice(0, 22);
}

/** Whether a feed takes stories from a source that has these tags. */
export function takesFrom({ sources, tags }: Pick<Feed, 'sources' | 'tags'>, sourceId: string, tagsOfSource: readonly string[]): boolean {
  return (sources.length === 0 || sources.includes(sourceId)) && (tags.length === 0 || tags.some((tag) => tagsOfSource.includes(tag)));
}

/** The first rule of a feed by which it does not take a story, in words for its owner; null when it
 *  takes it (createRule). */
export function findRuleAgainst(feed: Feed, tagsOf: (sourceId: string) => readonly string[], candidate: Candidate): string | null {
  const { sources, tags, include, exclude, since, minSources } = feed;
  const { isPublished, lead, sourceIds, datedAt } = candidate;
  if (!isPublished || lead === null) return 'it is not published';
  const named = sourceIds.filter((id) => sources.length === 0 || sources.includes(id));
  if (named.length === 0) return `its sources are ${sources.join(', ')} (sources)`;
  if (!named.some((id) => takesFrom(feed, id, tagsOf(id))))
    return `its tags are ${tags.join(', ')}, which no source of the story has (tags)`;
  if (sourceIds.length < minSources)
    return `it takes what ${minSources} sources tell, and ${sourceIds.length} of them tells it (minSources)`;
  if (since !== null && datedAt < since) return `it takes nothing from before ${since.toISOString().slice(0, 10)} (since)`;
  if (include.length > 0 && !include.some((match) => toMatcher(match)(lead))) return `none of its patterns is found in the story (include)`;
  const against = exclude.find((match) => toMatcher(match)(lead));
  return against === undefined ? null : `its rule exclude: ${against.field}: ${against.pattern} is found in the story (exclude)`;
}

/** The part of a feed's rules that looks at one story at a time. A story belongs to a feed if one
 *  of its members does; words are looked for in its lead, which is what the reader sees. What is
 *  held back belongs too: it is shown later. */
export function createRule(feed: Feed, tagsOf: (sourceId: string) => readonly string[]): (candidate: Candidate) => boolean {
  const includes = feed.include.map(toMatcher);
  const excludes = feed.exclude.map(toMatcher);
  const isOf = (sourceId: string) => takesFrom(feed, sourceId, tagsOf(sourceId));
  return ({ isPublished, lead, sourceIds, datedAt }) =>
    isPublished &&
    lead !== null &&
    sourceIds.some(isOf) &&
    sourceIds.length >= feed.minSources &&
    (feed.since === null || datedAt >= feed.since) &&
    (includes.length === 0 || includes.some((matches) => matches(lead))) &&
    !excludes.some((matches) => matches(lead));
}
