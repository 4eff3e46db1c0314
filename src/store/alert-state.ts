import type { Kysely } from 'kysely';
import type { Store } from '../ports/store.ts';
import type { Schema } from './schema.ts';
import { addMeta, readMeta, replaceMeta } from './sql/meta.ts';

type AlertMethods = Pick<Store, 'readAlertState' | 'replaceAlertState'>;

/** What the owner has been told of (alerts.ts), as text that the store need not understand. */
export function alertMethods(db: Kysely<Schema>): AlertMethods {
  return {
    readAlertState: () => readMeta(db, 'alerts'),

    replaceAlertState: (before, after) => (before === null ? addMeta(db, 'alerts', after) : replaceMeta(db, 'alerts', { before, after })),
  };
}
