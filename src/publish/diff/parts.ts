/** A piece of a comparison, as it is read. */
export interface DiffPart {
  readonly kind: Kind;
  readonly text: string;
}

type Kind = 'same' | 'added' | 'removed';

/** Words in a row that are the same, added or removed; each with the space after it. */
export interface Run {
  readonly kind: Kind;
  readonly words: readonly string[];
}

/** Unchanged words that are shown at either side of a change. */
const CONTEXT = 12;
/** Fewer unchanged words than this between two changes are told as part of them: phrases are read,
 *  not confetti. */
const LEAST_BETWEEN = 3;
/** Characters of a word that is shown; one may be as long as the text. */
const LONGEST_WORD = 200;

/** Runs with neighbouring changes made one: what was removed, then what was added. */
export function mergeDiffParts(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    if (removed.length > 0) merged.push({ kind: 'removed', words: removed });
    if (added.length > 0) merged.push({ kind: 'added', words: added });
    [removed, added] = [[], []];
  };
  for (const [index, { kind, words }] of runs.entries()) {
    if (kind === 'removed') removed.push(...words);
    else if (kind === 'added') added.push(...words);
    else if (isBetween(runs, index) && removed.length + added.length > 0) {
      removed.push(...words);
      added.push(...words);
    } else {
      flush();
      merged.push({ kind, words });
    }
  }
  flush();
  return merged.reduce<Run[]>(slide, []);
}

/** Adds a run to those before it. What was only added, or only removed, may often as well begin
 *  some words earlier: `It [snows. It] rains` is `[It snows.] It rains`. The unchanged run that
 *  comes now tells; of all such places the one is taken that a paragraph begins at, else a
 *  sentence. */
function slide(runs: Run[], run: Run): Run[] {
  const [before, change] = [runs.at(-2) ?? { kind: 'same', words: [] }, runs.at(-1)];
  const isAlone = change !== undefined && change.kind !== 'same' && before.kind === 'same';
  if (!isAlone || run.kind !== 'same') {
    runs.push(run);
    return runs;
  }
  const { kind, words } = change;
  const all = [...before.words, ...words];
  const most = before.words.length;
  let steps = 0;
  for (let step = 1; step <= most && isEqual(all[most - step], all[all.length - step]); step++)
    if (rankOf(all[most - step - 1]) > rankOf(all[most - steps - 1])) steps = step;
  const from = most - steps;
  const to = all.length - steps;
  runs.splice(-2, 2);
  const moved: Run[] = [
    { kind: 'same', words: all.slice(0, from) },
    { kind, words: all.slice(from, to) },
    { kind: 'same', words: [...all.slice(to), ...run.words] },
  ];
  for (const piece of moved) pushJoined(runs, piece);
  return runs;
}

/** Adds a run; one of the kind of the last one is part of that. */
function pushJoined(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (run.words.length === 0) return;
  if (last?.kind === run.kind) runs[runs.length - 1] = { kind: run.kind, words: [...last.words, ...run.words] };
  else runs.push(run);
}

/** How good a place is to begin at, by the word before it. */
function rankOf(word: string | undefined): number {
  if (word === undefined || word.includes('\n')) return 2;
  return /[.!?。！？…]["'”’»)]*\s*$/.test(word) ? 1 : 0;
}

function isEqual(a: string | undefined, b: string | undefined): boolean {
  return a?.trimEnd() === b?.trimEnd();
}

/** Whether a run of unchanged words is too short to part two replacements. Beside something that
 *  was only added, or only removed, it stays: the change would look larger than it was. */
function isBetween(runs: readonly Run[], index: number): boolean {
  const run = runs[index];
  if (!run || run.words.length >= LEAST_BETWEEN || run.words.some((word) => word.includes('\n'))) return false;
  const kinds = (step: number) => [runs[index + step]?.kind, runs[index + 2 * step]?.kind];
  const isReplaced = (side: readonly (Kind | undefined)[]) => side.includes('added') && side.includes('removed');
  return isReplaced(kinds(-1)) && isReplaced(kinds(1));
}

/** Runs as they are read: long unchanged ones cut to what stands beside a change. */
export function shorten(runs: readonly Run[]): DiffPart[] {
  return runs.map(({ kind, words }, index): DiffPart => {
    const isFirst = index === 0;
    const isLast = index === runs.length - 1;
    if (kind !== 'same' || words.length <= CONTEXT * (isFirst || isLast ? 1 : 2)) return { kind, text: join(words) };
    const head = isFirst ? '' : join(words.slice(0, CONTEXT)).trimEnd();
    const tail = isLast ? '' : join(words.slice(-CONTEXT));
    return { kind, text: `${head} … ${tail}`.trimStart() };
  });
}

/** How many words there are of a kind. */
export function countDiffWords(runs: readonly Run[], kind: Kind): number {
  return runs.reduce((sum, run) => sum + (run.kind === kind ? run.words.length : 0), 0);
}

/** How many characters there are of a kind, spaces included. */
export function countCharacters(runs: readonly Run[], kind: Kind): number {
  return runs.reduce((sum, run) => sum + (run.kind === kind ? run.words.reduce((length, word) => length + word.length, 0) : 0), 0);
}

/** The first words of a text, with an ellipsis if there are more. */
export function cutTo(words: readonly string[], most: number): string {
  const text = join(words.slice(0, most));
  return words.length > most ? `${text.trimEnd()} …` : text;
}

function join(words: readonly string[]): string {
  return words.map((word) => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD).toWellFormed()}… ` : word)).join('');
}
