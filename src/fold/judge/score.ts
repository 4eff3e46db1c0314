import type { Features } from './features.ts';
import fitted from './weights.json' with { type: 'json' };

/** The terms that the fitted model adds up. Some features are weighed by what agrees: one number in
 *  240 words is less than one in ten. */
export interface Terms extends Pick<
  Features,
  'contained' | 'bodyContained' | 'titles' | 'titleEqual' | 'titleOnly' | 'titleSwap' | 'numbersApart' | 'noBody' | 'aligned'
> {
  readonly numbersReplaced: number;
  readonly wordsReplaced: number;
  /** The share of rare phrases in common, for a text of eighty phrases or more; less for shorter
   *  ones. */
  readonly copied: number;
}

/** Weights of a logistic model, one for each term, fitted to labelled pairs by
 *  bench/fit-fold.ts. */
export interface Weights {
  readonly bias: number;
  readonly features: Readonly<Record<keyof Terms, number>>;
}

/** The fitted weights. The file names the data, the date and the accuracy of the fit. */
const weights: Weights = fitted;

/** Names of the terms. */
export const termNames = [
  'contained',
  'bodyContained',
  'copied',
  'titles',
  'titleEqual',
  'titleOnly',
  'titleSwap',
  'numbersApart',
  'noBody',
  'numbersReplaced',
  'wordsReplaced',
  'aligned',
] as const satisfies readonly (keyof Terms)[];

/** Weight of shared phrases at which a replaced number or word counts half. */
const HALF_REPLACED = 40;
const LONG_COPY = 80;

/** Least weight of shared phrases by which a copy is recognised: a text of some 35 words. */
const LEAST_COPIED = 30;
/** Share of the shorter text's rare phrases that a copy has, if a hundred are shared. It needs more
 *  for each phrase fewer. */
const COPIED = 0.57;
const ENOUGH_COPIED = 100;
const FOR_FEWER = 0.002;
/** The loss of that share for a replaced number and for a replaced rare word, by the words that
 *  agree. One number in a hundred words takes 2 %. */
const FOR_NUMBERS = 2;
const FOR_WORDS = 1;
/** The score of a pair that just has what a copy needs, with its rise and its fall. */
const COPY_SCORE = 0.7;
const RISE = 0.6;
const FALL = 10 / 3;
const MOST = 0.97;

/** Returns the probability, 0 to 1, that two entries are one text: by the fitted weights, or as a
 *  copy, whichever is greater. */
export function scoreOf(features: Features): number {
  return Math.max(fittedScoreOf(features), copyScoreOf(features));
}

/** Returns the score of two texts of two sources as copies of one text. It falls with the share of
 *  numbers and rare words that are replaced. Headlines do not count, since each paper writes its
 *  own. */
export function copyScoreOf({ shared, contained, numbersSwapped, wordsSwapped, agreed, isElsewhere }: Features): number {
  if (isElsewhere === 0 || shared < LEAST_COPIED) return 0;
  const replaced = (FOR_NUMBERS * numbersSwapped + FOR_WORDS * wordsSwapped) / Math.max(1, agreed);
  const over = contained - replaced - COPIED - FOR_FEWER * Math.max(0, ENOUGH_COPIED - shared);
  return over >= 0 ? Math.min(MOST, COPY_SCORE + RISE * over) : Math.max(0, COPY_SCORE + FALL * over);
}

/** Returns the probability by weights; the fitted ones if none are given. */
export function fittedScoreOf(features: Features, { bias, features: factors }: Weights = weights): number {
  const terms = toTerms(features);
  let sum = bias;
  for (const name of termNames) sum += factors[name] * terms[name];
  return 1 / (1 + Math.exp(-sum));
}

/** Returns the terms of a pair. */
export function toTerms(features: Features): Terms {
  const { shared, contained, titleSwap, numbersApart, numbersSwapped, wordsSwapped } = features;
  const shortness = LONG_COPY / (LONG_COPY + shared);
  return {
    ...features,
    copied: contained * Math.min(1, shared / LONG_COPY),
    titleSwap: titleSwap * shortness,
    numbersApart: numbersApart * shortness,
    numbersReplaced: (numbersSwapped * HALF_REPLACED) / (HALF_REPLACED + shared),
    wordsReplaced: (wordsSwapped * HALF_REPLACED) / (HALF_REPLACED + shared),
  };
}
