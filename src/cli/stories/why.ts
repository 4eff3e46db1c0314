import { openApp } from '../../app/app.ts';
import type { App } from '../../app/app.ts';
import { toAsideText } from '../../model/set-aside.ts';
import { showMinute } from '../../model/values/shown-time.ts';
import { colour, complain, print, printJson } from '../output/print.ts';

/** Explains what became of an article: when and where it was seen, and into which story it was
 *  folded. For each feed it names the rule that excluded it, or the archive that has it.
 *  `question` is its address, its title or a part of it, or a key. Prints words, or with `json`
 *  one object. Exit code 1 when nothing is known of it. */
export async function whyCommand(question: string, options: { readonly config: string; readonly json?: boolean }): Promise<number> {
  const app = await openApp(options.config, 'why');
  try {
    if (question.trim() === '') {
      complain('name the article: newsfold why URL, or a title in quotes');
      return 2;
    }
    const answer = await app.askWhy(question);
    if (options.json === true) printJson(answer);
    else show(answer);
    const isKnown = [answer.found, answer.held, answer.setAside, answer.reported, answer.pruned].some((list) => list.length > 0);
    return isKnown || answer.isOwn ? 0 : 1;
  } finally {
    await app.close();
  }
}

function show({ question, found, held, setAside, reported, pruned, isOwn, nearest, sources }: Awaited<ReturnType<App['askWhy']>>): void {
  for (const { title, entry, source, url, why: sentences, feeds } of found) {
    print(colour('bold', title || '(untitled)'));
    print(`  ${source}, entry ${entry}  ${url ?? 'without an address'}`);
    for (const sentence of sentences) print(`  ${sentence}`);
    for (const { feed, state, why } of feeds) print(`  feed ${feed}: ${state}: ${why}`);
  }
  for (const { sourceId, location, message, mend } of held)
    print(`${sourceId}  ${location} is held back: ${message}${mend === null ? '' : `; to fix it: ${mend}`}`);
  for (const item of setAside) print(toAsideText(item));
  for (const { at, source, code, message } of reported) print(`${showMinute(at)}  ${source}: ${message} [${code}]`);
  for (const { sourceId, title, prunedAt } of pruned)
    print(`${sourceId}  "${title}" was deleted ${showMinute(prunedAt)} (keep); archives may still have it`);
  if (isOwn) print('this is an address of this site itself: entries that come back from its own feeds are left out [entry/loop]');
  if ([found, held, setAside, reported, pruned].some((list) => list.length > 0) || isOwn) return;
  print(`no article is known as "${question.trim()}"`);
  for (const { title, source, entry } of nearest) print(`  similar: "${title}" of ${source}, entry ${entry}`);
  for (const { id, lastSuccessAt, problem } of sources) {
    const last = lastSuccessAt === null ? 'was never read' : `was last read at ${showMinute(lastSuccessAt)}`;
    print(`  the source ${id} of that host ${last}${problem === null ? '' : `; its problem: ${problem.message}`}`);
  }
}
