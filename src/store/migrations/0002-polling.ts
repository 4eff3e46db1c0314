import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect } from '../schema/column-types.ts';

/** Adds poll data beyond the last answer. Adds indexes that find an entry whose id has changed:
 *  by its address, and by its age in its source. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function polling(db: Kysely<any>, { text }: Dialect): Promise<void> {
  for (const name of ['wishes', 'move', 'notice']) await db.schema.alterTable('source').addColumn(name, text).execute();
  for (const name of ['gap_ms', 'newest_at']) await db.schema.alterTable('source').addColumn(name, 'bigint').execute();
  for (const name of ['moved_address', 'reason']) await db.schema.alterTable('poll').addColumn(name, text).execute();
  for (const name of ['not_before_at', 'next_poll_at']) await db.schema.alterTable('poll').addColumn(name, 'bigint').execute();
  // PostgreSQL refuses index entries of some thousand bytes; an entry with so long an address is
  // not found by it.
  const isShort = sql<boolean>`length(url_key) <= 600`;
  await db.schema.createIndex('entry_url_key').on('entry').columns(['source_id', 'url_key']).where(isShort).execute();
  await db.schema.createIndex('entry_source').on('entry').columns(['source_id', 'no']).execute();
}
