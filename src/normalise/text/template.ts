import { areTold } from './change.ts';
import type { Delta, Difference } from './difference.ts';

/** The words and parts that most entries of a document lose or gain at once. */
interface Usual {
  readonly lost: ReadonlySet<string>;
  readonly gained: ReadonlySet<string>;
}

/** The change of a whole document, which is no news of any entry (docs/design.md §134). */
export interface Template {
  readonly title: Usual;
  readonly text: Usual;
  readonly parts: Usual;
  /** true when most entries lose or gain a line that names their author. */
  readonly hasAuthorLines: boolean;
  /** true when most texts have their words in another order. */
  readonly isReordered: boolean;
  /** true when most texts are cut. */
  readonly isCut: boolean;
  /** true when summaries by another hand stand in the place of most texts. Known error: a later
   *  edit of such a summary is not shown. */
  readonly isByHand: boolean;
  /** true when most texts go on where the published ones end, or are their full form. */
  readonly isContinued: boolean;
}

/** The effect of a difference. `none`: the published version stays. `silent`: the new version is
 *  shown, and readers are not told. `title`: the new title is news, the published text
 *  stays. */
export type Effect = 'none' | 'silent' | 'news' | 'title';

/** Least number and least share of entries that gain or lose the same, if it is a template. */
const LEAST = 3;
const SHARE = 0.8;
/** A text that is shorter than this share of the published one is cut. */
const CUT = 0.6;
/** A single text that ends early is cut if it is at most this share of the published one. Otherwise
 *  its last sentence was taken back. */
const CUT_ALONE = 0.75;
/** A text is continued if it is at least this many times as long as the published one. */
const CONTINUED = 1.4;
/** From this many times on, a text is the full form of a summary, and no template is as long. */
const MUCH = 3;

/** An entry of a document, compared with its published version. */
interface Compared {
  readonly difference: Difference;
  /** false when its source says the same of it as at the last reading. */
  readonly isChanged: boolean;
}

/** Finds what most entries of one document gain or lose at once. Only entries count that could gain
 *  or lose it. An entry that has a word already cannot gain it. An entry that changes back to its
 *  published version may lose what was never published. */
export function findTemplate(compared: readonly Compared[]): Template {
  const differences = compared.map(({ difference }) => difference);
  const areMost = (is: (difference: Difference) => boolean) => differences.filter(is).length >= leastOf(differences.length);
  const parts = countDeltas(differences.map((difference) => difference.parts));
  const isUsualPart = (times: number) => times >= leastOf(differences.length);
  return {
    title: findUsualWords(compared, 'title'),
    text: findUsualWords(compared, 'text'),
    parts: { lost: pick(parts.lost, isUsualPart), gained: pick(parts.gained, isUsualPart) },
    hasAuthorLines: areMost(({ authorLines: { lost, gained } }) => lost.length + gained.length > 0),
    isReordered: areMost(({ isReordered }) => isReordered),
    isCut: areMost(isCutWithOthers),
    isByHand: areMost((difference) => isCutWithOthers(difference) && !difference.isPiece),
    isContinued: areMost(isContinued),
  };
}

/** Returns the least number of so many entries that have something in common, if it is a
 *  template. */
function leastOf(count: number): number {
  return Math.max(LEAST, SHARE * count);
}

function findUsualWords(compared: readonly Compared[], field: 'title' | 'text'): Usual {
  const counts = countDeltas(compared.map(({ difference }) => difference[field]));
  const [lost, gained] = [pick(counts.lost, (times) => times >= LEAST), pick(counts.gained, (times) => times >= LEAST)];
  if (lost.size + gained.size === 0) return { lost, gained };
  // By word, the entries that could neither lose nor gain it.
  const [unable, full] = [new Map<string, number>(), new Map<string, number>()];
  for (const { difference, isChanged } of compared) {
    const now = difference.wordsNow()[field];
    const [mine, added] = [new Set(difference[field].lost), new Set(difference[field].gained)];
    const keepsAll = [...lost].every((word) => !mine.has(word));
    for (const word of lost) if (isChanged && (keepsAll || (!mine.has(word) && !now.has(word)))) add(unable, word);
    for (const word of gained) if (!added.has(word) && now.has(word)) add(full, word);
  }
  const isUsual = (all: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>) => (word: string) =>
    (all.get(word) ?? 0) >= leastOf(compared.length - (others.get(word) ?? 0));
  return {
    lost: new Set([...lost].filter(isUsual(counts.lost, unable))),
    gained: new Set([...gained].filter(isUsual(counts.gained, full))),
  };
}

function countDeltas(deltas: readonly Delta[]): {
  readonly lost: ReadonlyMap<string, number>;
  readonly gained: ReadonlyMap<string, number>;
} {
  const [lost, gained] = [new Map<string, number>(), new Map<string, number>()];
  for (const delta of deltas) {
    for (const word of new Set(delta.lost)) add(lost, word);
    for (const word of new Set(delta.gained)) add(gained, word);
  }
  return { lost, gained };
}

function add(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

function pick(counts: ReadonlyMap<string, number>, is: (times: number) => boolean): ReadonlySet<string> {
  return new Set([...counts].flatMap(([word, times]) => (is(times) ? word : [])));
}

/** Returns the effect of a difference, beside the change of its whole document. `isLongerKept`: a
 *  text that was only cut replaces nothing. */
export function judgeDifference(difference: Difference, template: Template, { isLongerKept }: { readonly isLongerKept: boolean }): Effect {
  const title = withoutUsual(difference.title, template.title);
  const isTitleNews = title.lost.length + title.gained.length > 0;
  if (isLongerKept && isCut(difference, template)) return isTitleNews ? 'title' : 'none';
  if (isTitleNews) return 'news';
  const text = withoutTemplate(difference, template);
  const isTemplate = countWords(text) < countWords(difference.text) || countWords(difference.title) > 0;
  if (countWords(text) === 0) {
    const { before, after } = difference.length;
    if (isTemplate && after > before && after >= MUCH * before) return 'silent';
    if (difference.isReordered) return template.isReordered ? 'none' : 'news';
    const parts = withoutUsual(difference.parts, template.parts);
    return isTemplate || countWords(parts) === 0 ? 'none' : 'silent';
  }
  if (template.isContinued && isContinued(difference)) return 'silent';
  return areTold(text.lost, text.gained, difference.words) ? 'news' : 'silent';
}

function countWords({ lost, gained }: Delta): number {
  return lost.length + gained.length;
}

function isCut(difference: Difference, template: Template): boolean {
  const { length, isPiece } = difference;
  return (
    (template.isCut && isCutWithOthers(difference) && (isPiece || template.isByHand)) ||
    (isPiece && length.after <= CUT_ALONE * length.before && length.before > 0)
  );
}

function isCutWithOthers({ length, isPiece }: Difference): boolean {
  return length.after < length.before && (isPiece || length.after < CUT * length.before);
}

function isContinued({ length, isContinued: goesOn }: Difference): boolean {
  if (length.after <= length.before) return false;
  return length.after >= (goesOn ? CONTINUED : MUCH) * length.before;
}

function withoutUsual({ lost, gained }: Delta, usual: Usual): Delta {
  return { lost: lost.filter((word) => !usual.lost.has(word)), gained: gained.filter((word) => !usual.gained.has(word)) };
}

/** Returns the words that are no part of the template. In a template, the title, the author and a
 *  fingerprint are other ones in each entry. */
function withoutTemplate({ text, authorLines, own }: Difference, template: Template): Delta {
  const rest = withoutUsual(text, template.text);
  const strip = (words: readonly string[], all: readonly string[], ofAuthor: readonly string[]) => {
    const lines = new Set(template.hasAuthorLines ? ofAuthor : []);
    const hasTemplate = words.length < all.length || lines.size > 0;
    return hasTemplate ? words.filter((word) => !own.has(word) && !lines.has(word) && !isFingerprint(word)) : words;
  };
  return { lost: strip(rest.lost, text.lost, authorLines.lost), gained: strip(rest.gained, text.gained, authorLines.gained) };
}

function isFingerprint(word: string): boolean {
  return word.length >= 8 && /^[\da-z]*\d[\da-z]*$/.test(word) && /[a-z]/.test(word);
}
