import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Gives the tables of our own subscriptions the same prefix as the tables of the hub. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function websubNames(db: Kysely<any>, kind: 'sqlite' | 'postgres'): Promise<void> {
  for (const name of ['subscription', 'document', 'hint']) {
    await db.schema.alterTable(`push_${name}`).renameTo(`websub_source_${name}`).execute();
    // SQLite has no named index for a primary key.
    if (kind === 'postgres') await sql.raw(`alter index push_${name}_pkey rename to websub_source_${name}_pkey`).execute(db);
  }
  // SQLite cannot rename an index.
  for (const name of ['subscription', 'document']) await db.schema.dropIndex(`push_${name}_source`).execute();
  await db.schema
    .createIndex('websub_source_subscription_source')
    .on('websub_source_subscription')
    .column('source_id')
    .unique()
    .where(sql<boolean>`state not in ('leaving', 'left')`)
    .execute();
  await db.schema.createIndex('websub_source_document_source').on('websub_source_document').columns(['source_id', 'no', 'size']).execute();
}
