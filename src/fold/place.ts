import type { StoredEntry } from '../model/entry.ts';

/** Order of entries of one date: by source id, then by place in the document when first seen. Numbers in the store would not do: they
 *  depend on which source answered first. Ids compare by code unit, the same in every locale. */
export function comparePlaces(a: StoredEntry, b: StoredEntry): number {
  if (a.sourceId !== b.sourceId) return a.sourceId < b.sourceId ? -1 : 1;
  return a.position - b.position;
}

/** Believable published, else first seen: milliseconds. */
export function datedAt(entry: StoredEntry): number {
  return (entry.revision.published ?? entry.firstSeenAt).getTime();
}
