import type { Kysely } from 'kysely';

/** Prepared entries that are not yet found by their hashes: a run indexes its own at its end. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function waiting(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('fold_waiting')
    .addColumn('entry_no', 'integer', (column) => column.primaryKey().references('fold_profile.entry_no').onDelete('cascade'))
    .execute();
}
