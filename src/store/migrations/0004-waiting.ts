import type { Kysely } from 'kysely';

/** Adds prepared entries that are not in the hash index yet: a run indexes its own entries at
 *  its end. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function waiting(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('fold_waiting')
    .addColumn('entry_no', 'integer', (column) => column.primaryKey().references('fold_profile.entry_no').onDelete('cascade'))
    .execute();
}
