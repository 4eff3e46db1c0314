import { CompiledQuery } from 'kysely';
import type { Insertable, Kysely, Selectable } from 'kysely';
import { inPieces } from './rows.ts';
import type { Schema } from './schema.ts';

/** Statements by kind of store, and by table and number of rows: making one of a thousand values takes longer than running it. */
const statements = new WeakMap<object, Map<string, string>>();

/** Inserts many rows, each with the same columns in the same order; gives back these columns of them, in any order. */
export async function insertRows<T extends keyof Schema, C extends keyof Schema[T] & string = never>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
  { size = 500, returning = [] }: { readonly size?: number; readonly returning?: readonly C[] } = {},
): Promise<Pick<Selectable<Schema[T]>, C & keyof Selectable<Schema[T]>>[]> {
  const inserted: Pick<Selectable<Schema[T]>, C & keyof Selectable<Schema[T]>>[] = [];
  for (const piece of inPieces(rows, size)) {
    const parameters = piece.flatMap((row) => Object.values(row));
    const statement = CompiledQuery.raw(toStatement(db, table, piece, returning), parameters);
    inserted.push(...(await db.executeQuery<(typeof inserted)[number]>(statement)).rows);
  }
  return inserted;
}

function toStatement<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
  returning: readonly string[],
): string {
  const { adapter } = db.getExecutor();
  const known = statements.get(adapter) ?? new Map<string, string>();
  statements.set(adapter, known);
  const name = [table, rows.length, ...returning].join(' ');
  const before = known.get(name);
  if (before !== undefined) return before;
  const insert = db.insertInto(table).values([...rows]);
  const { sql } = (returning.length === 0 ? insert : insert.returning(returning as never)).compile();
  known.set(name, sql);
  return sql;
}
