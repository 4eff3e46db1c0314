import type { Kysely } from 'kysely';
import type { AlertReads, AlertWrites } from '../../ports/store/alerts.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';
import { addMeta, readMeta, replaceMeta } from '../sql/meta.ts';

/** Reads which alerts the owner has received, as text that the store does not interpret. */
export function alertReads(db: Reader): AlertReads {
  return {
    readAlertState: () => readMeta(db, 'alerts'),
  };
}

/** Writes which alerts the owner has received. */
export function alertWrites(db: Kysely<Schema>): AlertWrites {
  return {
    replaceAlertState: (before, after) => (before === null ? addMeta(db, 'alerts', after) : replaceMeta(db, 'alerts', { before, after })),
  };
}
