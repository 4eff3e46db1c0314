import { sql } from 'kysely';
import { PRIOR_TEXT_LENGTH } from '../../model/entry.ts';
import type { PriorEntry } from '../../model/entry.ts';
import type { Store } from '../../ports/store/store.ts';
import { newestRevisions } from '../sql/members.ts';
import { readPrunedPriorEntries } from './pruned.ts';
import { inPieces, toDate, toStorable } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Must repeat the condition of the address index, or the index is not used. */
const isIndexed = sql<boolean>`length(url_key) <= 600`;

/** Queries that are sent as one. */
const AT_ONCE = 4;

/** Must repeat the condition of the index of guids that are not identities. */
const isOtherName = sql<boolean>`guid <> identity and length(guid) <= 600`;

/** Returns entries that an item could be a new form of; see the port. */
export async function readPriorEntries(db: Reader, sourceId: string, by: Parameters<Store['readPriorEntries']>[1]): Promise<PriorEntry[]> {
  const { identities, guids, urlKeys, dates, newest } = by;
  const entries = db.selectFrom('entry').select('no').where('source_id', '=', sourceId).where('deleted_at', 'is', null);
  const queries = [
    ...inPieces(identities.map(toStorable)).map((piece) => entries.where('identity', 'in', piece)),
    ...inPieces(guids.map(toStorable)).map((piece) => entries.where('guid', 'in', piece).where(isOtherName)),
    ...inPieces(urlKeys.map(toStorable)).map((piece) => entries.where('url_key', 'in', piece).where(isIndexed)),
    ...inPieces(dates.map((date) => date.getTime())).map((piece) => entries.where('dated_at', 'in', piece)),
  ];
  const numbers = new Set<number>();
  // A few values of each kind together: an ordinary document needs one query.
  for (let from = 0; from < queries.length; from += AT_ONCE) {
    const [first, ...others] = queries.slice(from, from + AT_ONCE);
    const query = first === undefined ? undefined : others.reduce((all, one) => all.union(one), first);
    for (const { no } of (await query?.execute()) ?? []) numbers.add(no);
  }
  if (newest > 0) for (const { no } of await entries.orderBy('no', 'desc').limit(newest).execute()) numbers.add(no);
  const found: PriorEntry[] = [];
  for (const piece of inPieces([...numbers].sort((a, b) => b - a))) {
    const rows = await newestRevisions(db, piece)
      .innerJoin('entry', 'entry.no', 'r.entry_no')
      .select(['entry.identity', 'entry.guid', 'entry.url', 'entry.url_key', 'r.title', 'r.hash', 'r.published'])
      .select(sql<string>`substr(r.text, 1, ${sql.lit(PRIOR_TEXT_LENGTH)})`.as('text'))
      .orderBy('entry.no', 'desc')
      .execute();
    for (const { url_key: urlKey, published, ...row } of rows) found.push({ ...row, urlKey, published: toDate(published) });
  }
  return [...found, ...(await readPrunedPriorEntries(db, sourceId, { ...by, newest: Math.max(0, newest - found.length) }))];
}
