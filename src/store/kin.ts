import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { KIN_TEXT_LENGTH } from '../model/entry.ts';
import type { Kin } from '../model/entry.ts';
import type { Store } from '../ports/store.ts';
import { newestRevisions } from './members.ts';
import { readPrunedKin } from './pruned.ts';
import { inPieces, toDate, toStorable } from './rows.ts';
import type { Schema } from './schema.ts';

/** As the index of addresses says it: without the same words it is not used. */
const isIndexed = sql<boolean>`length(url_key) <= 600`;

/** As the index of ids says it that are not the names of their entries. */
const isOtherName = sql<boolean>`guid <> identity and length(guid) <= 600`;

/** Entries that may come back under another id; see the port. */
export async function readKin(db: Kysely<Schema>, sourceId: string, by: Parameters<Store['readKin']>[1]): Promise<Kin[]> {
  const { identities, guids, urlKeys, newest } = by;
  const entries = db.selectFrom('entry').select('no').where('source_id', '=', sourceId).where('deleted_at', 'is', null);
  const numbers = new Set<number>();
  for (const piece of inPieces(identities.map(toStorable)))
    for (const { no } of await entries.where('identity', 'in', piece).execute()) numbers.add(no);
  for (const piece of inPieces(guids.map(toStorable)))
    for (const { no } of await entries.where('guid', 'in', piece).where(isOtherName).execute()) numbers.add(no);
  for (const piece of inPieces(urlKeys.map(toStorable)))
    for (const { no } of await entries.where('url_key', 'in', piece).where(isIndexed).execute()) numbers.add(no);
  if (newest > 0) for (const { no } of await entries.orderBy('no', 'desc').limit(newest).execute()) numbers.add(no);
  const kin: Kin[] = [];
  for (const piece of inPieces([...numbers].sort((a, b) => b - a))) {
    const rows = await newestRevisions(db, piece)
      .innerJoin('entry', 'entry.no', 'r.entry_no')
      .select(['entry.identity', 'entry.guid', 'entry.url', 'entry.url_key', 'r.title', 'r.hash', 'r.published'])
      .select(sql<string>`substr(r.text, 1, ${sql.lit(KIN_TEXT_LENGTH)})`.as('text'))
      .orderBy('entry.no', 'desc')
      .execute();
    for (const { url_key: urlKey, published, ...row } of rows) kin.push({ ...row, urlKey, published: toDate(published) });
  }
  return [...kin, ...(await readPrunedKin(db, sourceId, { ...by, newest: Math.max(0, newest - kin.length) }))];
}
