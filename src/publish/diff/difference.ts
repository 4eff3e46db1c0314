import { diffArrays } from 'diff';
import { countCharacters, countDiffWords, cutTo, mergeDiffParts, shorten } from './parts.ts';
import type { DiffPart, Run } from './parts.ts';
import { trimShared } from './trim.ts';
import { toDiffWords } from './words.ts';

/** The difference between two texts. */
export interface Difference {
  /** In reading order; a replacement is its removed words, then its added ones. Of long unchanged
   *  runs a few words are shown at either side of ` … `. */
  readonly parts: readonly DiffPart[];
  /** Number of added words. */
  readonly added: number;
  /** Number of removed words. */
  readonly removed: number;
  /** `words`: compared word by word. `anew`: the texts have too little in common for a readable
   *  comparison. `large`: too long to compare. For `anew` and `large`, `parts` holds the beginning
   *  of the old text as removed and of the new text as added. */
  readonly kind: 'words' | 'anew' | 'large';
}

/** Compares texts of one page; null once the page has used up its comparisons. */
export type Comparer = (before: string, after: string) => Difference | null;

/** Most words that may differ. A comparison takes at most the square of this in steps. A count
 *  gives the same result on every machine; a time limit would not. */
const MAX_EDITS = 1000;
/** Most words of each text that are compared, without their common beginning and end. */
const MAX_WORDS = 30_000;
/** Most words and steps of all comparisons of one page: some 100 ms of the server's thread. */
const PAGE_WORDS = 120_000;
const PAGE_STEPS = 1_200_000;
/** Characters that trimShared compares in the time of comparing one word. */
const CHARACTERS_A_WORD = 200;
/** Share of the shorter text that must be unchanged for a comparison to be readable. */
const LEAST_SAME = 0.2;
/** Words of each text that are shown when they are not compared. */
const WHOLE_WORDS = 300;

/** Returns a function that finds the words that an edit added and removed. Texts are plain.
 *  `language` (BCP 47, null when unknown) helps to split scripts without spaces. */
export function createComparer(language: string | null): Comparer {
  const budget = { words: PAGE_WORDS, steps: PAGE_STEPS };
  const take = (text: string): string[] | null => {
    const most = Math.max(0, Math.min(MAX_WORDS, budget.words));
    const words = toDiffWords(text, language, most);
    budget.words -= words?.length ?? most;
    return words;
  };
  return (before, after) => {
    if (budget.words <= 0 || budget.steps <= 0) return null;
    budget.words -= Math.floor((before.length + after.length) / CHARACTERS_A_WORD);
    const trimmed = trimShared(before, after);
    const [old, young] = [take(trimmed.before), take(trimmed.after)];
    if (old === null || young === null) return compareWhole(old ?? [before], young ?? [after], 'large');
    const most = Math.min(MAX_EDITS, Math.ceil(Math.sqrt(budget.steps)));
    const runs = compareWords(old, young, most);
    budget.steps -= Math.min(most, runs === null ? most : countDiffWords(runs, 'added') + countDiffWords(runs, 'removed')) ** 2;
    if (runs === null) return compareWhole(old, young, 'large');
    const same = trimmed.cut + countCharacters(runs, 'same');
    if (same < LEAST_SAME * Math.min(before.length, after.length)) return compareWhole(old, young, 'anew');
    const merged = mergeDiffParts(runs);
    return { parts: shorten(merged), added: countDiffWords(merged, 'added'), removed: countDiffWords(merged, 'removed'), kind: 'words' };
  };
}

/** Returns runs of unchanged, removed or added words; null when more than `most` differ. Spaces are
 *  ignored. */
function compareWords(old: readonly string[], young: readonly string[], most: number): Run[] | null {
  const numbers = new Map<string, number>();
  const toNumber = (word: string) => {
    const bare = word.trimEnd();
    const known = numbers.get(bare) ?? numbers.size;
    numbers.set(bare, known);
    return known;
  };
  const [a, b] = [old.map(toNumber), young.map(toNumber)];
  const [head, tail] = countSharedEnds(a, b);
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

/** Compares lists of numbers; null when more than `most` differ. An empty list needs no comparison,
 *  however long the other is. */
function compareNumbers(old: readonly number[], young: readonly number[], most: number): Changes | null {
  if (old.length === 0) return [{ added: true, removed: false, count: young.length }];
  if (young.length === 0) return [{ added: false, removed: true, count: old.length }];
  // The result is undefined beyond maxEditLength, although the types of some overloads deny it.
  return diffArrays([...old], [...young], { maxEditLength: most }) ?? null;
}

/** Returns the number of words that two texts share at their beginning and end. */
function countSharedEnds(a: readonly number[], b: readonly number[]): [head: number, tail: number] {
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
