import type { Features } from './features.ts';
import { scoreOf } from './score.ts';

/** Signals in words, most telling first: what a person would name who has read both texts. */
export function saySignals(features: Features): string[] {
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
    [titleEqual + titleOnly === 0 && titles >= 0.3, `${share(titles)} of the titles' telling words in common`],
    [titleEqual + titleOnly === 0 && titles < 0.3, 'titles have little in common'],
    [noBody === 1, 'one has no text'],
    [noBody === 0, `${share(contained)} of the shorter one's rare phrases stand in the other`],
    [noBody === 0 && Math.abs(bodyContained - contained) > 0.15, `${share(bodyContained)} of all phrases of the shorter body`],
    [noBody === 0, `${share(aligned)} of the words in the same order`],
    [numbersSwapped > 0, count(numbersSwapped, 'a number stands for another', 'numbers stand for others')],
    [wordsSwapped > 0, count(wordsSwapped, 'a rare word stands for another', 'rare words stand for others')],
    [numbersApart > 0.2, `${share(numbersApart)} of the numbers differ on both sides`],
    [titleSwap > 0.3, `${share(titleSwap)} of the titles' telling words differ on both sides`],
  ];
  return said.filter(([isSaid]) => isSaid).map(([, words]) => words);
}

/** Equal texts and headlines score this or more whatever else there is: then no threshold
 *  decided. */
export const KEY_SCORE = 0.98;

/** Changes that a person can picture, as what they do to the signals. */
const changes: readonly (readonly [words: string, change: (signals: Features) => Partial<Features>])[] = [
  ['the titles had nothing in common', () => ({ titles: 0, titleEqual: 0, titleOnly: 0, titleSwap: 1 })],
  ['the titles were equal', ({ noBody }) => ({ titles: 1, titleEqual: 1 - noBody, titleOnly: noBody, titleSwap: 0 })],
  ['a number stood for another', ({ numbersSwapped }) => ({ numbersSwapped: Math.min(6, numbersSwapped + 1) })],
  ['no number stood for another', () => ({ numbersSwapped: 0, numbersApart: 0 })],
  ['half as many phrases were shared', ({ contained, bodyContained, aligned }) => halve({ contained, bodyContained, aligned })],
  ['all phrases of the shorter one were shared', ({ noBody }) => ({ contained: 1, bodyContained: 1 - noBody, aligned: 1 })],
];

/** What would have had to differ for the other outcome, each with the score that it would have had;
 *  nothing where a key or a guard decided. */
export function sayWhatIf(signals: Readonly<Record<string, number>>): string[] {
  const { threshold = 1, ...rest } = signals;
  const features = rest as unknown as Features;
  const isFolded = scoreOf(features) >= threshold;
  return changes.flatMap(([words, change]) => {
    const score = scoreOf({ ...features, ...change(features) });
    return score >= threshold === isFolded ? [] : [`${isFolded ? 'apart' : 'folded'} if ${words} (${score.toFixed(2)})`];
  });
}

function halve(shares: Partial<Features>): Partial<Features> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share / 2]));
}
