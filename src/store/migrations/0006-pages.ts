import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds the feed found on a page, the texts found on pages that entries link to, and robots.txt
 *  of sites. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function pages(db: Kysely<any>, { text }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  await db.schema.alterTable('source').addColumn('found', text).execute();
  await db.schema
    .createTable('page')
    .addColumn('key', text, (column) => column.primaryKey())
    .addColumn('url', text, required)
    .addColumn('asked_for', text, required)
    .addColumn('asked_at', 'bigint', required)
    .addColumn('attempts', 'integer', required)
    .addColumn('html', text)
    .addColumn('problem_code', text)
    .addColumn('problem_message', text)
    .execute();
  await db.schema
    .createTable('robots')
    .addColumn('origin', text, (column) => column.primaryKey())
    .addColumn('asked_at', 'bigint', required)
    .addColumn('rules', text)
    .execute();
}
