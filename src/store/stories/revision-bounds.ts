import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Versions of one entry that are kept, and how many are left when it has more. An entry that
 *  changes at every poll makes dozens a day, for ever. */
const MOST_VERSIONS = 120;
const LEFT_VERSIONS = 90;
/** Bytes of the texts of all versions of one entry, and how many of them are left when it has
 *  more. */
const MOST_BYTES = 6_000_000;
const LEFT_BYTES = 4_000_000;
/** The newest versions made by update marks. An entry is compared with the marks that it has.
 *  Without these it would tell again what it has told (update-marks.ts reads no more of one
 *  text). */
const MARKS_KEPT = 25;

/** Bounds what is stored of an entry's versions. Versions that readers were not told of go
 *  first, oldest first, then older ones that they were told of. Of the rest the texts of older
 *  ones go. The first version and the newest are never touched, nor is what an entry is known
 *  again by. Whether anything was taken out. */
export async function boundRevisions(trx: Transaction<Schema>, entryNo: number): Promise<boolean> {
  const size = sql<number>`octet_length(text) + coalesce(octet_length(html), 0) + coalesce(octet_length(summary), 0)`;
  const rows = await trx
    .selectFrom('revision')
    .select(['n', 'kind', size.as('size')])
    .where('entry_no', '=', entryNo)
    .orderBy('n')
    .execute();
  const sizes = new Map(rows.map(({ n, size: bytes }) => [n, bytes]));
  const inAll = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (rows.length <= MOST_VERSIONS && inAll <= MOST_BYTES) return false;
  // The newest that readers were told of is what the next reading is held against.
  const told = rows.findLast(({ kind }) => kind !== 'cosmetic')?.n;
  const middle = rows.slice(1, -1).filter(({ n }) => n !== told);
  const marks = new Set(rows.filter(({ kind }) => kind === 'mark').slice(-MARKS_KEPT));
  const [silent, open] = [middle.filter(({ kind }) => kind === 'cosmetic'), middle.filter(({ kind }) => kind !== 'cosmetic')];
  const isTooMany = rows.length > MOST_VERSIONS;
  const free = [...silent, ...open.filter((row) => !marks.has(row))].slice(0, isTooMany ? rows.length - LEFT_VERSIONS : silent.length);
  const gone = free.map(({ n }) => n);
  let left = inAll - gone.reduce((sum, n) => sum + (sizes.get(n) ?? 0), 0);
  const emptied: number[] = [];
  for (const { n } of middle) {
    if (left <= LEFT_BYTES) break;
    const bytes = sizes.get(n) ?? 0;
    if (gone.includes(n) || bytes === 0) continue;
    emptied.push(n);
    left -= bytes;
  }
  if (gone.length > 0) await trx.deleteFrom('revision').where('entry_no', '=', entryNo).where('n', 'in', gone).execute();
  if (emptied.length > 0)
    await trx
      .updateTable('revision')
      .set({ html: '', text: '', summary: null, authors: '[]', categories: '[]', enclosures: '[]' })
      .where('entry_no', '=', entryNo)
      .where('n', 'in', emptied)
      .execute();
  return gone.length + emptied.length > 0;
}
