import { diffArrays } from 'diff';
import { countWords, cutTo, merge, shorten } from './difference-parts.ts';
import type { Part, Run } from './difference-parts.ts';
import { toWords } from './difference-words.ts';

/** What changed from one text to another. */
export interface Difference {
  /** In the order of reading; where something was replaced, what was removed stands before what was added. Long unchanged runs are cut to a few
   *  words at either side of ` … `. */
  readonly parts: readonly Part[];
  /** Words that were added. */
  readonly added: number;
  /** Words that were removed. */
  readonly removed: number;
  /** true when the texts have too little in common to be shown as one: `parts` is then the beginning of the old one, removed, and the
   *  beginning of the new one, added. */
  readonly isWhole: boolean;
}

/** Words that may differ. The comparison takes at most its square in steps, whatever the texts are: a count gives the same answer on every machine,
 *  which a time limit does not. */
const MAX_EDITS = 1500;
/** Words of each text that are compared: no article is that long. */
const MAX_WORDS = 100_000;
/** Share of the shorter text that must be left for a comparison to be readable. */
const LEAST_SAME = 0.2;
/** Words of each text that are shown when they are not compared. */
const WHOLE_WORDS = 300;

/** The words that an edit added and removed, for people to read: neighbouring changes are one. Texts are plain; `language` (BCP 47, null when
 *  unknown) helps to find the words of scripts without spaces. */
export function compareTexts(before: string, after: string, language: string | null): Difference {
  const [old, young] = [toWords(before, language, MAX_WORDS), toWords(after, language, MAX_WORDS)];
  const runs = old === null || young === null ? null : compareWords(old, young);
  if (runs === null) return compareWhole(old ?? [before], young ?? [after]);
  const [added, removed] = [countWords(runs, 'added'), countWords(runs, 'removed')];
  if (countWords(runs, 'same') < LEAST_SAME * Math.min(old?.length ?? 0, young?.length ?? 0)) return compareWhole(old ?? [], young ?? []);
  return { parts: shorten(runs), added, removed, isWhole: false };
}

/** Runs of words that are the same, removed or added; null when more differ than can be compared. Spaces make no difference. */
function compareWords(old: readonly string[], young: readonly string[]): Run[] | null {
  const numbers = new Map<string, number>();
  const toNumber = (word: string) => {
    const bare = word.trimEnd();
    const known = numbers.get(bare) ?? numbers.size;
    numbers.set(bare, known);
    return known;
  };
  const changes = diffArrays(old.map(toNumber), young.map(toNumber), { maxEditLength: MAX_EDITS });
  // Undefined beyond maxEditLength, whatever the types say of some forms of the call.
  if (!changes) return null;
  let [oldAt, youngAt] = [0, 0];
  const runs = changes.map(({ added, removed, count }): Run => {
    if (removed) return { kind: 'removed', words: old.slice(oldAt, (oldAt += count)) };
    const words = young.slice(youngAt, (youngAt += count));
    if (!added) oldAt += count;
    return { kind: added ? 'added' : 'same', words };
  });
  return merge(runs);
}

function compareWhole(old: readonly string[], young: readonly string[]): Difference {
  const parts: Part[] = [
    { kind: 'removed', text: cutTo(old, WHOLE_WORDS) },
    { kind: 'added', text: cutTo(young, WHOLE_WORDS) },
  ];
  return { parts: parts.filter(({ text }) => text !== ''), added: young.length, removed: old.length, isWhole: true };
}
