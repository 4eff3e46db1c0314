import type { Kysely } from 'kysely';

/** Adds which earlier entries stood in the document in which an entry came. Nobody knows it of
 *  entries that are stored already. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function listed(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('entry').addColumn('listed_from', 'bigint').execute();
}
