import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ClockReads, ClockWrites } from '../../ports/store/retention.ts';
import { fromJson, toJsonColumn } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';
import { readMeta, saveMeta } from '../sql/meta.ts';

/** Reads the time of the last run. */
export function clockReads(db: Reader): ClockReads {
  return {
    readClock: () => readClock(db),
  };
}

/** Writes the time of the last run, and moves all planned times. */
export function clockWrites(db: Kysely<Schema>): ClockWrites {
  return {
    saveClock: ({ at, since, offsetMs }) => saveMeta(db, 'clock', toJsonColumn({ at: at.getTime(), since: since.getTime(), offsetMs })),

    shiftWaits: (ms, now) =>
      db.transaction().execute(async (trx) => {
        const at = now.getTime();
        for (const [table, columns] of waits) {
          const [first] = columns;
          const less = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(column)} - ${ms}`);
          // A time that was written by the former clock is now after the present time.
          await sql`update ${sql.table(table)} set ${sql.join(less)} where ${sql.ref(first)} > ${at}`.execute(trx);
        }
        await sql`update page set asked_at = ${at} where asked_at > ${at}`.execute(trx);
        for (const table of ['robots', 'fold_words']) {
          const column = sql.ref(table === 'robots' ? 'asked_at' : 'at');
          await sql`delete from ${sql.table(table)} where ${column} > ${at}`.execute(trx);
        }
        await sql`update host set retry_after_at = retry_after_at - ${ms} where retry_after_at > ${at + ms}`.execute(trx);
        await sql`update websub_source_subscription set expires_at = expires_at - ${ms} where expires_at > ${at + ms}`.execute(trx);
        await sql`update websub_subscription set expires_at = expires_at - ${ms} where expires_at > ${at + ms}`.execute(trx);
        for (const table of ['websub_subscription', 'websub_intent', 'websub_source_subscription', 'announcement'])
          await sql`update ${sql.table(table)} set next_at = next_at - ${ms} where next_at > ${at + ms}`.execute(trx);
      }),
  };
}

/** Columns with planned times. The first of each list decides whether all of them move. */
const waits: readonly (readonly [table: string, columns: readonly [string, ...string[]]])[] = [
  ['source', ['last_poll_at', 'next_poll_at', 'not_before_at']],
];

/** Reads the clock of the last run; null when no run has stored it. */
async function readClock(db: Reader) {
  const stored = await readMeta(db, 'clock');
  if (stored === null) return null;
  const { at, since, offsetMs } = fromJson<{ readonly at: number; readonly since: number; readonly offsetMs: number }>(stored);
  return { at: new Date(at), since: new Date(since), offsetMs };
}
