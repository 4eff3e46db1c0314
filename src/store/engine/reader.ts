import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** A connection or transaction for reading only: kysely without the methods that write or begin
 *  a transaction. A function with this parameter may be called anywhere. A function that writes
 *  several statements takes kysely's Transaction, so that the compiler refuses a call outside a
 *  transaction. */
export type Reader = Pick<Kysely<Schema>, 'selectFrom' | 'fn' | 'getExecutor' | 'executeQuery'>;
