import type { Kysely } from 'kysely';
import type { FoldBatchReads, FoldBatchWrites } from '../../ports/store/folding.ts';
import { insertPrepared } from './fold-index.ts';
import { readPending } from '../entries/pending.ts';
import { foundStories, joinStories, saveMerge, saveRelation } from './placements.ts';
import { inPieces } from '../sql/rows.ts';
import { reopenStories } from '../operation/set-aside.ts';
import { readStoredMembers } from './stored-members.ts';
import type { Schema } from '../schema/schema.ts';
import { selectSharers } from '../sql/statements.ts';
import { readPendingStories } from './pending-stories.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the input of folding: pending entries, entries that share hashes with them, and stories
 *  whose lead must be chosen. */
export function foldReads(db: Reader): FoldBatchReads {
  return {
    readPending: (limit) => readPending(db, limit),

    findSharers: async (hashes) => (await selectSharers(db, hashes)).map(({ hash, entry_no: entryNo }) => ({ hash, entryNo })),

    readStoredMembers: (entries) => readStoredMembers(db, entries),

    readPendingStories: (limit) => readPendingStories(db, limit),

    async findOldestDated() {
      const dated = db.selectFrom('story').select('dated_at').whereRef('dated_at', '<', 'first_seen_at');
      const row = await dated.orderBy('dated_at').limit(1).executeTakeFirst();
      return row ? new Date(row.dated_at) : null;
    },
  };
}

/** Writes the output of folding. */
export function foldWrites(db: Kysely<Schema>): FoldBatchWrites {
  return {
    saveFolds: (batch, at) =>
      db.transaction().execute(async (trx) => {
        await foundStories(trx, batch.placements);
        await joinStories(trx, batch.placements, at);
        for (const merge of batch.merges) await saveMerge(trx, merge);
        for (const relation of batch.relations) await saveRelation(trx, relation, at);
        await insertPrepared(trx, batch.prepared);
        const changed = [
          ...batch.placements.map(({ storyNo }) => storyNo),
          ...batch.merges.flatMap(({ fromStory, intoStory }) => [fromStory, intoStory]),
        ];
        await reopenStories(trx, changed);
        for (const piece of inPieces(batch.decided)) {
          const stories = trx.selectFrom('story_entry').select('story_no').where('entry_no', 'in', piece);
          await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', stories).execute();
          await trx.updateTable('entry').set({ pending: 0 }).where('no', 'in', piece).execute();
        }
      }),
  };
}
