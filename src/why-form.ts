import { toAsideText } from './model/set-aside.ts';
import type { SeenEntry } from './ports/find-store.ts';
import type { FoundArticle, WhyAnswer } from './why.ts';

/** The answer as `toWhyForm` makes it. */
export type WhyForm = ReturnType<typeof toWhyForm>;

/** The answer as one object, which `why --json` prints and the owner's /api/v1/why has. Instants
 *  are dates, what is unknown is null. */
export function toWhyForm(question: string, { found, ...rest }: WhyAnswer) {
  const toName = ({ sourceId, key, title, url, firstSeenAt, deletedAt }: SeenEntry) => ({
    source: sourceId,
    entry: key,
    title,
    url,
    firstSeenAt,
    deletedAt,
  });
  return {
    question,
    found: found.map((one) => ({
      ...toName(one.entry),
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
    nearest: rest.nearest.map(toName),
    sources: rest.sources.map(({ source, poll }) => ({ id: source.id, lastSuccessAt: poll.lastSuccessAt, problem: poll.problem })),
  };
}

/** All that is known of an entry beside its feeds, a sentence each. */
function sayEntry({ entry, story, setAside }: FoundArticle): string[] {
  const lines = [`first seen ${showTime(entry.firstSeenAt)}`];
  if (entry.deletedAt !== null) lines.push(`withdrawn ${showTime(entry.deletedAt)}: its file was gone, or its source withdrew it`);
  for (const item of setAside) lines.push(toAsideText(item));
  if (story === null) return [...lines, ...(setAside.length > 0 ? [] : ['it waits for the next run, which folds it'])];
  const member = story.members.find((one) => one.entry.key === entry.key);
  const lead = story.members.find((one) => one.isLead);
  if (member?.hiddenAt) lines.push(`hidden ${showTime(member.hiddenAt)}: newsfold unhide ${entry.key} shows it again`);
  if (story.hiddenAt !== null)
    lines.push(`its story is hidden since ${showTime(story.hiddenAt)}: newsfold unhide ${story.key} shows it again`);
  if (story.mergedInto !== null) lines.push(`its story is part of ${story.mergedInto}`);
  else if (story.withdrawnAt !== null) lines.push(`its story ${story.key} was withdrawn ${showTime(story.withdrawnAt)}`);
  else if (story.updated === null) lines.push(`its story ${story.key} waits for the next run, which publishes it`);
  else if (member && lead && !member.isLead) {
    const why = member.isFounder ? 'its story was joined by the lead later' : member.verdict.why.join(', ');
    lines.push(`folded into the story ${story.key}, which ${lead.entry.sourceId} leads: ${why}`);
  } else lines.push(`it leads the story ${story.key}${story.members.length > 1 ? `, which has ${story.members.length} entries` : ''}`);
  return lines;
}

/** An instant to the minute (RFC 3339). */
function showTime(date: Date): string {
  return date.toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
