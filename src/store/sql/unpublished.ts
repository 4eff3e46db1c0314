import type { Transaction } from 'kysely';
import type { Schema } from '../schema/schema.ts';
import { addMeta } from './meta.ts';

/** The fact that feeds show something else than before and nobody has been told: in the transaction
 *  of the change itself, so that a run that is killed in between leaves it to the next one. */
export async function markUnpublished(trx: Transaction<Schema>): Promise<void> {
  await addMeta(trx, 'unpublished', '1');
}
