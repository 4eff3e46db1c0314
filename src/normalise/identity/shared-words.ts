import { toComparable } from '../text/text.ts';

/** Most characters of a text that are compared. */
const LENGTH = 4000;

/** Least share of common word pairs of two versions of one article. Unrelated articles of one site
 *  share at most a tenth. */
export const ALIKE = 0.5;
/** Below this share, two texts are of two articles. */
export const UNLIKE = 0.2;

/** The word pairs of a text, as hashes. Han, kana and Thai do not separate words, so there each
 *  character counts as one. */
export type Pairs = ReadonlySet<number>;

/** Returns the pairs of neighbouring words of the beginning of a plain text; a single word is a
 *  pair by itself. The time is linear in the length. */
export function toPairs(text: string): Pairs {
  const words = toWords(text);
  const [only] = words;
  return words.length === 1 && only !== undefined ? new Set([hashPair('', only)]) : pairUp(words);
}

/** Returns the same pairs, but none for a single word, which proves nothing by itself. */
export function toNeighbours(text: string): Pairs {
  return pairUp(toWords(text));
}

function toWords(text: string): readonly string[] {
  return toComparable(text.slice(0, LENGTH)).match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s]+/gu) ?? [];
}

function pairUp(words: readonly string[]): Pairs {
  const pairs = new Set<number>();
  for (let at = 1; at < words.length; at++) pairs.add(hashPair(words[at - 1] ?? '', words[at] ?? ''));
  return pairs;
}

/** Returns the share, 0 to 1, of the shorter text's pairs that the other text contains. Pairs in
 *  `common` do not count. */
export function sharedPart(a: Pairs, b: Pairs, common: Pairs = new Set()): { readonly share: number; readonly counted: number } {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let [shared, counted] = [0, 0];
  for (const pair of small) {
    if (common.has(pair)) continue;
    counted++;
    if (large.has(pair)) shared++;
  }
  return { share: counted === 0 ? 0 : shared / counted, counted };
}

/** Returns FNV-1a over both words. Two pairs have one hash with a chance of one in four thousand
 *  million. */
function hashPair(first: string, second: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const text of [first, ' ', second])
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return hash;
}
