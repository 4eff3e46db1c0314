import type { Version } from '../../model/entry.ts';
import type { Headline } from '../../model/headline.ts';
import { toAsideProblem } from '../../model/set-aside.ts';
import type { SetAsideItem } from '../../model/set-aside.ts';
import type { SourceStatus } from '../../model/source.ts';
import type { Member, Story } from '../../model/story.ts';
import { toWebUrl } from '../selection/terms.ts';

/** A story as a line of `stories --json` and of /api/v1/stories (docs/design.md §85). */
interface StoryForm {
  readonly key: string;
  readonly id: string;
  readonly title: string;
  /** Address of the lead, as pages link to it; null when it has none that may be followed. */
  readonly url: string | null;
  readonly published: string | null;
  readonly updated: string;
  /** Ids of the sources. */
  readonly sources: readonly string[];
  readonly entries: number;
  readonly revisions: number;
}

/** Returns the form of a complete story. */
export function toStoryForm(story: Story): StoryForm {
  const { key, id, published, updated, lead, members, revisions } = story;
  const sources = [...new Set(members.map((member) => member.entry.sourceId))];
  const { title } = lead.entry.revision;
  const counts = { sources, entries: members.length, revisions: revisions.length };
  return { key, id, title, url: toWebUrl(lead.entry.url), published: toTime(published), updated: updated.toISOString(), ...counts };
}

/** Returns the form of a story in a list. */
export function toHeadlineForm(headline: Headline): StoryForm {
  const { key, id, title, published, updated, sources, entries, revisions } = headline;
  const url = toWebUrl(headline.url);
  const ids = sources.map((source) => source.id);
  return { key, id, title, url, published: toTime(published), updated: updated.toISOString(), sources: ids, entries, revisions };
}

/** Returns a member with the reason why it is in its story, for `explain --json`. */
export function toMemberForm(
  { entry, verdict }: Pick<Member, 'entry' | 'verdict'>,
  { isFounder, url }: { readonly isFounder: boolean; readonly url: string | null },
) {
  return {
    source: entry.sourceId,
    url: toWebUrl(url),
    verdict: isFounder ? 'first' : verdict.label,
    score: verdict.score,
    why: verdict.why,
  };
}

/** Returns a version for `explain --json`. */
export function toRevisionForm(revision: Pick<Version, 'kind' | 'updated' | 'published' | 'seenAt' | 'mark'>) {
  return { updated: madeAt(revision).toISOString(), kind: revision.kind, why: revision.mark ?? reasons[revision.kind] };
}

/** Returns the time of a version: its own update time, else the publication of a first version,
 *  else its first sight. */
export function madeAt({ kind, updated, published, seenAt }: Pick<Version, 'kind' | 'updated' | 'published' | 'seenAt'>): Date {
  return updated ?? (kind === 'first' ? published : null) ?? seenAt;
}

/** Reasons for versions, in words. */
export const reasons = {
  first: 'as it was first seen',
  mark: 'an update mark was added',
  edit: 'its words changed',
  cosmetic: 'only spacing or markup changed; readers see no update',
} as const;

/** Returns a source as a line of `sources --json` and of /api/v1/sources. With `isPublic` it
 *  contains no local path. */
export function toSourceForm(status: SourceStatus, { isPublic, problem }: { readonly isPublic: boolean; readonly problem: string | null }) {
  const { source, description, poll, entries } = status;
  return {
    id: source.id,
    kind: source.kind,
    title: source.title ?? description.title ?? source.id,
    url: source.private || (isPublic && isLocal(status)) ? null : source.address,
    state: toState(status),
    lastSuccessAt: toTime(poll.lastSuccessAt),
    lastEntryAt: toTime(poll.lastEntryAt),
    nextPollAt: isLocal(status) || poll.gone || !status.active ? null : toTime(poll.nextPollAt),
    failures: poll.failures,
    problem: poll.problem && {
      source: source.id,
      code: poll.problem.code,
      message: problem ?? poll.problem.message,
      // The entry is the name of a file.
      ...(poll.problem.entry !== undefined && !(isPublic && source.private) && { entry: poll.problem.entry }),
    },
    entries,
  };
}

/** Returns a set-aside item of a source for `sources --json` and the owner's /api/v1/sources. */
export function toAsideForm(item: SetAsideItem) {
  const { what, name, stage, reason, version, at, tries, isOpen } = item;
  const { code, message } = toAsideProblem(item);
  return { what, ...(name === '' ? {} : { name }), stage, reason, code, message, version, at, tries, isOpen };
}

/** Returns the state of a source as one word. */
export function toState({ active, poll }: SourceStatus): 'removed' | 'gone' | 'failing' | 'new' | 'ok' {
  if (!active) return 'removed';
  if (poll.gone) return 'gone';
  if (poll.failures > 0) return 'failing';
  return poll.lastSuccessAt === null ? 'new' : 'ok';
}

/** Reports whether a source is read from files: it is read at every run, without polling. */
export function isLocal({ source }: SourceStatus): boolean {
  return source.kind === 'file' || source.kind === 'articles';
}

function toTime(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
