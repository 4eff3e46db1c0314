import { align, countSwaps } from './alignment.ts';
import { isNumberHash } from '../prepare/hashes.ts';
import { PhraseSet } from '../prepare/phrase-set.ts';
import type { Profile } from '../prepare/profile.ts';

/** How common words and phrases are, among the entries that two are compared beside. */
export interface Commonness {
  /** 0 (in every text) to 1 (in no other): how rare a word is. */
  readonly rarityOf: (word: number) => number;
  /** How many other entries have these three words in a row (a phrase without its lowest bit). */
  readonly sharersOf: (phrase: number) => number;
}

/** A word that is rarer than this is a name or a term, not a word of the language. */
const RARE = 0.6;
/** Texts that share less of the shorter one's phrases, and titles with less in common, were never
 *  one in the labelled pairs. */
const FAR_SHARE = 0.05;
const FAR_TITLES = 0.3;
/** A body of fewer words counts as none. */
export const NO_BODY = 5;

/** What is measured of two texts. Shares are 0 to 1; each can be said in words
 *  (fold/reasons.ts). */
export interface Features {
  /** Weight of shared phrases of three words in that of the smaller text; a phrase that many
   *  entries have weighs little. */
  readonly contained: number;
  /** The same of the bodies alone, without weights. */
  readonly bodyContained: number;
  /** Logarithm of the weight that they share. */
  readonly shared: number;
  /** Logarithm of the weight of the smaller one. */
  readonly own: number;
  /** Share of their titles' rare words that both have (cosine). */
  readonly titles: number;
  /** 1 when the titles are equal and both have a body. */
  readonly titleEqual: number;
  /** 1 when the titles are equal and one has no body. */
  readonly titleOnly: number;
  /** Rare words that each title has and the other has not, the smaller share. */
  readonly titleSwap: number;
  /** Share of numbers that stand in only one of both, on both sides; one more counts as agreed. */
  readonly numbersApart: number;
  /** 1 when one has no body. */
  readonly noBody: number;
  /** Places where a number stands for another. */
  readonly numbersSwapped: number;
  /** Places where a rare word stands for another. */
  readonly wordsSwapped: number;
  /** Words in the same order, of the shorter text's. */
  readonly aligned: number;
}

/** Measures two entries by their profiles. Symmetric. */
export function measure(a: Profile, b: Profile, { rarityOf, sharersOf }: Commonness): Features {
  const weigh = (phrase: number) => weightOf(sharersOf(phrase));
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
    shared: Math.log(1 + weight),
    own: Math.log(1 + own),
    titles: cosine(a.title, b.title, rarityOf),
    titleEqual: isEqual && !noBody ? 1 : 0,
    titleOnly: isEqual && noBody ? 1 : 0,
    titleSwap: Math.min(missing(a.title, b.title, rarityOf), missing(b.title, a.title, rarityOf)),
    numbersApart: numbersApart(left, right),
    noBody: noBody ? 1 : 0,
    numbersSwapped: Math.min(swaps.numbers, 6),
    wordsSwapped: Math.min(swaps.words, 8),
    aligned: alignment.common / Math.max(1, Math.min(left.length, right.length)),
  };
}

/** What a phrase weighs that so many other entries have: copies of one story are a few, a
 *  template's are many. */
function weightOf(sharers: number): number {
  if (sharers <= 6) return 1;
  return sharers <= 12 ? 0.5 : sharers <= 30 ? 0.2 : 0.05;
}

function weightIn(phrases: Uint32Array, weigh: (phrase: number) => number): number {
  let weight = 0;
  for (const phrase of phrases) weight += weigh(phrase >>> 1);
  return weight;
}

/** Phrases that both have, without their lowest bits, and how many of them stand in both bodies. */
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

/** Whether two lists of words are the same. */
export function isEqualList(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}

function concat({ title, body }: Profile): Uint32Array {
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

/** Share of the rarity of a title's words that the other one has not. */
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

/** Whether two entries have so little in common that nothing more need be measured: few phrases,
 *  and little of their titles. */
export function isFar(earlier: Profile, later: Profile, { rarityOf }: Pick<Commonness, 'rarityOf'>): boolean {
  const needed = FAR_SHARE * Math.min(earlier.phraseCount, later.phraseCount);
  return phrasesOf(later).countShared(earlier) < needed && cosine(earlier.title, later.title, rarityOf) < FAR_TITLES;
}

/** An entry is held against a dozen others in a row. */
let last: { readonly profile: Profile; readonly phrases: PhraseSet } | null = null;

function phrasesOf(profile: Profile): PhraseSet {
  if (last?.profile !== profile) last = { profile, phrases: new PhraseSet(profile) };
  return last.phrases;
}
