import type { Kysely } from 'kysely';
import type { Dialect } from '../schema/column-types.ts';

/** Adds the origins of the hub's intents and subscriptions; see schema/websub.ts. Older rows
 *  have none and are counted by host alone. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function hubPlaces(db: Kysely<any>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable('websub_place')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('client', text, (column) => column.notNull())
    .addColumn('site', text, (column) => column.notNull())
    .addColumn('address', text, (column) => column.notNull())
    .execute();
  for (const column of ['client', 'site', 'address'])
    await db.schema.createIndex(`websub_place_${column}`).on('websub_place').column(column).execute();
}
