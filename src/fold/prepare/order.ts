import type { FoldEntry } from '../../model/fold.ts';

/** Order of entries of one date: by source id, then by place in the document when first seen.
 *  Numbers in the store would not do: they depend on which source answered first. Ids compare by
 *  code unit, the same in every locale. */
export function compareSourcePositions(a: Pick<FoldEntry, 'sourceId' | 'position'>, b: Pick<FoldEntry, 'sourceId' | 'position'>): number {
  if (a.sourceId !== b.sourceId) return a.sourceId < b.sourceId ? -1 : 1;
  return a.position - b.position;
}

/** Believable published, else first seen: milliseconds. */
export function datedAt(entry: Pick<FoldEntry, 'published' | 'firstSeenAt'>): number {
  return (entry.published ?? entry.firstSeenAt).getTime();
}

/** The order in which one run folds entries (docs/design.md §93). */
export function compareDates(a: FoldEntry, b: FoldEntry): number {
  return datedAt(a) - datedAt(b) || compareSourcePositions(a, b);
}
