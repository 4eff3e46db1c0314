import type { Problem } from '../../model/errors.ts';

/** Items that are read of one document: the longest archives that publishers offer have a tenth of
 *  it, and each costs memory. */
const MAX_ITEMS = 20_000;

/** The first items of a document, and a problem that says how many there were when it has more than
 *  can be read. */
export function firstItems<T>(items: readonly T[]): { readonly items: readonly T[]; readonly problems: readonly Problem[] } {
  if (items.length <= MAX_ITEMS) return { items, problems: [] };
  const message = `the document has ${items.length} entries: the first ${MAX_ITEMS} are read`;
  return { items: items.slice(0, MAX_ITEMS), problems: [{ code: 'feed/too-many-entries', message }] };
}
