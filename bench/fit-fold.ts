import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEntryFile, readLines } from '../src/cli/debug/entry-file.ts';
import { Folder } from '../src/fold/fold.ts';
import { countWordUse, prepareEntry } from '../src/fold/prepare/prepared-entry.ts';
import { THRESHOLDS } from '../src/fold/judge/judge.ts';
import { copyScoreOf, fittedScoreOf, termNames, toTerms } from '../src/fold/judge/score.ts';
import type { Features } from '../src/fold/judge/features.ts';
import type { Weights } from '../src/fold/judge/score.ts';
import type { StoredEntry } from '../src/model/entry.ts';

/** Fits the weights of src/fold/judge/weights.json to labelled pairs, and prints the accuracy on
 *  pairs that were left out.
 *
 *  node bench/fit-fold.ts [FOLDER] [--write]
 *
 *  FOLDER (../shared/folding) has entries.jsonl and pairs.jsonl. The method is logistic regression,
 *  by Newton's method with a quadratic penalty. The validation never leaves out single pairs: it
 *  leaves out groups of pairs that share an article, then groups that share a source. With --write
 *  the weights go to the file, with the date and the accuracy. The same folder gives the same
 *  weights. */
const PENALTY = 2;
const FOLDS = 5;
const WINDOW_MS = 14 * 86_400_000;

interface Pair {
  readonly a: StoredEntry;
  readonly b: StoredEntry;
  readonly isFold: boolean;
  readonly features: Features;
  /** true when no weights can fold the pair: a guard forbids it, or there are no signals. */
  readonly isGuarded: boolean;
  /** A threshold above that of the levels, for pairs that need more; 0 for others. */
  readonly special: number;
}

const folder = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? '../shared/folding';
const pairs = await readPairs(folder);
const byArticle = groupPairs(pairs, ({ a, b }) => [`entry ${a.no}`, `entry ${b.no}`]);
const bySource = groupPairs(pairs, ({ a, b }) => [`entry ${a.no}`, `entry ${b.no}`, `source ${a.sourceId}`, `source ${b.sourceId}`]);
const reached = Object.fromEntries(
  (['careful', 'normal'] as const).map((level) => [
    level,
    {
      articlesLeftOut: rate(validate(pairs, byArticle), THRESHOLDS[level]),
      sourcesLeftOut: rate(validate(pairs, bySource), THRESHOLDS[level]),
    },
  ]),
);
const weights = fit(pairs);
const on = `${pairs.length} labelled pairs of news entries, ${pairs.filter(({ isFold }) => isFold).length} of them one text; figures on pairs left out`;
process.stdout.write(`${JSON.stringify({ on, reached, ...weights }, null, 2)}\n`);
if (process.argv.includes('--write')) {
  const file = join(import.meta.dirname, '../src/fold/judge/weights.json');
  const before = JSON.parse(readFileSync(file, 'utf8')) as { fittedAt: string } & Weights;
  const isSame = JSON.stringify(before.features) === JSON.stringify(weights.features);
  const fittedAt = isSame ? before.fittedAt : new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify({ fittedAt, on, reached, ...weights }, null, 2)}\n`);
}

async function readPairs(path: string): Promise<Pair[]> {
  const { entries } = await readEntryFile(join(path, 'entries.jsonl'));
  const prepared = new Map([...entries].map(([id, entry]) => [id, prepareEntry(entry)]));
  const comparer = new Folder(
    { level: 'careful', windowMs: WINDOW_MS },
    countWordUse([...prepared.values()].map(({ profile }) => profile)),
    [],
  );
  for (const one of prepared.values()) comparer.stand(one, one.entry.no, { folds: true, isIndexed: true });
  const labelled = await readLines<{ a: string; b: string; label: string }>(join(path, 'pairs.jsonl'));
  return labelled.flatMap(({ a: first, b: second, label }): Pair[] => {
    const [one, other] = [entries.get(first), entries.get(second)];
    if (!one || !other) return [];
    const [a, b] = one.no <= other.no ? [one, other] : [other, one];
    const { verdict, isGuarded } = comparer.compare(a.no, b.no);
    const isFold = label === 'same' || label === 'revision';
    // Such pairs are not fitted, since no weights can fold them.
    return [
      {
        a,
        b,
        isFold,
        features: (verdict.signals ?? {}) as unknown as Features,
        isGuarded: isGuarded || verdict.signals === null,
        special: (verdict.signals?.['threshold'] ?? 0) > THRESHOLDS.careful ? (verdict.signals?.['threshold'] ?? 0) : 0,
      },
    ];
  });
}

/** Returns groups of pairs that share a name, directly or through other pairs. */
function groupPairs(list: readonly Pair[], namesOf: (pair: Pair) => readonly string[]): Pair[][] {
  const parents = new Map<string, string>();
  const find = (name: string): string => {
    const parent = parents.get(name) ?? name;
    return parent === name ? name : find(parent);
  };
  for (const pair of list) {
    const [first = '', ...others] = namesOf(pair);
    for (const name of others) parents.set(find(name), find(first));
  }
  const groups = new Map<string, Pair[]>();
  for (const pair of list) {
    const name = find(namesOf(pair)[0] ?? '');
    groups.set(name, [...(groups.get(name) ?? []), pair]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

/** Returns the scores of all pairs, each by weights that were fitted without its group. */
function validate(list: readonly Pair[], groups: readonly Pair[][]): ReadonlyMap<Pair, number> {
  const folds = Array.from({ length: FOLDS }, (): Pair[] => []);
  for (const group of groups) folds.toSorted((a, b) => a.length - b.length)[0]?.push(...group);
  const scores = new Map<Pair, number>();
  for (const fold of folds) {
    const leftOut = new Set(fold);
    const fitted = fit(list.filter((pair) => !leftOut.has(pair)));
    for (const pair of fold)
      scores.set(pair, pair.isGuarded ? 0 : Math.max(fittedScoreOf(pair.features, fitted), copyScoreOf(pair.features)));
  }
  return scores;
}

function rate(scores: ReadonlyMap<Pair, number>, threshold: number) {
  let [right, wrong, missed] = [0, 0, 0];
  for (const [{ isFold, special }, score] of scores) {
    const folds = score >= Math.max(threshold, special);
    if (folds && isFold) right++;
    else if (folds) wrong++;
    else if (isFold) missed++;
  }
  const percent = (part: number, whole: number) => Math.round((1000 * part) / whole) / 10;
  return {
    precision: percent(right, right + wrong),
    recall: percent(right, right + missed),
    f1: percent(2 * right, 2 * right + wrong + missed),
  };
}

function fit(pairsToFit: readonly Pair[]): Weights {
  const list = pairsToFit.filter(({ isGuarded }) => !isGuarded);
  const rows = list.map(({ features }) => [1, ...termNames.map((name) => toTerms(features)[name])]);
  const size = termNames.length + 1;
  let solution = Array.from({ length: size }, () => 0);
  for (let round = 0; round < 50; round++) {
    const system = Array.from({ length: size }, () => Array.from({ length: size + 1 }, () => 0));
    rows.forEach((row, index) => {
      const sum = row.reduce((total, value, at) => total + value * (solution[at] ?? 0), 0);
      const probability = 1 / (1 + Math.exp(-sum));
      const error = probability - (list[index]?.isFold ? 1 : 0);
      for (let one = 0; one < size; one++) {
        const equation = system[one] ?? [];
        equation[size] = (equation[size] ?? 0) + error * (row[one] ?? 0);
        for (let other = 0; other < size; other++)
          equation[other] = (equation[other] ?? 0) + (probability * (1 - probability) + 1e-9) * (row[one] ?? 0) * (row[other] ?? 0);
      }
    });
    system.forEach((equation, at) => {
      if (at === 0) return;
      equation[at] = (equation[at] ?? 0) + PENALTY;
      equation[size] = (equation[size] ?? 0) + PENALTY * (solution[at] ?? 0);
    });
    const step = solve(system);
    solution = solution.map((value, at) => value - (step[at] ?? 0));
    if (step.every((value) => Math.abs(value) < 1e-9)) break;
  }
  const round = (value = 0) => Math.round(value * 1000) / 1000;
  return {
    bias: round(solution[0]),
    features: Object.fromEntries(termNames.map((name, at) => [name, round(solution[at + 1])])) as Weights['features'],
  };
}

/** Solves linear equations by Gauss-Jordan elimination. The last element of each row is its right
 *  side. */
function solve(system: number[][]): number[] {
  const rows = system.map((row) => [...row]);
  rows.forEach((_, column) => {
    const pivot = rows.reduce(
      (best, row, at) => (at >= column && Math.abs(row[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0) ? at : best),
      column,
    );
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    const top = rows[column] ?? [];
    rows.forEach((row, at) => {
      if (at === column) return;
      const factor = (row[column] ?? 0) / (top[column] ?? 1);
      for (let cell = column; cell < row.length; cell++) row[cell] = (row[cell] ?? 0) - factor * (top[cell] ?? 0);
    });
  });
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}
