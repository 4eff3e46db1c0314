import { diffArrays } from 'diff';
import { countCharacters, countDiffWords, cutTo, mergeDiffParts, shorten } from './parts.ts';
import type { DiffPart, Run } from './parts.ts';
import { trimShared } from './trim.ts';
import { toDiffWords } from './words.ts';

/** What changed from one text to another. */
export interface Difference {
  /** In the order of reading; where something was replaced, what was removed stands before what was
   *  added. Long unchanged runs are cut to a few words at either side of ` … `. */
  readonly parts: readonly DiffPart[];
  /** Words that were added. */
  readonly added: number;
  /** Words that were removed. */
  readonly removed: number;
  /** How they were compared: word by word; not so, since they have too little in common to be shown
   *  as one; not at all, since there is too much to compare. But for the first, `parts` is the
   *  beginning of the old one, removed, and the beginning of the new one, added. */
  readonly kind: 'words' | 'anew' | 'large';
}

/** Compares texts of one page; null once as much has been compared as one page may. */
export type Comparer = (before: string, after: string) => Difference | null;

/** Words that may differ. The comparison takes at most its square in steps, whatever the texts are:
 *  a count gives the same answer on every machine, which a time limit does not. */
const MAX_EDITS = 1000;
/** Words of each text that are compared, without what both begin and end with. */
const MAX_WORDS = 30_000;
/** Words and steps of all comparisons of one page: some 100 ms of the server's thread. */
const PAGE_WORDS = 120_000;
const PAGE_STEPS = 1_200_000;
/** Characters that are looked through for what is shared in the time that a word takes to be
 *  compared. */
const CHARACTERS_A_WORD = 200;
/** Share of the shorter text that must be left for a comparison to be readable. */
const LEAST_SAME = 0.2;
/** Words of each text that are shown when they are not compared. */
const WHOLE_WORDS = 300;

/** Finds the words that edits added and removed, for people to read: neighbouring changes are one.
 *  Texts are plain; `language` (BCP 47, null when unknown) helps to find the words of scripts
 *  without spaces. */
export function createComparer(language: string | null): Comparer {
  const left = { words: PAGE_WORDS, steps: PAGE_STEPS };
  const take = (text: string): string[] | null => {
    const most = Math.max(0, Math.min(MAX_WORDS, left.words));
    const words = toDiffWords(text, language, most);
    left.words -= words?.length ?? most;
    return words;
  };
  return (before, after) => {
    if (left.words <= 0 || left.steps <= 0) return null;
    left.words -= Math.floor((before.length + after.length) / CHARACTERS_A_WORD);
    const trimmed = trimShared(before, after);
    const [old, young] = [take(trimmed.before), take(trimmed.after)];
    if (old === null || young === null) return compareWhole(old ?? [before], young ?? [after], 'large');
    const most = Math.min(MAX_EDITS, Math.ceil(Math.sqrt(left.steps)));
    const runs = compareWords(old, young, most);
    left.steps -= Math.min(most, runs === null ? most : countDiffWords(runs, 'added') + countDiffWords(runs, 'removed')) ** 2;
    if (runs === null) return compareWhole(old, young, 'large');
    const same = trimmed.cut + countCharacters(runs, 'same');
    if (same < LEAST_SAME * Math.min(before.length, after.length)) return compareWhole(old, young, 'anew');
    const merged = mergeDiffParts(runs);
    return { parts: shorten(merged), added: countDiffWords(merged, 'added'), removed: countDiffWords(merged, 'removed'), kind: 'words' };
  };
}

/** Runs of words that are the same, removed or added; null when more than `most` differ. Spaces
 *  make no difference. */
function compareWords(old: readonly string[], young: readonly string[], most: number): Run[] | null {
  const numbers = new Map<string, number>();
  const toNumber = (word: string) => {
    const bare = word.trimEnd();
    const known = numbers.get(bare) ?? numbers.size;
    numbers.set(bare, known);
    return known;
  };
  const [a, b] = [old.map(toNumber), young.map(toNumber)];
  const [head, tail] = countEnds(a, b);
  const changes = compareNumbers(a.slice(head, a.length - tail), b.slice(head, b.length - tail), most);
  if (!changes) return null;
  let [oldAt, youngAt] = [head, head];
  const runs = changes.map(({ added, removed, count }): Run => {
    if (removed) return { kind: 'removed', words: old.slice(oldAt, (oldAt += count)) };
    const words = young.slice(youngAt, (youngAt += count));
    if (!added) oldAt += count;
    return { kind: added ? 'added' : 'same', words };
  });
  const ends = [young.slice(0, head), young.slice(young.length - tail)].map((words): Run => ({ kind: 'same', words }));
  return [...ends.slice(0, 1), ...runs, ...ends.slice(1)].filter(({ words }) => words.length > 0);
}

type Changes = readonly { readonly added: boolean; readonly removed: boolean; readonly count: number }[];

/** What was only put in, or only taken out, needs no comparison, however long it is. */
function compareNumbers(old: readonly number[], young: readonly number[], most: number): Changes | null {
  if (old.length === 0) return [{ added: true, removed: false, count: young.length }];
  if (young.length === 0) return [{ added: false, removed: true, count: old.length }];
  // Undefined beyond maxEditLength, whatever the types say of some forms of the call.
  return diffArrays([...old], [...young], { maxEditLength: most }) ?? null;
}

/** How many words two texts begin and end with in common. */
function countEnds(a: readonly number[], b: readonly number[]): [head: number, tail: number] {
  const most = Math.min(a.length, b.length);
  let [head, tail] = [0, 0];
  while (head < most && a[head] === b[head]) head++;
  while (tail < most - head && a[a.length - tail - 1] === b[b.length - tail - 1]) tail++;
  return [head, tail];
}

function compareWhole(old: readonly string[], young: readonly string[], kind: 'anew' | 'large'): Difference {
  const parts: DiffPart[] = [
    { kind: 'removed', text: cutTo(old, WHOLE_WORDS) },
    { kind: 'added', text: cutTo(young, WHOLE_WORDS) },
  ];
  return { parts: parts.filter(({ text }) => text !== ''), added: young.length, removed: old.length, kind };
}
