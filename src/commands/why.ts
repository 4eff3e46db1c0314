import { openApp } from '../app.ts';
import type { App } from '../app.ts';
import { toAsideText } from '../model/set-aside.ts';
import { sayEntry, showTime, toWhyForm } from '../why-form.ts';
import { colour, complain, print, printJson } from './print.ts';

type WhyAnswer = Awaited<ReturnType<App['askWhy']>>;

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
    const answer = await app.askWhy(question);
    if (options.json === true) printJson(toWhyForm(question, answer));
    else show(question, answer);
    const isKnown = [answer.found, answer.held, answer.setAside, answer.reported, answer.pruned].some((list) => list.length > 0);
    return isKnown || answer.isOwn ? 0 : 1;
  } finally {
    await app.close();
  }
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
