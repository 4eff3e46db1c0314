import type { Problem } from '../../model/errors.ts';

/** Most items read from one document. The longest published archives have a tenth of it, and each
 *  item costs memory. */
const MAX_ITEMS = 20_000;

/** Returns the first items of a document. Adds a problem with their total when there are too
 *  many. */
export function limitItems<T>(items: readonly T[]): { readonly items: readonly T[]; readonly problems: readonly Problem[] } {
  if (items.length <= MAX_ITEMS) return { items, problems: [] };
  const message = `the document has ${items.length} entries: only the first ${MAX_ITEMS} are read`;
  return { items: items.slice(0, MAX_ITEMS), problems: [{ code: 'feed/too-many-entries', message }] };
}
