import type { Transaction } from 'kysely';
import type { Schema } from '../schema/schema.ts';
import { addMeta } from './meta.ts';

/** Marks that the content of feeds has changed and is not published yet. It runs in the
 *  transaction of the change itself. If the run is killed before publishing, the next run
 *  publishes the change. */
export async function markUnpublished(trx: Transaction<Schema>): Promise<void> {
  await addMeta(trx, 'unpublished', '1');
}
