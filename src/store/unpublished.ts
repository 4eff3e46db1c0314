import type { Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** The fact that feeds show something else than before and nobody has been told: in the transaction of the change itself, so that a run that is
 *  killed in between leaves it to the next one. */
export const UNPUBLISHED = 'unpublished';

export async function markUnpublished(trx: Transaction<Schema>): Promise<void> {
  await trx
    .insertInto('meta')
    .values({ key: UNPUBLISHED, value: '1' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
