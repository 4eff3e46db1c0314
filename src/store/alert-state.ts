import type { Kysely } from 'kysely';
import type { Store } from '../ports/store/store.ts';
import type { Schema } from './schema.ts';

type AlertMethods = Pick<Store, 'readAlertState' | 'replaceAlertState'>;

/** What the owner has been told of (alerts.ts), as text that the store need not understand. */
export function alertMethods(db: Kysely<Schema>): AlertMethods {
  return {
    async readAlertState() {
      const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
      return row?.value ?? null;
    },

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
