import { Folder } from '../../fold/fold.ts';
import { countWordUse, prepareEntry } from '../../fold/prepare/prepared-entry.ts';
import type { FoldRules } from '../../fold/fold.ts';
import { readEntryFile, readLines } from './entry-file.ts';
import { printJson } from '../output/print.ts';

/** Distance between two entries that may still be one story, milliseconds: the default of the
 *  configuration. */
const WINDOW_MS = 14 * 86_400_000;

/** Folds a file of entries and prints a line {"story","entries"} for each story. With `pairs` it
 *  prints a line {a,b,label,score,why} for each pair of that file, judged among all entries.
 *  Word frequencies are counted in the file itself. It needs neither configuration nor store. */
export async function foldCommand(file: string, options: { readonly pairs?: string; readonly fold: FoldRules['level'] }): Promise<number> {
  const { entries, repeats } = await readEntryFile(file);
  const rules = { level: options.fold, windowMs: WINDOW_MS };
  const prepared = new Map([...entries].map(([id, entry]) => [id, prepareEntry(entry)]));
  const folder = new Folder(rules, countWordUse([...prepared.values()].map(({ profile }) => profile)), []);
  if (options.pairs !== undefined) {
    for (const one of prepared.values()) folder.stand(one, one.entry.no, { folds: true, isIndexed: true });
    for (const { a, b } of await readLines<{ a: string; b: string }>(options.pairs)) {
      const [left, right] = [entries.get(a), entries.get(b)];
      if (!left || !right) continue;
      const { verdict } = folder.compare(Math.min(left.no, right.no), Math.max(left.no, right.no));
      const { label, score, why } = verdict;
      printJson({ a, b, label, score, why });
    }
    return 0;
  }
  for (const one of prepared.values()) if (!repeats.has(one.entry.no)) folder.place({ prepared: one, folds: true }, new Map());
  const stories = new Map<number, string[]>();
  const idOf = new Map([...entries].map(([id, { no }]) => [no, id]));
  for (const [id, { no }] of entries) {
    const story = folder.storyOf(repeats.get(no) ?? no) ?? no;
    stories.set(story, [...(stories.get(story) ?? []), id]);
  }
  for (const [story, members] of stories) printJson({ story: idOf.get(story), entries: members });
  return 0;
}
