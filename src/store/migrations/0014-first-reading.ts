import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Adds which entries came with the first reading of their source, and whether that has ended.
 *  Sources that were read before count as read, so that nothing published moves. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function firstReading(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('entry').addColumn('backlog_at', 'bigint').execute();
  await db.schema.alterTable('source').addColumn('first_read_at', 'bigint').execute();
  await sql`update source set first_read_at = coalesce(last_success_at, (select max(first_seen_at) from entry where source_id = source.id))`.execute(
    db,
  );
}
