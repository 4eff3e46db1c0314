import { toComparable } from '../text/text.ts';

/** Characters of a text that are looked at. */
const LENGTH = 4000;

/** The word pairs of a text, as hashes; of characters where words are not set apart (Han, kana,
 *  Thai). */
export type Pairs = ReadonlySet<number>;

/** Cuts the beginning of a plain text into pairs of neighbouring words; a lone word makes one by
 *  itself. Linear in its length. */
export function toPairs(text: string): Pairs {
  const words =
    toComparable(text.slice(0, LENGTH)).match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s]+/gu) ?? [];
  const pairs = new Set<number>();
  const [only] = words;
  if (words.length === 1 && only !== undefined) pairs.add(hashPair('', only));
  for (let at = 1; at < words.length; at++) pairs.add(hashPair(words[at - 1] ?? '', words[at] ?? ''));
  return pairs;
}

/** Share of the pairs of the shorter text that stand in the other one too, 0 to 1. `common` counts
 *  for nothing. */
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

/** FNV-1a over both words; two pairs in one hash are one chance in four thousand millions. */
function hashPair(first: string, second: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const text of [first, ' ', second])
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return hash;
}
