import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { KIN_TEXT_LENGTH } from '../model/entry.ts';
import type { Kin } from '../model/entry.ts';
import type { Store } from '../ports/store.ts';
import { inPieces, toDate, toStorable } from './rows.ts';
import type { Schema } from './schema.ts';

/** As the index of addresses says it: without the same words it is not used. */
const isIndexed = sql<boolean>`length(url_key) <= 600`;

/** Entries that may come back under another id; see the port. */
export async function readKin(
  db: Kysely<Schema>,
  sourceId: string,
  { identities, urlKeys, newest }: Parameters<Store['readKin']>[1],
): Promise<Kin[]> {
  const entries = db.selectFrom('entry').select('no').where('source_id', '=', sourceId).where('deleted_at', 'is', null);
  const numbers = new Set<number>();
  for (const piece of inPieces(identities.map(toStorable)))
    for (const { no } of await entries.where('identity', 'in', piece).execute()) numbers.add(no);
  for (const piece of inPieces(urlKeys.map(toStorable)))
    for (const { no } of await entries.where('url_key', 'in', piece).where(isIndexed).execute()) numbers.add(no);
  if (newest > 0) for (const { no } of await entries.orderBy('no', 'desc').limit(newest).execute()) numbers.add(no);
  const kin: Kin[] = [];
  for (const piece of inPieces([...numbers].sort((a, b) => b - a))) {
    const rows = await db
      .selectFrom('entry')
      .innerJoin('revision', 'revision.entry_no', 'entry.no')
      .select(['entry.identity', 'entry.url_key', 'revision.title', 'revision.hash', 'revision.published'])
      .select(sql<string>`substr(revision.text, 1, ${sql.lit(KIN_TEXT_LENGTH)})`.as('text'))
      .where('entry.no', 'in', piece)
      .where('revision.n', '=', (outer) =>
        outer
          .selectFrom('revision as m')
          .select((inner) => inner.fn.max('m.n').as('n'))
          .whereRef('m.entry_no', '=', 'entry.no'),
      )
      .orderBy('entry.no', 'desc')
      .execute();
    for (const { url_key: urlKey, published, ...row } of rows) kin.push({ ...row, urlKey, published: toDate(published) });
  }
  return kin;
}
