import { openApp } from '../../app/app.ts';
import { KEY_SCORE, describeAlternatives } from '../../fold/judge/reasons.ts';
import { isSameMinute, showMinute, toShownTime } from '../../model/values/shown-time.ts';
import type { Verdict } from '../../model/story.ts';
import type { MemberEvidence, StoryEvidence } from '../../ports/store/stories.ts';
import { toAsideForm, madeAt, reasons, toMemberForm, toRevisionForm } from '../../publish/api/json.ts';
import { toAsideText } from '../../model/set-aside.ts';
import { colour, complain, print, printJson } from '../output/print.ts';

/** Explains a story: its members with the evidence for each, and the versions of its lead. `key`
 *  is the key of a story or of one of its entries. Prints words, or with `json` one object
 *  (docs/design.md §85) without deleted members. Exit code 1 when the key is unknown. */
export async function explainCommand(key: string, options: { readonly config: string; readonly json?: boolean }): Promise<number> {
  const app = await openApp(options.config, 'explain');
  try {
    const story = await app.store.readEvidence(key);
    const aside = (await app.store.readSetAside()).filter(({ name, no }) => name === key || isOf(story, no));
    if (story === null && aside.length > 0) {
      if (options.json === true) printJson({ key, members: [], revisions: [], setAside: aside.map(toAsideForm) });
      for (const item of options.json === true ? [] : aside) print(toAsideText(item));
      return 0;
    }
    if (story === null) {
      complain(`no story or entry has the key ${key}: newsfold stories lists the published ones; new ones appear after newsfold run`);
      return 1;
    }
    if (options.json === true) printJson({ ...toJson(story), ...(aside.length > 0 && { setAside: aside.map(toAsideForm) }) });
    else {
      explain(story);
      for (const item of aside) print(colour('yellow', toAsideText(item)));
    }
    return 0;
  } finally {
    await app.close();
  }
}

/** Reports whether a number belongs to a story or to one of its entries. */
function isOf(story: StoryEvidence | null, no: number | null): boolean {
  return story !== null && no !== null && (story.no === no || story.members.some(({ entry }) => entry.no === no));
}

function toJson({ key, members, revisions }: StoryEvidence): object {
  return {
    key,
    members: members
      .filter((member) => member.deletedAt === null)
      .map((member) => toMemberForm(member, { isFounder: member.isFounder, url: member.entry.url })),
    revisions: revisions.map(toRevisionForm),
  };
}

function explain(story: StoryEvidence): void {
  const { key, id, published, updated, withdrawnAt, hiddenAt, mergedInto, members, revisions, related } = story;
  const lead = members.find((member) => member.isLead) ?? members[0];
  print(colour('bold', lead?.entry.revision.title || '(untitled)'));
  print(`  story      ${key}`);
  print(`  id         ${id}`);
  print(`  published  ${published === null ? 'unknown' : showMinute(published)}`);
  if (updated === null || !isSameMinute(updated, published))
    print(`  updated    ${updated === null ? 'not published yet' : showMinute(updated)}`);
  if (published === null) print(`  dated      ${sayDated(story)}`);
  if (withdrawnAt !== null) print(`  withdrawn  ${showMinute(withdrawnAt)}`);
  if (hiddenAt !== null) print(`  hidden     ${showMinute(hiddenAt)}: newsfold unhide ${key} shows it again`);
  if (mergedInto !== null) print(`  part of    ${mergedInto}`);
  print();
  print(members.length === 1 ? 'One entry:' : `${members.length} entries:`);
  for (const member of members) explainMember(member);
  print();
  print(`${revisions.length === 1 ? 'One version' : `${revisions.length} versions`} of ${lead?.entry.sourceId ?? 'its lead'}:`);
  for (const [index, revision] of revisions.entries()) {
    const why = revision.mark === null ? reasons[revision.kind] : `"${revision.mark}"`;
    const [time, before] = [madeAt(revision), revisions[index - 1]];
    const isSaid = before !== undefined && isSameMinute(time, madeAt(before));
    print(`  ${isSaid ? ' '.repeat(showMinute(time).length) : showMinute(time)}  ${revision.kind}: ${why}`);
  }
  if (related.length === 0) return;
  print();
  print('About the same event, not folded:');
  for (const other of related)
    print(`  ${other.key}  ${other.title} (score ${Number(other.score.toFixed(2))}: ${other.why.slice(0, 3).join(', ')})`);
}

function sayDated(story: StoryEvidence): string {
  const { kind, at } = toShownTime(story);
  return kind === 'seen' ? `first seen ${showMinute(at)}` : 'no date: it came with the first reading of its source';
}

function explainMember({ entry, sourceTitle, verdict, comparedWith, isFounder, isLead, deletedAt, hiddenAt }: MemberEvidence): void {
  const name = sourceTitle === entry.sourceId ? entry.sourceId : `${entry.sourceId} (${sourceTitle})`;
  print(`  ${colour('bold', name)}${isLead ? ', the lead' : ''}`);
  print(`    ${entry.url ?? entry.location ?? 'without an address'}`);
  print(
    `    entry ${entry.key}, first seen ${showMinute(entry.firstSeenAt)}${deletedAt === null ? '' : `, deleted ${showMinute(deletedAt)}`}${hiddenAt === null ? '' : `, hidden ${showMinute(hiddenAt)}`}`,
  );
  const reason = verdict.why.join(', ');
  if (isFounder) print(`    first: ${reason}`);
  else print(`    ${verdict.label}, score ${Number(verdict.score.toFixed(2))}${showThreshold(verdict)}: ${reason}`);
  const whatIf = verdict.signals === null || verdict.score >= KEY_SCORE ? [] : describeAlternatives(verdict.signals);
  if (whatIf.length > 0) print(`    it would be ${whatIf.join('; ')}`);
  if (comparedWith) print(`    compared with entry ${comparedWith.key} of ${comparedWith.sourceId}`);
  print(`    rules ${verdict.rules}`);
}

function showThreshold({ signals, score }: Verdict): string {
  return signals?.['threshold'] === undefined || score >= KEY_SCORE ? '' : ` of ${signals['threshold']} needed`;
}
