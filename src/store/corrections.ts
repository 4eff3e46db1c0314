import type { Kysely, Transaction } from 'kysely';
import type { Pin } from '../model/fold.ts';
import type { EntryMove, Store } from '../ports/store.ts';
import { foundStories, putEntry } from './placements.ts';
import { toStorable } from './rows.ts';
import type { Schema } from './schema.ts';

type CorrectionMethods = Pick<Store, 'moveEntries' | 'hide'>;

/** What the owner corrects: where entries stand, and what is shown at all. */
export function correctionMethods(db: Kysely<Schema>): CorrectionMethods {
  return {
    moveEntries: (moves, pins, at) =>
      db.transaction().execute(async (trx) => {
        // Founders first: an entry cannot join a story that is not there yet.
        await foundStories(
          trx,
          moves.map((move) => ({ ...move, preferredId: null })),
        );
        for (const move of moves) await putEntry(trx, move, at);
        for (const move of moves) await noteMerged(trx, move);
        for (const pin of pins) await savePin(trx, pin, at);
      }),

    hide: (key, hidden, at) =>
      db.transaction().execute(async (trx) => {
        if (key !== toStorable(key)) return null;
        const set = { hidden_at: hidden ? at.getTime() : null };
        const story = await trx
          .updateTable('story')
          .set({ ...set, dirty: 1 })
          .where('key', '=', key)
          .returning('no')
          .executeTakeFirst();
        if (story) return 'story';
        const entry = await trx.updateTable('entry').set(set).where('key', '=', key).returning('no').executeTakeFirst();
        if (!entry) return null;
        const stories = trx.selectFrom('story_entry').select('story_no').where('entry_no', '=', entry.no);
        await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', stories).execute();
        return 'entry';
      }),
  };
}

/** A story whose founder has joined another, and that has nobody left, has turned out to be that one. */
async function noteMerged(trx: Transaction<Schema>, { entryNo, storyNo }: EntryMove): Promise<void> {
  if (entryNo === storyNo) return;
  const left = await trx.selectFrom('story_entry').select('entry_no').where('story_no', '=', entryNo).limit(1).executeTakeFirst();
  if (!left) await trx.updateTable('story').set({ merged_into: storyNo, dirty: 1 }).where('no', '=', entryNo).execute();
}

async function savePin(trx: Transaction<Schema>, { entryNo, otherNo, kind }: Pin, at: Date): Promise<void> {
  const [first, second] = entryNo < otherNo ? [entryNo, otherNo] : [otherNo, entryNo];
  const values = { kind, at: at.getTime() };
  await trx
    .insertInto('pin')
    .values({ entry_no: first, other_no: second, ...values })
    .onConflict((conflict) => conflict.columns(['entry_no', 'other_no']).doUpdateSet(values))
    .execute();
}
