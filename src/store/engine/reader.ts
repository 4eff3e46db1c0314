import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** A connection, or a transaction, through which is only read: kysely without the methods that
 *  write or begin a transaction. A function that takes it may be called anywhere. A function that
 *  writes several statements takes kysely's Transaction instead, so that the compiler refuses a
 *  call outside of one. */
export type Reader = Pick<Kysely<Schema>, 'selectFrom' | 'fn' | 'getExecutor' | 'executeQuery'>;
