import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { Settlement } from '../model/story.ts';
import type { Store } from '../ports/store.ts';
import type { Backend } from './dialects.ts';
import { forgetBefore } from './fold-index.ts';
import { countUnended } from './set-aside.ts';
import { removeMeta, saveMeta } from './sql/meta.ts';
import { insertRows } from './statements.ts';
import { inPieces, toInstant, toJson } from './rows.ts';
import type { Schema } from './schema.ts';

/** What the server tells whoever listens that something was published (LISTEN, NOTIFY). */
export const PUBLISHED = 'newsfold_published';

type ChangeMethods = Pick<Store, 'saveSettlements' | 'publish' | 'readGeneration' | 'startRun' | 'endRun'>;

/** What readers are told of: settlements, the generation of what is published, and the record of runs. */
export function changeMethods(db: Kysely<Schema>, backend: Backend): ChangeMethods {
  return {
    saveSettlements: (settlements, at) =>
      db.transaction().execute(async (trx) => {
        const { n } = await trx.selectFrom('generation').select('n').executeTakeFirstOrThrow();
        for (const settlement of settlements) await saveSettlement(trx, settlement, at);
        const told = settlements.filter(({ change }) => change !== 'none');
        for (const piece of inPieces(told.filter(({ change }) => change === 'new').map(({ no }) => no)))
          await trx.deleteFrom('tombstone').where('story_no', 'in', piece).execute();
        const rows = told.map(({ no, change }) => ({ story_no: no, kind: change, at: at.getTime(), generation: n + 1 }));
        await insertRows(trx, 'change', rows);
      }),

    publish: (at, foldedSince) =>
      db.transaction().execute(async (trx) => {
        await forgetBefore(trx, foldedSince);
        const { n, at: before } = await trx.selectFrom('generation').select(['n', 'at']).executeTakeFirstOrThrow();
        const change = await trx
          .selectFrom('change')
          .select('seq')
          .where('generation', '=', n + 1)
          .limit(1)
          .executeTakeFirst();
        const isMarked = await removeMeta(trx, 'unpublished');
        if (!change && !isMarked) return { n, at: new Date(before) };
        await trx
          .updateTable('generation')
          .set({ n: n + 1, at: at.getTime() })
          .execute();
        // With the transaction's end, and not without it.
        if (backend.kind === 'postgres') await sql`select pg_notify(${PUBLISHED}, '')`.execute(trx);
        return { n: n + 1, at };
      }),

    async readGeneration() {
      const { n, at } = await db.selectFrom('generation').select(['n', 'at']).executeTakeFirstOrThrow();
      return { n, at: new Date(at) };
    },

    async startRun(at) {
      const last = await db.selectFrom('run').select('ended_at').orderBy('no', 'desc').limit(1).executeTakeFirst();
      if (last?.ended_at === null) backend.checkWhole();
      await saveMeta(db, 'deaths', String(await countUnended(db)));
      const { no } = await db
        .insertInto('run')
        .values({ started_at: at.getTime(), ended_at: null, report: null })
        .returning('no')
        .executeTakeFirstOrThrow();
      return no;
    },

    async endRun(no, at, report) {
      await db
        .updateTable('run')
        .set({ ended_at: at.getTime(), report: toJson(report) })
        .where('no', '=', no)
        .execute();
      await saveMeta(db, 'deaths', '0');
    },
  };
}

async function saveSettlement(trx: Transaction<Schema>, settlement: Settlement, at: Date): Promise<void> {
  const { no, change } = settlement;
  const datedAt = settlement.datedAt ?? settlement.published;
  const story = trx.updateTable('story').where('no', '=', no);
  if (settlement.leadNo === null) {
    await story.set({ dirty: 0, withdrawn_at: at.getTime() }).execute();
    const row = await trx.selectFrom('story').selectAll().where('no', '=', no).executeTakeFirstOrThrow();
    const reason = row.hidden_at !== null ? 'hidden' : row.merged_into !== null ? 'merged' : 'deleted';
    const tombstone = { id: row.id, key: row.key, story_no: no, at: at.getTime(), reason };
    if (change === 'withdrawn')
      await trx
        .insertInto('tombstone')
        .values(tombstone)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(tombstone))
        .execute();
  } else {
    const set = {
      dirty: 0,
      lead_no: settlement.leadNo,
      lead_revision: settlement.leadRevision,
      published: toInstant(settlement.published),
      updated: settlement.updated.getTime(),
      withdrawn_at: null,
      ...(settlement.footer && { footer: toJson(settlement.footer) }),
      ...(change === 'new' && { settled_at: at.getTime() }),
      ...(datedAt && { dated_at: datedAt.getTime() }),
    };
    await story.set(set).execute();
  }
}
