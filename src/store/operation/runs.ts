import type { Kysely, Selectable } from 'kysely';
import type { RecordedReport, RunRecord } from '../../model/counts.ts';
import type { RunRecordReads, RunRecordWrites } from '../../ports/store/runs.ts';
import type { Backend } from '../engine/backend.ts';
import type { Reader } from '../engine/reader.ts';
import { fromJson, toDate, toJsonColumn } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import { countUnended } from './set-aside.ts';
import { saveMeta } from '../sql/meta.ts';

/** Reads the record of runs. */
export function runReads(db: Reader): RunRecordReads {
  return {
    async readRuns(afterNo, since) {
      const runs = db.selectFrom('run').orderBy('no', 'desc').limit(1);
      const newest = await runs.select('no').executeTakeFirst();
      const last = await runs.select(['started_at', 'ended_at']).where('ended_at', 'is not', null).executeTakeFirst();
      const rows = await db
        .selectFrom('run')
        .selectAll()
        .where('no', '>', afterNo)
        .where('started_at', '>=', since.getTime())
        .where((is) => is.or([is('ended_at', 'is not', null), is('no', '<', newest?.no ?? 0)]))
        .orderBy('no')
        .limit(MOST_RUNS)
        .execute();
      return {
        ended: rows.map(toRunRecord),
        last: last ? { startedAt: new Date(last.started_at), endedAt: new Date(last.ended_at ?? 0) } : null,
      };
    },

    async readLastRun() {
      const ended = db.selectFrom('run').select('ended_at').where('ended_at', 'is not', null);
      const row = await ended.orderBy('no', 'desc').limit(1).executeTakeFirst();
      return row?.ended_at == null ? null : new Date(row.ended_at);
    },
  };
}

/** Writes the record of runs. */
export function runWrites(db: Kysely<Schema>, { checkWhole }: Pick<Backend, 'checkWhole'>): RunRecordWrites {
  return {
    async startRun(at) {
      const last = await db.selectFrom('run').select('ended_at').orderBy('no', 'desc').limit(1).executeTakeFirst();
      if (last?.ended_at === null) checkWhole();
      return db.transaction().execute(async (trx) => {
        await saveMeta(trx, 'deaths', String(await countUnended(trx)));
        const { no } = await trx
          .insertInto('run')
          .values({ started_at: at.getTime(), ended_at: null, report: null })
          .returning('no')
          .executeTakeFirstOrThrow();
        return no;
      });
    },

    endRun: (no, at, report) =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable('run')
          .set({ ended_at: at.getTime(), report: toJsonColumn(report) })
          .where('no', '=', no)
          .execute();
        await saveMeta(trx, 'deaths', '0');
      }),
  };
}

/** Most runs that are read at once. More runs end between two reads only if nobody has read for
 *  days. */
const MOST_RUNS = 1000;

function toRunRecord({ no, started_at, ended_at, report }: Selectable<Schema['run']>): RunRecord {
  return {
    no,
    startedAt: new Date(started_at),
    endedAt: toDate(ended_at),
    report: report === null ? null : fromJson<RecordedReport>(report),
  };
}
