import type { Features } from './features.ts';
import { scoreOf } from './score.ts';

/** Returns the features in words, most important first, as a person would who has read both
 *  texts. */
export function describeFeatures(features: Features): string[] {
  const {
    contained,
    bodyContained,
    titles,
    titleEqual,
    titleOnly,
    titleSwap,
    numbersApart,
    noBody,
    numbersSwapped,
    wordsSwapped,
    aligned,
  } = features;
  const share = (part: number) => `${Math.round(part * 100)} %`;
  const count = (n: number, one: string, many: string) => (n === 1 ? one : `${n} ${many}`);
  const said: (readonly [isSaid: boolean, words: string])[] = [
    [titleEqual + titleOnly > 0, 'same title'],
    [titleEqual + titleOnly === 0 && titles >= 0.3, `${share(titles)} of the titles' rare words in common`],
    [titleEqual + titleOnly === 0 && titles < 0.3, 'titles have little in common'],
    [noBody === 1, 'one has no text'],
    [noBody === 0, `${share(contained)} of the shorter text's rare phrases are in the other`],
    [
      noBody === 0 && Math.abs(bodyContained - contained) > 0.15,
      `${share(bodyContained)} of all phrases of the shorter text are in the other`,
    ],
    [noBody === 0, `${share(aligned)} of the words in the same order`],
    [numbersSwapped > 0, count(numbersSwapped, 'a number is replaced by another', 'numbers are replaced by others')],
    [wordsSwapped > 0, count(wordsSwapped, 'a rare word is replaced by another', 'rare words are replaced by others')],
    [numbersApart > 0.2, `${share(numbersApart)} of the numbers differ on both sides`],
    [titleSwap > 0.3, `${share(titleSwap)} of the titles' rare words differ on both sides`],
  ];
  return said.filter(([isSaid]) => isSaid).map(([, words]) => words);
}

/** Least score of equal texts. From it on, a key decided and no threshold. */
export const KEY_SCORE = 0.98;

/** Changes that a person can imagine, each with its effect on the features. */
const changes: readonly (readonly [words: string, change: (signals: Features) => Partial<Features>])[] = [
  ['the titles had nothing in common', () => ({ titles: 0, titleEqual: 0, titleOnly: 0, titleSwap: 1 })],
  ['the titles were equal', ({ noBody }) => ({ titles: 1, titleEqual: 1 - noBody, titleOnly: noBody, titleSwap: 0 })],
  ['a number was replaced by another', ({ numbersSwapped }) => ({ numbersSwapped: Math.min(6, numbersSwapped + 1) })],
  ['no number was replaced by another', () => ({ numbersSwapped: 0, numbersApart: 0 })],
  ['half as many phrases were shared', ({ contained, bodyContained, aligned }) => halve({ contained, bodyContained, aligned })],
  ['all phrases of the shorter text were shared', ({ noBody }) => ({ contained: 1, bodyContained: 1 - noBody, aligned: 1 })],
];

/** Returns the differences that would have led to the other outcome, each with its score; none
 *  where a key or a guard decided. */
export function describeAlternatives(signals: Readonly<Record<string, number>>): string[] {
  const { threshold = 1, ...rest } = signals;
  const features = { agreed: 0, isElsewhere: 0, ...rest } as unknown as Features;
  const isFolded = scoreOf(features) >= threshold;
  return changes.flatMap(([words, change]) => {
    const score = scoreOf({ ...features, ...change(features) });
    return score >= threshold === isFolded ? [] : [`${isFolded ? 'apart' : 'folded'} if ${words} (${score.toFixed(2)})`];
  });
}

function halve(shares: Partial<Features>): Partial<Features> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share / 2]));
}
