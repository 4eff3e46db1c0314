import { align, countSwaps } from './alignment.ts';
import { isNumberHash } from '../prepare/hashes.ts';
import { PhraseSet } from '../prepare/phrase-set.ts';
import type { Profile } from '../prepare/profile.ts';

/** Rarity of words and phrases, measured on the entries near the two that are compared. */
export interface Commonness {
  /** Returns the rarity of a word, from 0 (in every text) to 1 (in no other). */
  readonly rarityOf: (word: number) => number;
  /** Returns the number of other entries that contain a phrase, a hash of three words without its
   *  lowest bit. */
  readonly sharersOf: (phrase: number) => number;
  /** Returns the weight of a phrase in the store, from 0.05 (under many titles) to 1. */
  readonly weightOf: (phrase: number) => number;
}

/** A rarer word is a name or a term and not a common word. */
const RARE = 0.6;
/** Least share of the shorter text's phrases, and least similarity of titles. No pair of the
 *  labelled texts that was one story had less of both. */
const FAR_SHARE = 0.05;
const FAR_TITLES = 0.3;
/** A body of fewer words counts as none. */
export const NO_BODY = 5;

/** Measurements of two texts. Shares are 0 to 1; each can be put into words
 *  (fold/judge/reasons.ts). */
export interface Features {
  /** Weight of the shared phrases, as a share of the smaller text's weight. Phrases that many
   *  entries contain weigh little. */
  readonly contained: number;
  /** Share of the shorter body's phrases that the other body contains, without weights. */
  readonly bodyContained: number;
  /** Weight of the shared phrases: their number, if all are rare. */
  readonly shared: number;
  /** Similarity of the titles by their rare words (cosine). */
  readonly titles: number;
  /** 1 when the titles are equal and both entries have a body. */
  readonly titleEqual: number;
  /** 1 when the titles are equal and one entry has no body. */
  readonly titleOnly: number;
  /** Share of a title's rare words that the other title lacks; the smaller of both shares. */
  readonly titleSwap: number;
  /** Share of numbers in only one text, counted in the text with fewer numbers; one more number
   *  counts as common. */
  readonly numbersApart: number;
  /** 1 when one entry has no body. */
  readonly noBody: number;
  /** Number of positions at which one text has a number and the other has another number. */
  readonly numbersSwapped: number;
  /** Number of positions at which one text has a rare word and the other has another rare word. */
  readonly wordsSwapped: number;
  /** Words in the same order, as a share of the shorter text. */
  readonly aligned: number;
  /** Number of words in the same order. */
  readonly agreed: number;
  /** 1 when the entries are of two sources. */
  readonly isElsewhere: number;
}

/** Measures two texts by their profiles. The result does not depend on their order. */
export function measure(a: Profile, b: Profile, { rarityOf, sharersOf, weightOf }: Commonness): Omit<Features, 'isElsewhere'> {
  const weigh = (phrase: number) => Math.min(weightOf(phrase), weightBeside(sharersOf(phrase)));
  const [ofA, ofB] = [a.toPhrases(), b.toPhrases()];
  const own = Math.min(weightIn(ofA, weigh), weightIn(ofB, weigh));
  const common = intersect(ofA, ofB);
  let weight = 0;
  for (const phrase of common.phrases) weight += weigh(phrase);
  const isEqual = a.title.length > 0 && isEqualList(a.title, b.title);
  const noBody = Math.min(a.bodyCount, b.bodyCount) < NO_BODY;
  const [left, right] = [concat(a), concat(b)];
  const alignment = align(left, right);
  const swaps = countSwaps(alignment, left, right, (word) => rarityOf(word) > RARE);
  return {
    contained: own < 0.3 ? 0 : weight / own,
    bodyContained: noBody ? 0 : common.inBodies / Math.max(1, Math.min(countInBody(ofA), countInBody(ofB))),
    shared: weight,
    titles: cosine(a.title, b.title, rarityOf),
    titleEqual: isEqual && !noBody ? 1 : 0,
    titleOnly: isEqual && noBody ? 1 : 0,
    titleSwap: Math.min(missing(a.title, b.title, rarityOf), missing(b.title, a.title, rarityOf)),
    numbersApart: numbersApart(left, right),
    noBody: noBody ? 1 : 0,
    numbersSwapped: Math.min(swaps.numbers, 6),
    wordsSwapped: Math.min(swaps.words, 8),
    aligned: alignment.common / Math.max(1, Math.min(left.length, right.length)),
    agreed: alignment.common,
  };
}

/** Returns the weight of a phrase that `sharers` other entries contain. A story has a few copies; a
 *  template has many. */
function weightBeside(sharers: number): number {
  if (sharers <= 6) return 1;
  return sharers <= 12 ? 0.5 : sharers <= 30 ? 0.2 : 0.05;
}

function weightIn(phrases: Uint32Array, weigh: (phrase: number) => number): number {
  let weight = 0;
  for (const phrase of phrases) weight += weigh(phrase >>> 1);
  return weight;
}

/** Returns the phrases in both lists, without their lowest bits, and how many of them are in both
 *  bodies. */
function intersect(a: Uint32Array, b: Uint32Array): { readonly phrases: readonly number[]; readonly inBodies: number } {
  const phrases: number[] = [];
  let inBodies = 0;
  for (let left = 0, right = 0; left < a.length && right < b.length;) {
    const [one, other] = [(a[left] ?? 0) >>> 1, (b[right] ?? 0) >>> 1];
    if (one === other) {
      phrases.push(one);
      inBodies += (a[left] ?? 0) & (b[right] ?? 0) & 1;
    }
    if (one <= other) left++;
    if (other <= one) right++;
  }
  return { phrases, inBodies };
}

function countInBody(phrases: Uint32Array): number {
  let count = 0;
  for (const phrase of phrases) count += phrase & 1;
  return count;
}

/** Reports whether two lists of words are equal. */
export function isEqualList(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}

/** Reports whether two entries have one text. A profile keeps the beginning of a long one, so its
 *  length must agree too. */
export function haveOneText(a: Profile, b: Profile): boolean {
  return a.bodyCount === b.bodyCount && isEqualList(a.body, b.body);
}

/** Returns the words of title and body, in order. */
export function concat({ title, body }: Profile): Uint32Array {
  const both = new Uint32Array(title.length + body.length);
  both.set(title);
  both.set(body, title.length);
  return both;
}

function cosine(a: Uint32Array, b: Uint32Array, rarityOf: (word: number) => number): number {
  const [left, right] = [new Set(a), new Set(b)];
  let [both, one, other] = [0, 0, 0];
  for (const word of left) {
    const square = rarityOf(word) ** 2;
    one += square;
    if (right.has(word)) both += square;
  }
  for (const word of right) other += rarityOf(word) ** 2;
  return both === 0 ? 0 : both / Math.sqrt(one * other);
}

/** Returns the share of a title's rarity that the other title lacks. */
function missing(title: Uint32Array, other: Uint32Array, rarityOf: (word: number) => number): number {
  const has = new Set(other);
  let [lost, all] = [0, 0];
  for (const word of new Set(title)) {
    const rarity = rarityOf(word);
    all += rarity;
    if (!has.has(word)) lost += rarity;
  }
  return all === 0 ? 0 : lost / all;
}

function numbersApart(a: Uint32Array, b: Uint32Array): number {
  const [left, right] = [numbersIn(a), numbersIn(b)];
  if (left.size === 0 || right.size === 0) return 0;
  let both = 0;
  for (const number of left) if (right.has(number)) both++;
  const smaller = Math.min(left.size, right.size);
  return (smaller - both) / (1 + smaller);
}

function numbersIn(words: Uint32Array): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const word of words) if (isNumberHash(word)) numbers.add(word);
  return numbers;
}

/** Reports whether two entries have so little in common that measuring them is pointless: few
 *  phrases, and different titles. */
export function isFar(earlier: Profile, later: Profile, { rarityOf }: Pick<Commonness, 'rarityOf'>): boolean {
  const needed = FAR_SHARE * Math.min(earlier.phraseCount, later.phraseCount);
  return phrasesOf(later).countShared(earlier) < needed && cosine(earlier.title, later.title, rarityOf) < FAR_TITLES;
}

/** The phrases of the last entry, which is compared with a dozen others in a row. */
let last: { readonly profile: Profile; readonly phrases: PhraseSet } | null = null;

function phrasesOf(profile: Profile): PhraseSet {
  if (last?.profile !== profile) last = { profile, phrases: new PhraseSet(profile) };
  return last.phrases;
}
