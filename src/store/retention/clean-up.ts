import { sql } from 'kysely';
import type { Kysely, RawBuilder, Transaction } from 'kysely';
import { DAY_MS } from '../../model/values/time.ts';
import type { CleanUpReads, CleanUpWrites } from '../../ports/store/retention.ts';
import type { Backend } from '../engine/backend.ts';
import type { Reader } from '../engine/reader.ts';
import type { Schema } from '../schema/schema.ts';
import { readMeta, saveMeta } from '../sql/meta.ts';

/** Number of runs whose reports are kept: more than three days with one run every ten minutes. */
const RUNS_KEPT = 500;
/** Age at which rows are removed that a feed or the owner may still need. A feed that is
 *  unpublished for a while needs changes; readers who come once a month need versions. */
const MONTH_MS = 30 * DAY_MS;
/** Time for which a removed entry is remembered after its source has dropped it. The entry is
 *  recognised when it returns in that time, and its id stays reserved. A site that lists an old
 *  article again does so within half a year, or as news. */
const TRACES_KEPT_MS = 180 * DAY_MS;
/** Longer than sources list their entries, because an unknown page is requested again. */
const PAGES_KEPT_MS = 400 * DAY_MS;

/** Reads the state of the store itself. */
export function cleanUpReads(db: Reader, { checkWhole }: Pick<Backend, 'checkWhole'>): CleanUpReads {
  return {
    checkWhole: async () => checkWhole(),

    async readCleanedUp() {
      const at = await readMeta(db, 'tidied');
      return at === null ? null : new Date(Number(at));
    },
  };
}

/** Removes rows that nobody needs any more. */
export function cleanUpWrites(db: Kysely<Schema>): CleanUpWrites {
  return {
    cleanUp: async (now, { slugs, limit }) => {
      const counts: Record<string, number> = {};
      // One transaction per table, so that others may write in between.
      for (const [table, rows] of toRules(now, slugs))
        counts[table] = (counts[table] ?? 0) + (await db.transaction().execute((trx) => remove(trx, table, rows, limit)));
      const changes = await db.transaction().execute((trx) => removeChanges(trx, { slugs, before: now.getTime() - MONTH_MS, limit }));
      return { ...counts, change: changes };
    },

    markCleanedUp: (at) => saveMeta(db, 'tidied', String(at.getTime())),
  };
}

/** Returns a condition per table for the rows to remove. The newest run always stays, because
 *  the next number counts from it and alerts read its end. */
function toRules(
  now: Date,
  slugs: readonly string[],
): (readonly [string, { readonly key: string; readonly where: RawBuilder<boolean> }])[] {
  const at = now.getTime();
  const removedBefore = (age: number) => sql`select id from source where active = 0 and removed_at < ${at - age}`;
  const isUnpublished = slugs.length === 0 ? sql`1 = 1` : sql`slug not in (${sql.join(slugs)})`;
  return [
    ['run', { key: 'no', where: sql`no <= (select max(no) from run) - ${sql.lit(RUNS_KEPT)}` }],
    ['poll', { key: 'id', where: sql`source_id in (${removedBefore(MONTH_MS)}) and id < (select max(id) from poll)` }],
    ['host', { key: 'name', where: sql`retry_after_at < ${at - DAY_MS}` }],
    ['robots', { key: 'origin', where: sql`asked_at < ${at - MONTH_MS}` }],
    ['page', { key: 'key', where: sql`asked_at < ${at - PAGES_KEPT_MS}` }],
    ['document_version', { key: 'tag', where: sql`at < ${at - MONTH_MS} and ${isUnpublished}` }],
    // After its story is gone, a tombstone only keeps its id from being used again.
    [
      'tombstone',
      { key: 'id', where: sql`at < ${at - TRACES_KEPT_MS} and not exists (select 1 from story where story.no = tombstone.story_no)` },
    ],
    ['pruned', { key: 'identity', where: sql`missed_at < ${at - TRACES_KEPT_MS}` }],
    ['pruned', { key: 'identity', where: sql`pruned_at < ${at - TRACES_KEPT_MS} and source_id in (${removedBefore(TRACES_KEPT_MS)})` }],
  ];
}

async function remove(
  trx: Transaction<Schema>,
  table: string,
  { key, where }: { readonly key: string; readonly where: RawBuilder<boolean> },
  limit: number,
): Promise<number> {
  const [name, column] = [sql.table(table), sql.ref(key)];
  const result =
    await sql`delete from ${name} where ${where} and ${column} in (select ${column} from ${name} where ${where} limit ${limit})`.execute(
      trx,
    );
  return Number(result.numAffectedRows ?? 0);
}

/** Removes changes that every published feed has processed. The newest change stays, because the
 *  state of feeds refers to its number. An unpublished feed that has not processed a removed
 *  change begins a new chain when it is published again. */
async function removeChanges(
  trx: Transaction<Schema>,
  { slugs, before, limit }: { readonly slugs: readonly string[]; readonly before: number; readonly limit: number },
): Promise<number> {
  const { n } = await trx.selectFrom('generation').select('n').executeTakeFirstOrThrow();
  const newest = await trx.selectFrom('change').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  let upTo = (newest?.seq ?? 0) - 1;
  if (slugs.length > 0) {
    const slowest = await trx
      .selectFrom('feed')
      .select(({ fn }) => fn.min('change_seq').as('seq'))
      .where('slug', 'in', slugs)
      .executeTakeFirst();
    upTo = Math.min(upTo, slowest?.seq ?? 0);
  }
  const removable = await trx
    .selectFrom('change')
    .select('seq')
    .where('seq', '<=', upTo)
    .where('at', '<', before)
    .where('generation', '<=', n)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const last = removable.at(-1)?.seq;
  if (last === undefined) return 0;
  let laggingFeeds = trx.updateTable('feed').set({ rules: null }).where('change_seq', '<', last).where('rules', 'is not', null);
  if (slugs.length > 0) laggingFeeds = laggingFeeds.where('slug', 'not in', slugs);
  await laggingFeeds.execute();
  const removed = await trx.deleteFrom('change').where('seq', '<=', last).where('at', '<', before).executeTakeFirst();
  return Number(removed.numDeletedRows);
}
