import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { NewsfoldError, StoreError } from '../../model/errors.ts';
import type { RowCounts, StateRow, TransferReads, TransferWrites } from '../../ports/store/transfer.ts';
import type { Backend } from '../engine/backend.ts';
import type { Schema } from '../schema/schema.ts';
import { metaKeysOf, readMeta } from '../sql/meta.ts';
import { toPresentName, toStateRow } from './state-row.ts';
import type { Table } from '../schema/table.ts';
import { tables } from '../schema/tables.ts';

/** Rows that are read, or written by one statement, at once. Few, because a revision may have
 *  many megabytes. */
const ROWS_AT_ONCE = 50;

const descriptions: readonly (readonly [name: string, table: Table])[] = Object.entries(tables);
const names = Object.keys(tables);

/** Reads the whole state, row by row, or as a copy of the file. */
export function transferReads(db: Kysely<Schema>, backend: Pick<Backend, 'name' | 'beginSnapshot' | 'backup'>): TransferReads {
  return {
    readState: (onCounts, onRow) =>
      db.connection().execute(async (connection) => {
        const rowsOf = toRows(connection);
        await sql.raw(backend.beginSnapshot).execute(connection);
        try {
          const counts: Record<string, number> = {};
          for (const table of names) counts[table] = await countRows(rowsOf, table);
          await onCounts(counts);
          for (const [table, description] of descriptions)
            for (let last: StateRow['row'] | null = null; ;) {
              const rows: readonly StateRow['row'][] = await readRows(rowsOf, { table, description, last });
              for (const row of rows) await onRow({ table, row });
              last = rows.at(-1) ?? null;
              if (rows.length < ROWS_AT_ONCE) break;
            }
        } finally {
          await sql`rollback`.execute(connection);
        }
      }),

    async backup(file) {
      if (backend.backup === null)
        throw new StoreError('backup/unsupported', backend.name, `the store ${backend.name} is a database server: back it up with pg_dump`);
      await backend.backup(file);
    },
  };
}

/** Writes the whole state, row by row. */
export function transferWrites(db: Kysely<Schema>, backend: Backend): TransferWrites {
  return {
    writeState: (lines, expected) =>
      db.transaction().execute(async (trx) => {
        await backend.waitForPipe(trx);
        await emptyNewStore(trx, backend.name);
        const counts: Record<string, number> = Object.fromEntries(names.map((table) => [table, 0]));
        let piece: NumberedRow[] = [];
        const flush = async () => {
          await insertRows(trx, backend, piece);
          piece = [];
        };
        for await (const { line, value } of lines) {
          const row = toStateRow(value);
          if (typeof row === 'string') throw badLine(line, row);
          if (piece.length >= ROWS_AT_ONCE || (piece[0] && piece[0].table !== row.table)) await flush();
          piece.push({ ...row, line });
          counts[row.table] = (counts[row.table] ?? 0) + 1;
        }
        await flush();
        await checkComplete(trx, counts, expected);
        for (const [table, { key, isNumbered }] of descriptions) if (isNumbered) await backend.resumeNumbers(trx, table, key[0]);
        return counts;
      }),
  };
}

type NumberedRow = StateRow & { readonly line: number };
/** The same database with its tables as lists of rows, by name. */
type Rows = Kysely<Record<string, StateRow['row']>>;

function toRows(db: Kysely<Schema>): Rows {
  return db as unknown as Rows;
}

/** Returns the rows to export. Lock and clock belong to the present moment and machine, and
 *  prepared entries can be computed again. */
function select(db: Rows, table: string) {
  const query = db.selectFrom(table);
  return table === 'meta' ? query.where('key', 'not in', metaKeysOf('process', 'derived', 'machine')) : query;
}

async function countRows(db: Rows, table: string): Promise<number> {
  const { n } = await select(db, table).select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  return n;
}

/** A position in a table: after the row `last`, or at the beginning. */
interface RowPosition {
  readonly table: string;
  readonly description: Table;
  readonly last: StateRow['row'] | null;
}

/** Returns the next rows by primary key. */
async function readRows(db: Rows, { table, description, last }: RowPosition): Promise<readonly StateRow['row'][]> {
  const [first, second] = description.key;
  let query = select(db, table).select(Object.keys(description.row.shape)).orderBy(first).limit(ROWS_AT_ONCE);
  if (second !== undefined) query = query.orderBy(second);
  const from = last?.[first] ?? null;
  if (last === null || from === null) return query.execute();
  if (second === undefined) return query.where(first, '>', from).execute();
  // The first condition makes the database use the key's index.
  return query
    .where(first, '>=', from)
    .where((eb) => eb.or([eb(first, '>', from), eb(second, '>', last[second] ?? null)]))
    .execute();
}

/** Empties a new store. It has a namespace, a generation, and perhaps feeds without entries; the
 *  imported rows replace them. */
async function emptyNewStore(trx: Transaction<Schema>, name: string): Promise<void> {
  const source = await trx.selectFrom('source').select('id').limit(1).executeTakeFirst();
  const entry = await trx.selectFrom('entry').select('no').limit(1).executeTakeFirst();
  if (source || entry)
    throw new NewsfoldError('import/store', `the store ${name} has sources or entries already: import into a new one`, { exitCode: 1 });
  const rowsOf = toRows(trx);
  for (const table of names.toReversed()) {
    const query = rowsOf.deleteFrom(table);
    await (table === 'meta' ? query.where('key', 'not in', metaKeysOf('process')) : query).execute();
  }
}

async function insertRows(trx: Transaction<Schema>, backend: Backend, piece: readonly NumberedRow[]): Promise<void> {
  const [first] = piece;
  if (!first) return;
  const insert = (rows: readonly NumberedRow[]) =>
    toRows(trx)
      .insertInto(first.table)
      .values(rows.map(({ row }) => row))
      .execute();
  await sql`savepoint piece`.execute(trx);
  try {
    await insert(piece);
  } catch (error) {
    if (!backend.isBadRow(error)) throw error;
    // One by one, to find the failing row.
    await sql`rollback to savepoint piece`.execute(trx);
    for (const row of piece) {
      await insert([row]).catch((fault: unknown) => {
        if (!(fault instanceof Error) || !backend.isBadRow(fault)) throw fault;
        throw badLine(row.line, `the store refuses it: ${fault.message}`);
      });
    }
    throw error;
  }
  await sql`release savepoint piece`.execute(trx);
}

function badLine(line: number, fault: string): NewsfoldError {
  return new NewsfoldError('import/line', `line ${line}: ${fault}; nothing was imported`, { exitCode: 1 });
}

async function checkComplete(trx: Transaction<Schema>, counts: RowCounts, expected: RowCounts | null): Promise<void> {
  const refuse = (fault: string) => {
    throw new NewsfoldError('import/incomplete', `the file is not complete: ${fault}; nothing was imported`, { exitCode: 1 });
  };
  for (const [table, n] of Object.entries(expected ?? {}))
    if (counts[toPresentName(table)] !== n)
      refuse(`its first line promises ${n} rows of the table ${table}, but it has ${counts[toPresentName(table)] ?? 0}`);
  if ((await readMeta(trx, 'namespace')) === null) refuse('it has no namespace');
  if (counts['generation'] !== 1) refuse('it has no generation');
  const withoutRevision = await trx
    .selectFrom('entry')
    .leftJoin('revision', 'revision.entry_no', 'entry.no')
    .select('entry.no')
    .where('revision.entry_no', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (withoutRevision) refuse(`the entry ${withoutRevision.no} has no revision`);
}
