import type { Problem } from '../model/errors.ts';
import { toAsideText } from '../model/set-aside.ts';
import { showMinute } from '../model/values/shown-time.ts';
import type { SeenEntry } from '../ports/store/find-articles.ts';
import type { StoryEvidence } from '../ports/store/stories.ts';
import type { FoundArticle, WhyAnswer } from './why.ts';

/** The answer as one object, printed by `newsfold why` and returned by /api/v1/why to the owner.
 *  Instants are dates; null is unknown. */
export interface WhyForm extends Pick<WhyAnswer, 'held' | 'setAside' | 'reported' | 'pruned' | 'isOwn'> {
  readonly question: string;
  readonly found: readonly FoundForm[];
  /** Entries with similar titles, when nothing was found. */
  readonly nearest: readonly EntryForm[];
  /** Sources on the host of the address, when nothing was found. */
  readonly sources: readonly { readonly id: string; readonly lastSuccessAt: Date | null; readonly problem: Problem | null }[];
}

/** An entry with its names. */
interface EntryForm extends Pick<SeenEntry, 'title' | 'url' | 'firstSeenAt' | 'deletedAt'> {
  /** Id of its source. */
  readonly source: string;
  /** Key of the entry. */
  readonly entry: string;
}

interface FoundForm extends EntryForm {
  /** null while the entry waits to be folded. */
  readonly story: Pick<StoryEvidence, 'key' | 'withdrawnAt' | 'hiddenAt' | 'mergedInto'> | null;
  /** Everything known of the entry besides its feeds, one sentence each. */
  readonly why: readonly string[];
  readonly feeds: FoundArticle['feeds'];
}

/** Returns the answer to a question in the form that is printed. */
export function toWhyForm(question: string, { found, ...rest }: WhyAnswer): WhyForm {
  return {
    question,
    found: found.map((one) => ({
      ...toEntryForm(one.entry),
      story: one.story && {
        key: one.story.key,
        withdrawnAt: one.story.withdrawnAt,
        hiddenAt: one.story.hiddenAt,
        mergedInto: one.story.mergedInto,
      },
      why: sayEntry(one),
      feeds: one.feeds,
    })),
    held: rest.held,
    setAside: rest.setAside,
    reported: rest.reported,
    pruned: rest.pruned,
    isOwn: rest.isOwn,
    nearest: rest.nearest.map(toEntryForm),
    sources: rest.sources.map(({ source, poll }) => ({ id: source.id, lastSuccessAt: poll.lastSuccessAt, problem: poll.problem })),
  };
}

function toEntryForm({ sourceId, key, title, url, firstSeenAt, deletedAt }: SeenEntry): EntryForm {
  return { source: sourceId, entry: key, title, url, firstSeenAt, deletedAt };
}

function sayEntry({ entry, story, setAside }: FoundArticle): string[] {
  const lines = [`first seen ${showMinute(entry.firstSeenAt)}`];
  if (entry.deletedAt !== null) lines.push(`withdrawn ${showMinute(entry.deletedAt)}: its file was gone, or its source withdrew it`);
  for (const item of setAside) lines.push(toAsideText(item));
  if (story === null) return [...lines, ...(setAside.length > 0 ? [] : ['it waits for the next run, which folds it'])];
  const member = story.members.find((one) => one.entry.key === entry.key);
  const lead = story.members.find((one) => one.isLead);
  if (member?.hiddenAt) lines.push(`hidden ${showMinute(member.hiddenAt)}: newsfold unhide ${entry.key} shows it again`);
  if (story.hiddenAt !== null)
    lines.push(`its story is hidden since ${showMinute(story.hiddenAt)}: newsfold unhide ${story.key} shows it again`);
  if (story.mergedInto !== null) lines.push(`its story is part of ${story.mergedInto}`);
  else if (story.withdrawnAt !== null) lines.push(`its story ${story.key} was withdrawn ${showMinute(story.withdrawnAt)}`);
  else if (story.updated === null) lines.push(`its story ${story.key} waits for the next run, which publishes it`);
  else if (member && lead && !member.isLead) {
    const reason = member.isFounder ? 'the lead joined its story later' : member.verdict.why.join(', ');
    lines.push(`folded into the story ${story.key}, which ${lead.entry.sourceId} leads: ${reason}`);
  } else lines.push(`it leads the story ${story.key}${story.members.length > 1 ? `, which has ${story.members.length} entries` : ''}`);
  return lines;
}
