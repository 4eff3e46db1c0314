import type { Context } from 'hono';
import { MOST_SEARCH_PAGES } from '../../model/view.ts';
import type { ListSelection } from '../../model/view.ts';
import { isSlug } from '../../model/values/slug.ts';

/** Longest search, characters. */
const LONGEST_QUERY = 200;
/** Reads from a request which stories a list shall show. Returns null for an impossible
 *  selection, such as page 0 or a tag that is no slug. */
export function readSelection({ req }: Context): ListSelection | null {
  const page = req.query('page') || '1';
  const query = (req.query('q') ?? '').replaceAll('\0', ' ').trim().slice(0, LONGEST_QUERY).toWellFormed();
  const source = req.query('source') || null;
  const tag = req.query('tag') || null;
  if (!/^[1-9]\d{0,5}$/.test(page) || [source, tag].some((name) => name !== null && !isSlug(name))) return null;
  if (query !== '' && Number(page) > MOST_SEARCH_PAGES) return null;
  return { page: Number(page), source, tag, query };
}
