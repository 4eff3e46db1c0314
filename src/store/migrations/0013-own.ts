import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds own articles that are held back, and the version of the reader that has read each
 *  folder. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function own(db: Kysely<any>, { text }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  const source: Build = (column) => column.notNull().references('source.id').onUpdate('cascade').onDelete('cascade');
  await db.schema
    .createTable('own_folder')
    .addColumn('source_id', text, (column) => column.primaryKey().references('source.id').onUpdate('cascade').onDelete('cascade'))
    .addColumn('reader', text, required)
    .execute();
  await db.schema
    .createTable('own_file')
    .addColumn('source_id', text, source)
    .addColumn('location', text, required)
    .addColumn('content_hash', text, required)
    .addColumn('title', text, required)
    .addColumn('reason', text)
    .addColumn('code', text, required)
    .addColumn('message', text, required)
    .addColumn('line', 'integer')
    .addColumn('mend', text)
    .addColumn('due_at', 'bigint')
    .addColumn('shown', 'integer', required)
    .execute();
  // PostgreSQL refuses index entries of some thousand bytes, and a path may be that long.
  await db.schema.createIndex('own_file_source').on('own_file').column('source_id').execute();
  await db.schema
    .createIndex('own_file_due')
    .on('own_file')
    .column('due_at')
    .where(sql<boolean>`due_at is not null`)
    .execute();
}
