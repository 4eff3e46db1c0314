import type { Kysely } from 'kysely';
import type { Dialect } from '../schema/column-types.ts';

/** Adds the tables of the hub (W3C WebSub); see schema/websub.ts. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function hub(db: Kysely<any>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable('websub_intent')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('mode', text, (column) => column.notNull())
    .addColumn('topic', text, (column) => column.notNull())
    .addColumn('callback', text, (column) => column.notNull())
    .addColumn('host', text, (column) => column.notNull())
    .addColumn('secret', text)
    .addColumn('lease_seconds', 'integer', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('websub_intent_next').on('websub_intent').column('next_at').execute();
  await db.schema
    .createTable('websub_subscription')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('topic', text, (column) => column.notNull())
    .addColumn('callback', text, (column) => column.notNull())
    .addColumn('host', text, (column) => column.notNull())
    .addColumn('secret', text)
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('delivered_seq', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('failing_since', 'bigint')
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('problem_code', text)
    .addColumn('problem_message', text)
    .execute();
  await db.schema.createIndex('websub_subscription_due').on('websub_subscription').columns(['topic', 'delivered_seq', 'next_at']).execute();
  await db.schema.createIndex('websub_subscription_end').on('websub_subscription').column('expires_at').execute();
  await db.schema
    .createTable('announcement')
    .addColumn('topic', text, (column) => column.primaryKey())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .execute();
}
