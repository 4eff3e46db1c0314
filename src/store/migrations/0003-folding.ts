import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds folding by text, relations and the owner's pins. Removes the keys of the former folding:
 *  entries are prepared again. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function folding(db: Kysely<any>, { text, double, bytes, keyOnly }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  const entry: Build = (column) => column.notNull().references('entry.no').onDelete('cascade');
  await db.schema.dropTable('fold_key').execute();
  await db.schema
    .createTable('fold_profile')
    .addColumn('entry_no', 'integer', (column) => column.primaryKey().references('entry.no').onDelete('cascade'))
    .addColumn('at', 'bigint', required)
    .addColumn('profile', bytes, required)
    .addColumn('sketch', bytes, required)
    .execute();
  await db.schema
    .createTable('fold_hash')
    .addColumn('hash', 'integer', required)
    .addColumn('entry_no', 'integer', required)
    .addPrimaryKeyConstraint('fold_hash_key', ['hash', 'entry_no'])
    .modifyEnd(keyOnly)
    .execute();
  await db.schema
    .createTable('fold_words')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', required)
    .addColumn('texts', 'integer', required)
    .addColumn('counts', bytes, required)
    .execute();
  await db.schema
    .createTable('related')
    .addColumn('entry_no', 'integer', entry)
    .addColumn('other_no', 'integer', entry)
    .addColumn('score', double, required)
    .addColumn('why', text, required)
    .addColumn('rules', text, required)
    .addColumn('signals', text)
    .addColumn('at', 'bigint', required)
    .addPrimaryKeyConstraint('related_key', ['entry_no', 'other_no'])
    .execute();
  await db.schema
    .createTable('pin')
    .addColumn('entry_no', 'integer', entry)
    .addColumn('other_no', 'integer', entry)
    .addColumn('kind', text, required)
    .addColumn('at', 'bigint', required)
    .addPrimaryKeyConstraint('pin_key', ['entry_no', 'other_no'])
    .execute();
  for (const table of ['entry', 'story']) await db.schema.alterTable(table).addColumn('hidden_at', 'bigint').execute();
  await db.schema.alterTable('story').addColumn('merged_into', 'integer').execute();
  await db.schema.alterTable('story_entry').addColumn('signals', text).execute();
  await db.schema.createIndex('fold_profile_at').on('fold_profile').column('at').execute();
  await db.schema.createIndex('related_other').on('related').column('other_no').execute();
}
