import { isNumberHash } from '../prepare/hashes.ts';

/** Comparison of two word lists: their common words, and the words that replace others. */
interface Alignment {
  /** Number of words in both lists in the same order. */
  readonly common: number;
  /** Positions at which a few words replace a few others. */
  readonly swaps: readonly Swap[];
}

/** Ranges [from, to) of words that replace each other, at most MAX_SWAP words in each list. */
interface Swap {
  readonly left: readonly [from: number, to: number];
  readonly right: readonly [from: number, to: number];
}

/** Most words of a swap; a longer run is a rewritten passage. */
const MAX_SWAP = 5;

/** Most cells of a gap between anchors that is aligned exactly; a larger gap is a rewritten
 *  passage. */
const MAX_CELLS = 6400;

/** Aligns two lists of word hashes by the words that occur once in each (patience diff). Anchors
 *  are the longest run of these in the same order; gaps are filled by the longest common
 *  subsequence. The time is near n log n. An exact diff would be quadratic for texts that share
 *  nothing. */
export function align(left: Uint32Array, right: Uint32Array): Alignment {
  const pairs: Pair[] = [];
  let [fromLeft, fromRight] = [0, 0];
  for (const [atLeft, atRight] of [...longestRise(findAnchors(left, right)), [left.length, right.length] as const]) {
    pairs.push(...alignGap(left, right, [fromLeft, atLeft], [fromRight, atRight]));
    if (atLeft < left.length) pairs.push([atLeft, atRight]);
    [fromLeft, fromRight] = [atLeft + 1, atRight + 1];
  }
  const swaps: Swap[] = [];
  let before: Pair = [-1, -1];
  for (const pair of [...pairs, [left.length, right.length] as const]) {
    const [lost, gained] = [pair[0] - before[0] - 1, pair[1] - before[1] - 1];
    if (lost > 0 && gained > 0 && lost <= MAX_SWAP && gained <= MAX_SWAP)
      swaps.push({ left: [before[0] + 1, pair[0]], right: [before[1] + 1, pair[1]] });
    before = pair;
  }
  return { common: pairs.length, swaps };
}

/** Positions of an equal word in both lists. */
type Pair = readonly [left: number, right: number];

/** Returns the pairs of a longest common subsequence of two ranges; for too large ranges only the
 *  equal beginning and end. */
function alignGap(left: Uint32Array, right: Uint32Array, [fromLeft, toLeft]: Pair, [fromRight, toRight]: Pair): Pair[] {
  const head: Pair[] = [];
  const tail: Pair[] = [];
  while (fromLeft < toLeft && fromRight < toRight && left[fromLeft] === right[fromRight]) head.push([fromLeft++, fromRight++]);
  while (toLeft > fromLeft && toRight > fromRight && left[toLeft - 1] === right[toRight - 1]) tail.push([--toLeft, --toRight]);
  const [rows, columns] = [toLeft - fromLeft, toRight - fromRight];
  if (rows === 0 || columns === 0 || rows * columns > MAX_CELLS) return [...head, ...tail.toReversed()];
  const width = columns + 1;
  const lengths = new Uint8Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      const at = row * width + column;
      lengths[at] =
        left[fromLeft + row] === right[fromRight + column]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    const at = row * width + column;
    if (left[fromLeft + row] === right[fromRight + column]) head.push([fromLeft + row++, fromRight + column++]);
    else if ((lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0)) row++;
    else column++;
  }
  return [...head, ...tail.toReversed()];
}

/** Counts the swaps of a number (or day, or month) for another, and those of a rare word for
 *  another. */
export function countSwaps(
  { swaps }: Alignment,
  left: Uint32Array,
  right: Uint32Array,
  isRare: (word: number) => boolean,
): { readonly numbers: number; readonly words: number } {
  let [numbers, words] = [0, 0];
  for (const swap of swaps) {
    const lost = left.subarray(...swap.left);
    const gained = right.subarray(...swap.right);
    if (lost.some(isNumberHash) && gained.some(isNumberHash)) numbers++;
    else if (lost.some(isRare) && gained.some(isRare)) words++;
  }
  return { numbers, words };
}

function findAnchors(left: Uint32Array, right: Uint32Array): (readonly [number, number])[] {
  const inRight = positionsOfSingles(right);
  const anchors: (readonly [number, number])[] = [];
  for (const [word, at] of positionsOfSingles(left)) {
    const other = inRight.get(word);
    if (at >= 0 && other !== undefined && other >= 0) anchors.push([at, other]);
  }
  return anchors.sort((a, b) => a[0] - b[0]);
}

/** Returns the position of each word; -1 for a word that occurs more than once. */
function positionsOfSingles(words: Uint32Array): Map<number, number> {
  const positions = new Map<number, number>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    positions.set(word, positions.has(word) ? -1 : at);
  }
  return positions;
}

/** Returns the longest run of anchors whose second positions rise, by patience sorting. */
function longestRise(anchors: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const tops: number[] = [];
  const before = new Int32Array(anchors.length);
  anchors.forEach(([, at], index) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((anchors[tops[middle] ?? 0]?.[1] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (tops[low - 1] ?? -1);
    tops[low] = index;
  });
  const run: (readonly [number, number])[] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const anchor = anchors[index];
    if (anchor) run.push(anchor);
  }
  return run.toReversed();
}
