import type { Features } from './features.ts';
import fitted from './weights.json' with { type: 'json' };

/** Weights of a logistic model, one for each feature, as bench/fit-fold.ts fits them to labelled
 *  pairs. */
export interface Weights {
  readonly bias: number;
  readonly features: Readonly<Record<keyof Features, number>>;
}

/** The fitted weights; the file says on what, when, and what they reached. */
const weights: Weights = fitted;

/** Names of the features, in one order. */
export const featureNames = Object.keys(fitted.features) as readonly (keyof Features)[];

/** Probability, 0 to 1, that two entries are one text. */
export function scoreOf(features: Features, { bias, features: factors }: Weights = weights): number {
  let sum = bias;
  for (const name of featureNames) sum += factors[name] * features[name];
  return 1 / (1 + Math.exp(-sum));
}
