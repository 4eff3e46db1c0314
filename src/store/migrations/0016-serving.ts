import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Longest time for which a host's earlier answer may stop requests (ingest/http/poll-hints.ts). */
const MOST_HOLD_MS = 31 * 86_400_000;

/** Adds a count of polls in a row whose document ended inside an entry; shortens holds of years. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function serving(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('source').addColumn('cut_polls', 'integer').execute();
  const latest = Date.now() + MOST_HOLD_MS;
  await db.updateTable('host').set({ retry_after_at: latest }).where('retry_after_at', '>', latest).execute();
  for (const column of ['not_before_at', 'next_poll_at'])
    await db
      .updateTable('source')
      .set({ [column]: latest })
      .where(sql<number>`${sql.ref(column)}`, '>', latest)
      .execute();
}
