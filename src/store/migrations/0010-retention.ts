import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds traces of removed entries, and an index of the oldest entries of a source. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function retention(db: Kysely<any>, { text, keyOnly }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  await db.schema
    .createTable('pruned')
    .addColumn('source_id', text, (column) => column.notNull().references('source.id').onUpdate('cascade').onDelete('cascade'))
    .addColumn('identity', text, required)
    .addColumn('url_key', text)
    .addColumn('location', text)
    .addColumn('title', text, required)
    .addColumn('hash', text, required)
    .addColumn('content_hash', text, required)
    .addColumn('published', 'bigint')
    .addColumn('pruned_at', 'bigint', required)
    .addColumn('missed_at', 'bigint')
    .addPrimaryKeyConstraint('pruned_key', ['source_id', 'identity'])
    .modifyEnd(keyOnly)
    .execute();
  // As for entry_url_key: PostgreSQL refuses index entries of some thousand bytes.
  const isShort = sql<boolean>`length(url_key) <= 600`;
  await db.schema.createIndex('pruned_url_key').on('pruned').columns(['source_id', 'url_key']).where(isShort).execute();
  await db.schema
    .createIndex('pruned_listed')
    .on('pruned')
    .column('source_id')
    .where(sql<boolean>`missed_at is null`)
    .execute();
  await db.schema.createIndex('pruned_missed').on('pruned').column('missed_at').execute();
  await db.schema.createIndex('entry_seen').on('entry').columns(['source_id', 'first_seen_at', 'dated_at', 'no desc']).execute();
}
