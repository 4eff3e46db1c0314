import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Adds an index of ids that their source has given to several articles. One article is
 *  identified by such an id; the index finds the others. It is empty for sources with unique
 *  ids. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function guids(db: Kysely<any>): Promise<void> {
  // PostgreSQL refuses index entries of some thousand bytes.
  const isOtherName = sql<boolean>`guid <> identity and length(guid) <= 600`;
  await db.schema.createIndex('entry_guid').on('entry').columns(['source_id', 'guid']).where(isOtherName).execute();
}
