import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import type { Reader } from '../../src/store/engine/reader.ts';
import type { Schema } from '../../src/store/schema/schema.ts';
import { reopen } from '../../src/store/operation/set-aside.ts';
import { insertRows } from '../../src/store/sql/statements.ts';

test('the compiler refuses write helpers outside a transaction, and every write through a reader', () => {
  const refused = (db: Kysely<Schema>, reader: Reader) => [
    // @ts-expect-error a connection is no transaction
    insertRows(db, 'change', []),
    // @ts-expect-error a connection is no transaction
    reopen(db, []),
    // @ts-expect-error a reader deletes nothing
    reader.deleteFrom('change'),
    // @ts-expect-error a reader begins no transaction
    reader.transaction(),
  ];
  expect(refused).toBeTypeOf('function');
});
