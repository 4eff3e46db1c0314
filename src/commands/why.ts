import { openApp } from '../app.ts';
import type { SeenEntry } from '../ports/find-store.ts';
import { askWhy } from '../why.ts';
import type { FoundArticle, WhyAnswer } from '../why.ts';
import { toAsideText } from './aside-text.ts';
import { colour, complain, print, printJson } from './print.ts';

/** Says what became of an article: when and where it was seen, and into which story it was
 *  folded. For each feed it names the rule that left it out, or the archive that has it.
 *  `question` is its address, its title or a part of it, or a key. In words, or with `json` one
 *  object. Exit code 1 when nothing is known of it. */
export async function whyCommand(question: string, options: { readonly config: string; readonly json?: boolean }): Promise<number> {
  const app = await openApp(options.config, 'why');
  try {
    if (question.trim() === '') {
      complain('nothing is asked for: newsfold why URL, or a title in quotes');
      return 2;
    }
    const { store, clock, config, runParts } = app;
    const answer = await askWhy({ store, clock, feeds: runParts.settings.feeds, siteUrl: config.site.url }, question);
    if (options.json === true) printJson(toJson(question, answer));
    else show(question, answer);
    const isKnown = [answer.found, answer.held, answer.setAside, answer.reported, answer.pruned].some((list) => list.length > 0);
    return isKnown || answer.isOwn ? 0 : 1;
  } finally {
    await app.close();
  }
}

function toJson(question: string, { found, ...rest }: WhyAnswer): object {
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

function show(question: string, answer: WhyAnswer): void {
  const { found, held, setAside, reported, pruned, isOwn, nearest, sources } = answer;
  for (const one of found) {
    const { title, key, sourceId, url } = one.entry;
    print(colour('bold', title || '(untitled)'));
    print(`  ${sourceId}, entry ${key}  ${url ?? 'without an address'}`);
    for (const line of sayEntry(one)) print(`  ${line}`);
    for (const { feed, state, why } of one.feeds) print(`  feed ${feed}: ${state}: ${why}`);
  }
  for (const { sourceId, location, message, mend } of held)
    print(`${sourceId}  ${location} is held back: ${message}${mend === null ? '' : `; to mend it: ${mend}`}`);
  for (const item of setAside) print(toAsideText(item));
  for (const { at, source, code, message } of reported) print(`${showTime(at)}  ${source}: ${message} [${code}]`);
  for (const { sourceId, title, prunedAt } of pruned)
    print(`${sourceId}  "${title}" is kept no longer since ${showTime(prunedAt)} (keep); archives may have it`);
  if (isOwn) print('this is an address of this site itself: what comes back from its own feeds is left out [entry/loop]');
  if ([found, held, setAside, reported, pruned].some((list) => list.length > 0) || isOwn) return;
  print(`nothing that was read so far is "${question.trim()}"`);
  for (const { title, sourceId, key } of nearest) print(`  similar: "${title}" of ${sourceId}, entry ${key}`);
  for (const { source, poll } of sources) {
    const last = poll.lastSuccessAt === null ? 'was never read' : `was last read ${showTime(poll.lastSuccessAt)}`;
    print(`  the source ${source.id} of that host ${last}${poll.problem === null ? '' : `; its problem: ${poll.problem.message}`}`);
  }
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

function showTime(date: Date): string {
  return date.toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
