import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { LeadChoice } from '../../model/story.ts';
import type { ChangeReads, ChangeWrites } from '../../ports/store/runs.ts';
import type { Backend } from '../engine/backend.ts';
import { PUBLISHED } from '../engine/publish-signal.ts';
import { forgetBefore } from '../folding/fold-index.ts';
import { removeMeta } from '../sql/meta.ts';
import { insertRows } from '../sql/statements.ts';
import { inPieces, toInstant, toJsonColumn } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the state of publishing. */
export function changeReads(db: Reader): ChangeReads {
  return {
    async readGeneration() {
      const { n, at } = await db.selectFrom('generation').select(['n', 'at']).executeTakeFirstOrThrow();
      return { n, at: new Date(at) };
    },
  };
}

/** Writes the changes that feeds are updated from, and the generation. */
export function changeWrites(db: Kysely<Schema>, { kind }: Pick<Backend, 'kind'>): ChangeWrites {
  return {
    saveLeadChoices: (choices, at) =>
      db.transaction().execute(async (trx) => {
        const { n } = await trx.selectFrom('generation').select('n').executeTakeFirstOrThrow();
        for (const choice of choices) await saveLeadChoice(trx, choice, at);
        const changed = choices.filter(({ change }) => change !== 'none');
        for (const piece of inPieces(changed.filter(({ change }) => change === 'new').map(({ no }) => no)))
          await trx.deleteFrom('tombstone').where('story_no', 'in', piece).execute();
        const rows = changed.map(({ no, change }) => ({ story_no: no, kind: change, at: at.getTime(), generation: n + 1 }));
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
        // Sent when the transaction commits, and only then.
        if (kind === 'postgres') await sql`select pg_notify(${PUBLISHED}, '')`.execute(trx);
        return { n: n + 1, at };
      }),
  };
}

async function saveLeadChoice(trx: Transaction<Schema>, choice: LeadChoice, at: Date): Promise<void> {
  const { no, change } = choice;
  const datedAt = choice.datedAt ?? choice.published;
  const story = trx.updateTable('story').where('no', '=', no);
  if (choice.leadNo === null) {
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
      lead_no: choice.leadNo,
      lead_revision: choice.leadRevision,
      published: toInstant(choice.published),
      updated: choice.updated.getTime(),
      withdrawn_at: null,
      ...(choice.footer && { footer: toJsonColumn(choice.footer) }),
      ...(change === 'new' && { settled_at: at.getTime() }),
      ...(datedAt && { dated_at: datedAt.getTime() }),
    };
    await story.set(set).execute();
  }
}
