import { CompiledQuery } from 'kysely';
import type { Compilable, Insertable, Selectable, Transaction } from 'kysely';
import { inPieces } from './rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Most values of one statement. */
const PIECE = 500;
/** SQL texts by kind of store and name, kept because building one with a thousand parameters
 *  takes longer than running it. */
const texts = new WeakMap<object, Map<string, string>>();

/** Inserts rows that all have the same columns in the same order. Returns the requested columns
 *  of the rows, in any order. */
export async function insertRows<T extends keyof Schema, C extends keyof Schema[T] & string = never>(
  trx: Transaction<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
  { size = PIECE, returning = [] }: { readonly size?: number; readonly returning?: readonly C[] } = {},
): Promise<Pick<Selectable<Schema[T]>, C & keyof Selectable<Schema[T]>>[]> {
  const inserted: Pick<Selectable<Schema[T]>, C & keyof Selectable<Schema[T]>>[] = [];
  for (const piece of inPieces(rows, size)) {
    const text = textOf(trx, ['insert', table, piece.length, ...returning].join(' '), () => {
      const insert = trx.insertInto(table).values([...piece]);
      return returning.length === 0 ? insert : insert.returning(returning as never);
    });
    const parameters = piece.flatMap((row) => Object.values(row));
    inserted.push(...(await trx.executeQuery<(typeof inserted)[number]>(CompiledQuery.raw(text, parameters))).rows);
  }
  return inserted;
}

/** Returns, for each lookup hash, every entry that has it. */
export async function selectSharers(db: Reader, hashes: readonly number[]): Promise<Schema['fold_hash'][]> {
  const found: Schema['fold_hash'][] = [];
  const text = textOf(db, 'sharers', () =>
    db
      .selectFrom('fold_hash')
      .select(['hash', 'entry_no'])
      .where(
        'hash',
        'in',
        Array.from({ length: PIECE }, () => 0),
      ),
  );
  // In the order of the key. The last piece is filled up with its last hash, so that all pieces
  // share one SQL text; a repeated hash is found once.
  for (const piece of inPieces(
    hashes.toSorted((a, b) => a - b),
    PIECE,
  )) {
    const parameters = Array.from({ length: PIECE }, (_, index) => piece[index] ?? piece.at(-1));
    found.push(...(await db.executeQuery<Schema['fold_hash']>(CompiledQuery.raw(text, parameters))).rows);
  }
  return found;
}

function textOf(db: Reader, name: string, make: () => Compilable): string {
  const { adapter } = db.getExecutor();
  const known = texts.get(adapter) ?? new Map<string, string>();
  texts.set(adapter, known);
  const text = known.get(name) ?? make().compile().sql;
  known.set(name, text);
  return text;
}
