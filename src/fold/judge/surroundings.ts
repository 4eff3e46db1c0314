import type { WordCounts } from '../../model/fold.ts';
import { isEqualList } from './features.ts';
import type { Prepared } from './guards.ts';
import type { JudgeContext } from './judge.ts';
import { toRarity } from './rarity.ts';

/** An entry with its story. */
export interface PlacedEntry extends Prepared {
  readonly storyNo: number;
  /** false when the owner has switched folding off for the source. */
  readonly folds: boolean;
}

/** Returns a function that gives the context in which two entries are judged. The context is made
 *  of the entries near the later one and the counts of the store. It counts the stories with a
 *  phrase: copies of one story count once, instances of a template each. It also finds data that
 *  their sources repeat. Without neighbours every phrase is as rare as in the store. */
export function createSurroundings(
  neighbours: readonly PlacedEntry[],
  words: WordCounts,
  { measuresAll = false }: { readonly measuresAll?: boolean } = {},
): (a: Prepared, b: Prepared) => JudgeContext {
  let counted: ReadonlyMap<number, number> | null = null;
  const { rarityOf, weightOf } = toRarity(words);
  return (a, b) => {
    const ofTheirs = neighbours.filter(
      ({ entry }) => entry.no !== a.entry.no && entry.no !== b.entry.no && [a.entry.sourceId, b.entry.sourceId].includes(entry.sourceId),
    );
    const isTitleOf = (other: Prepared, one: Prepared) => isEqualList(other.profile.title, one.profile.title);
    return {
      measuresAll,
      rarityOf,
      weightOf,
      // Minus one, since the candidate itself was counted. Few entries have neighbours for which
      // this matters, so the count is made on demand.
      sharersOf: (phrase) => Math.max(0, ((counted ??= countSharers(neighbours)).get(phrase) ?? 0) - 1),
      isUrlRepeated: ofTheirs.some(({ entry }) => entry.urlKey !== null && entry.urlKey === b.entry.urlKey),
      isTitleRepeated: ofTheirs.some((other) => isTitleOf(other, b)),
      isBodyRepeated: ofTheirs.some(
        (other) =>
          other.profile.bodyCount > 0 && isEqualList(other.profile.body, b.profile.body) && !isTitleOf(other, a) && !isTitleOf(other, b),
      ),
    };
  };
}

/** Counts the stories with each phrase. */
function countSharers(neighbours: readonly PlacedEntry[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const counted = new Map<number, Set<number>>();
  for (const { storyNo, profile } of neighbours) {
    const inStory = counted.get(storyNo) ?? new Set();
    counted.set(storyNo, inStory);
    profile.forEachPhrase((phrase) => {
      if (inStory.has(phrase)) return;
      inStory.add(phrase);
      counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    });
  }
  return counts;
}
