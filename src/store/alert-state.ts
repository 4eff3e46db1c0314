import type { Kysely } from 'kysely';
import type { AlertReads, AlertWrites } from '../ports/store/alerts.ts';
import type { Schema } from './schema.ts';
import type { Reader } from './engine/reader.ts';

/** Reads which alerts the owner has had, as text that the store need not understand. */
export function alertReads(db: Reader): AlertReads {
  return {
    async readAlertState() {
      const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
      return row?.value ?? null;
    },
  };
}

/** Writes which alerts the owner has had. */
export function alertWrites(db: Kysely<Schema>): AlertWrites {
  return {
    async replaceAlertState(before, after) {
      if (before === null) {
        const added = await db
          .insertInto('meta')
          .values({ key: KEY, value: after })
          .onConflict((conflict) => conflict.doNothing())
          .returning('key')
          .executeTakeFirst();
        return added !== undefined;
      }
      const replaced = await db
        .updateTable('meta')
        .set({ value: after })
        .where('key', '=', KEY)
        .where('value', '=', before)
        .returning('key')
        .executeTakeFirst();
      return replaced !== undefined;
    },
  };
}

const KEY = 'alerts';
