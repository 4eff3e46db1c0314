import type { Features } from './features.ts';
import fitted from './weights.json' with { type: 'json' };

/** Weights of a logistic model, one for each feature, fitted to labelled pairs by
 *  bench/fit-fold.ts. */
export interface Weights {
  readonly bias: number;
  readonly features: Readonly<Record<keyof Features, number>>;
}

/** The fitted weights. The file names the data, the date and the accuracy of the fit. */
const weights: Weights = fitted;

/** Names of the features, in the order of the weights file. */
export const featureNames = Object.keys(fitted.features) as readonly (keyof Features)[];

/** Returns the probability, 0 to 1, that two entries are one text. */
export function scoreOf(features: Features, { bias, features: factors }: Weights = weights): number {
  let sum = bias;
  for (const name of featureNames) sum += factors[name] * features[name];
  return 1 / (1 + Math.exp(-sum));
}
