import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds our subscriptions at hubs of sources, and the queue of delivered documents (WebSub). */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function subscriber(db: Kysely<any>, { text, autoNumber }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  const source: Build = (column) => column.notNull().references('source.id').onUpdate('cascade').onDelete('cascade');
  await db.schema.alterTable('source').addColumn('push', text).execute();
  await db.schema
    .createTable('push_subscription')
    .addColumn('path', text, (column) => column.primaryKey())
    .addColumn('source_id', text, source)
    .addColumn('hub', text, required)
    .addColumn('topic', text, required)
    .addColumn('callback', text, required)
    .addColumn('secret', text)
    .addColumn('state', text, required)
    .addColumn('asked_at', 'bigint')
    .addColumn('attempts', 'integer', required)
    .addColumn('next_at', 'bigint', required)
    .addColumn('expires_at', 'bigint')
    .addColumn('version', 'integer', required)
    .execute();
  // One per source, apart from those that are about to go.
  await db.schema
    .createIndex('push_subscription_source')
    .on('push_subscription')
    .column('source_id')
    .unique()
    .where(sql<boolean>`state not in ('leaving', 'left')`)
    .execute();
  await db.schema
    .createTable('push_document')
    .addColumn('no', 'integer', autoNumber)
    .addColumn('source_id', text, source)
    .addColumn('at', 'bigint', required)
    .addColumn('topic', text, required)
    .addColumn('content_type', text)
    // Counting must not read the documents, so the counted column comes before them in a row.
    .addColumn('size', 'integer', required)
    .addColumn('bytes', text, required)
    .execute();
  await db.schema.createIndex('push_document_source').on('push_document').columns(['source_id', 'no', 'size']).execute();
  await db.schema
    .createTable('push_hint')
    .addColumn('source_id', text, (column) => source(column).primaryKey())
    .addColumn('at', 'bigint', required)
    .addColumn('waiting', 'integer', required)
    .execute();
}
