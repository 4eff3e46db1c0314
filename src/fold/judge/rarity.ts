import type { WordCounts } from '../../model/fold.ts';
import { hashWord, toPhrases } from '../prepare/hashes.ts';
import { toWordList } from '../prepare/words.ts';
import { COMMON_WORDS, STOCK_SENTENCES } from './common-words.ts';

/** Texts from which on a store's own counts are enough. Until then, built-in counts fill up to this
 *  number. */
const ENOUGH = 2000;
/** Least share of texts with a phrase, and the weight of such a phrase. A rare one weighs 1. */
const SHARES: readonly (readonly [share: number, weight: number])[] = [
  [0.05, 0.05],
  [0.02, 0.2],
  [0.01, 0.5],
];
const STOCK_WEIGHT = 0.05;

/** The rarity of words and phrases in the texts of a store. */
export interface Rarity {
  /** Returns the rarity of a word, from 0 (in every text) to 1 (in no other). */
  readonly rarityOf: (word: number) => number;
  /** Returns the weight of a phrase (without its lowest bit), from 0.05 (in many texts under many
   *  titles) to 1. */
  readonly weightOf: (phrase: number) => number;
}

const commonWords: ReadonlyMap<number, number> = new Map([...COMMON_WORDS].map(([word, share]) => [hashWord(word), share]));
const stockPhrases: ReadonlySet<number> = new Set(
  STOCK_SENTENCES.flatMap((sentence) =>
    Array.from(toPhrases(Uint32Array.from(toWordList(sentence), (word) => hashWord(word))), (phrase) => phrase >>> 1),
  ),
);

const known = new WeakMap<WordCounts, Rarity>();

/** Returns the rarity of words and phrases by a store's counts. */
export function toRarity(words: WordCounts): Rarity {
  const before = known.get(words);
  if (before !== undefined) return before;
  const imagined = Math.max(0, ENOUGH - words.texts);
  const texts = words.texts + imagined;
  const most = Math.log((texts + 1) / 0.5);
  const weights = toWeights(words, texts);
  const rarity: Rarity = {
    rarityOf: (word) => {
      const stored = words.counts.get(word) ?? 0;
      const count = imagined === 0 ? stored : stored + imagined * (commonWords.get(word) ?? 0);
      return Math.max(0, Math.log((texts + 1) / (count + 0.5)) / most);
    },
    weightOf: (phrase) => weights.get(phrase) ?? 1,
  };
  known.set(words, rarity);
  return rarity;
}

/** Returns the weights below 1. Words that many texts have get in as well, which does no harm. */
function toWeights(words: WordCounts, texts: number): ReadonlyMap<number, number> {
  const weights = new Map<number, number>();
  for (const [key, count] of words.counts) {
    const weight = SHARES.find(([share]) => count >= share * texts)?.[1];
    if (weight !== undefined) weights.set(key, weight);
  }
  for (const phrase of stockPhrases) weights.set(phrase, STOCK_WEIGHT);
  return weights;
}
