import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds the state of each story in each feed, the archives, and the versions from which deltas
 *  start. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function publishing(db: Kysely<any>, { text, keyOnly }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  for (const name of ['chain', 'change_seq', 'seq', 'archived_seq', 'recalled_seq'])
    await db.schema
      .alterTable('feed')
      .addColumn(name, 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  await db.schema.alterTable('feed').addColumn('rules', text).execute();
  for (const name of ['ends_at', 'notice_at']) await db.schema.alterTable('feed').addColumn(name, 'bigint').execute();
  await db.schema.alterTable('feed').addColumn('notice_seq', 'integer').execute();
  await db.schema
    .createTable('listing')
    .addColumn('slug', text, required)
    .addColumn('story_no', 'integer', required)
    .addColumn('kind', text, required)
    .addColumn('seq', 'integer', required)
    .addColumn('at', 'bigint', required)
    .addColumn('updated', 'bigint', required)
    .addColumn('accounted_for', 'bigint', required)
    .addColumn('logged_at', 'bigint', required)
    .addColumn('recalled', 'integer', required)
    .addPrimaryKeyConstraint('listing_key', ['slug', 'story_no'])
    .modifyEnd(keyOnly)
    .execute();
  await db.schema
    .createTable('archive')
    .addColumn('slug', text, required)
    .addColumn('n', 'integer', required)
    .addColumn('chain', 'integer', required)
    .addColumn('first_seq', 'integer', required)
    .addColumn('last_seq', 'integer', required)
    .addColumn('private', 'integer', required)
    .addColumn('bytes', text)
    .addColumn('made_at', 'bigint')
    .addPrimaryKeyConstraint('archive_key', ['slug', 'n'])
    .execute();
  await db.schema
    .createTable('document_version')
    .addColumn('slug', text, required)
    .addColumn('tag', text, required)
    .addColumn('chain', 'integer', required)
    .addColumn('seq', 'integer', required)
    .addColumn('at', 'bigint', required)
    .addPrimaryKeyConstraint('document_version_key', ['slug', 'tag'])
    .execute();
  await db.schema
    .createTable('takedown')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('at', 'bigint', required)
    .execute();
  await db.schema.createIndex('listing_seq').on('listing').columns(['slug', 'seq']).execute();
  await db.schema.createIndex('listing_at').on('listing').columns(['slug', 'at']).execute();
}
