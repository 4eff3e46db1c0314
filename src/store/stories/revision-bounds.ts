import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Most versions of one entry, and the number left after older ones are dropped. An entry that
 *  changes at every poll has dozens of versions a day. */
const MOST_VERSIONS = 120;
const LEFT_VERSIONS = 90;
/** Most bytes of text in all versions of one entry, and the number left after older texts are
 *  dropped. */
const MOST_BYTES = 6_000_000;
const LEFT_BYTES = 4_000_000;
/** Number of newest update-mark versions that are kept. An entry is compared with its stored
 *  marks; without them an old update would be reported again (update-marks.ts reads no more per
 *  text). */
const MARKS_KEPT = 25;

/** Limits the stored versions of an entry. First it drops silent versions, oldest first, then
 *  older visible ones. Then it empties the texts of older remaining versions. The first version,
 *  the newest, and the fields that identify the entry always stay. Reports whether anything was
 *  dropped. */
export async function boundRevisions(trx: Transaction<Schema>, entryNo: number): Promise<boolean> {
  const size = sql<number>`octet_length(text) + coalesce(octet_length(html), 0) + coalesce(octet_length(summary), 0)`;
  const rows = await trx
    .selectFrom('revision')
    .select(['n', 'kind', size.as('size')])
    .where('entry_no', '=', entryNo)
    .orderBy('n')
    .execute();
  const sizes = new Map(rows.map(({ n, size: bytes }) => [n, bytes]));
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (rows.length <= MOST_VERSIONS && total <= MOST_BYTES) return false;
  // The next reading is compared with the newest version that readers have seen.
  const lastVisible = rows.findLast(({ kind }) => kind !== 'cosmetic')?.n;
  const middle = rows.slice(1, -1).filter(({ n }) => n !== lastVisible);
  const marks = new Set(rows.filter(({ kind }) => kind === 'mark').slice(-MARKS_KEPT));
  const [silent, visible] = [middle.filter(({ kind }) => kind === 'cosmetic'), middle.filter(({ kind }) => kind !== 'cosmetic')];
  const isTooMany = rows.length > MOST_VERSIONS;
  const free = [...silent, ...visible.filter((row) => !marks.has(row))].slice(0, isTooMany ? rows.length - LEFT_VERSIONS : silent.length);
  const dropped = free.map(({ n }) => n);
  let remaining = total - dropped.reduce((sum, n) => sum + (sizes.get(n) ?? 0), 0);
  const emptied: number[] = [];
  for (const { n } of middle) {
    if (remaining <= LEFT_BYTES) break;
    const bytes = sizes.get(n) ?? 0;
    if (dropped.includes(n) || bytes === 0) continue;
    emptied.push(n);
    remaining -= bytes;
  }
  if (dropped.length > 0) await trx.deleteFrom('revision').where('entry_no', '=', entryNo).where('n', 'in', dropped).execute();
  if (emptied.length > 0)
    await trx
      .updateTable('revision')
      .set({ html: '', text: '', summary: null, authors: '[]', categories: '[]', enclosures: '[]' })
      .where('entry_no', '=', entryNo)
      .where('n', 'in', emptied)
      .execute();
  return dropped.length + emptied.length > 0;
}
