import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** An id that has been given to several articles is the name of one of them. The others are
 *  found by it through this index, which is empty for sources whose ids are well kept. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function guids(db: Kysely<any>): Promise<void> {
  // PostgreSQL refuses index rows of some thousand bytes.
  const isOtherName = sql<boolean>`guid <> identity and length(guid) <= 600`;
  await db.schema.createIndex('entry_guid').on('entry').columns(['source_id', 'guid']).where(isOtherName).execute();
}
