import type { WordCounts } from '../../model/fold.ts';
import { isEqualList } from './features.ts';
import type { Prepared } from './guards.ts';
import type { JudgeContext } from './judge.ts';

/** An entry that stands in a story. */
export interface PlacedEntry extends Prepared {
  readonly storyNo: number;
  /** Whether its source lets it fold. */
  readonly folds: boolean;
}

/** What two entries are judged beside, made of the entries around the later one: how many of their
 *  stories have a phrase (copies of one story count once, a template's instances each), and what
 *  their sources use again and again. Without neighbours every phrase counts as rare. */
export function createSurroundings(
  neighbours: readonly PlacedEntry[],
  words: WordCounts,
  { measuresAll = false }: { readonly measuresAll?: boolean } = {},
): (a: Prepared, b: Prepared) => JudgeContext {
  let counted: ReadonlyMap<number, number> | null = null;
  const most = Math.log((words.texts + 1) / 0.5);
  const rarityOf = (word: number) => Math.max(0, Math.log((words.texts + 1) / ((words.counts.get(word) ?? 0) + 0.5)) / most);
  return (a, b) => {
    const ofTheirs = neighbours.filter(
      ({ entry }) => entry.no !== a.entry.no && entry.no !== b.entry.no && [a.entry.sourceId, b.entry.sourceId].includes(entry.sourceId),
    );
    const isTitleOf = (other: Prepared, one: Prepared) => isEqualList(other.profile.title, one.profile.title);
    return {
      measuresAll,
      rarityOf,
      // The candidate itself is among those that were counted; most entries have no neighbour for
      // which it matters.
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

/** In how many stories each phrase stands. */
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
