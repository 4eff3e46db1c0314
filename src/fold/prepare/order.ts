import type { FoldEntry } from '../../model/fold.ts';

/** Compares entries of one date by source id, then by position in the document at first sight.
 *  Store numbers would depend on which source answered first. Ids compare by code unit, the same in
 *  every locale. */
export function compareSourcePositions(a: Pick<FoldEntry, 'sourceId' | 'position'>, b: Pick<FoldEntry, 'sourceId' | 'position'>): number {
  if (a.sourceId !== b.sourceId) return a.sourceId < b.sourceId ? -1 : 1;
  return a.position - b.position;
}

/** Returns the believable date of publication, else the first sight, in milliseconds since 1970. */
export function datedAt(entry: Pick<FoldEntry, 'published' | 'firstSeenAt'>): number {
  return (entry.published ?? entry.firstSeenAt).getTime();
}

/** Returns the milliseconds between the believable dates of two entries, if both have one, else
 *  between their first sights. A first reading sees articles of many years at once. */
export function apartMs(a: Pick<FoldEntry, 'published' | 'firstSeenAt'>, b: Pick<FoldEntry, 'published' | 'firstSeenAt'>): number {
  const [one, other] = a.published !== null && b.published !== null ? [a.published, b.published] : [a.firstSeenAt, b.firstSeenAt];
  return Math.abs(one.getTime() - other.getTime());
}

/** Compares entries by the order in which one run folds them (docs/design.md §93). */
export function compareDates(a: FoldEntry, b: FoldEntry): number {
  return datedAt(a) - datedAt(b) || compareSourcePositions(a, b);
}
