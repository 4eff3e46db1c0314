/** A piece of a comparison, as shown. */
export interface DiffPart {
  readonly kind: Kind;
  readonly text: string;
}

type Kind = 'same' | 'added' | 'removed';

/** Successive words that are unchanged, added or removed; each includes the space after it. */
export interface Run {
  readonly kind: Kind;
  readonly words: readonly string[];
}

/** Unchanged words shown at either side of a change. */
const CONTEXT = 12;
/** Fewer unchanged words than this between two changes are shown as part of them. Whole phrases are
 *  easier to read than single words. */
const LEAST_BETWEEN = 3;
/** Most characters shown of one word, which may be as long as the text. */
const LONGEST_WORD = 200;

/** Merges neighbouring changes into one: the removed words, then the added ones. */
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
  return merged.reduce<Run[]>(moveToBoundary, []);
}

/** Adds a run to those before it. An addition or removal may often be moved some words earlier: `It
 *  [snows. It] rains` is also `[It snows.] It rains`. Of all such positions the one at the start of
 *  a paragraph is chosen, else at the start of a sentence. The next unchanged run shows which
 *  positions are possible. */
function moveToBoundary(runs: Run[], run: Run): Run[] {
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

/** Adds a run, joined to the last run if that has the same kind. */
function pushJoined(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (run.words.length === 0) return;
  if (last?.kind === run.kind) runs[runs.length - 1] = { kind: run.kind, words: [...last.words, ...run.words] };
  else runs.push(run);
}

/** Rates how well a change begins after this word: 2 after a paragraph, 1 after a sentence, else
 *  0. */
function rankOf(word: string | undefined): number {
  if (word === undefined || word.includes('\n')) return 2;
  return /[.!?。！？…]["'”’»)]*\s*$/.test(word) ? 1 : 0;
}

function isEqual(a: string | undefined, b: string | undefined): boolean {
  return a?.trimEnd() === b?.trimEnd();
}

/** Reports whether a run of unchanged words is too short to separate two replacements. Beside a
 *  pure addition or removal it stays, or the change would look larger than it is. */
function isBetween(runs: readonly Run[], index: number): boolean {
  const run = runs[index];
  if (!run || run.words.length >= LEAST_BETWEEN || run.words.some((word) => word.includes('\n'))) return false;
  const kinds = (step: number) => [runs[index + step]?.kind, runs[index + 2 * step]?.kind];
  const isReplaced = (side: readonly (Kind | undefined)[]) => side.includes('added') && side.includes('removed');
  return isReplaced(kinds(-1)) && isReplaced(kinds(1));
}

/** Returns runs as shown: of long unchanged ones only the words beside a change. */
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

/** Returns the number of words of a kind. */
export function countDiffWords(runs: readonly Run[], kind: Kind): number {
  return runs.reduce((sum, run) => sum + (run.kind === kind ? run.words.length : 0), 0);
}

/** Returns the number of characters of a kind, spaces included. */
export function countCharacters(runs: readonly Run[], kind: Kind): number {
  return runs.reduce((sum, run) => sum + (run.kind === kind ? run.words.reduce((length, word) => length + word.length, 0) : 0), 0);
}

/** Returns the first words of a text, with an ellipsis if there are more. */
export function cutTo(words: readonly string[], most: number): string {
  const text = join(words.slice(0, most));
  return words.length > most ? `${text.trimEnd()} …` : text;
}

function join(words: readonly string[]): string {
  return words.map((word) => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD).toWellFormed()}… ` : word)).join('');
}
