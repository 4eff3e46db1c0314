import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';
import type { DatabaseConnection, Dialect, DialectAdapter, Driver, SqliteDatabase, SqliteDialectConfig, SqliteStatement } from 'kysely';
import { StoreError } from '../model/errors.ts';

/** Milliseconds that a statement waits for another process's write before it fails. */
const BUSY_TIMEOUT_MS = 10_000;
/** Prepared statements kept; more than the store's own number of queries, so that none is prepared twice in a run. */
const MAX_STATEMENTS = 300;

/** Opens an SQLite file (made with its folder when missing) as a kysely dialect over node:sqlite.
 *  WAL, synchronous=FULL: pins and subscriptions must survive a power cut (DESIGN §11).
 *  @throws StoreError `store/unusable` when it cannot be opened or written, or is no database. */
export function openSqlite(path: string): Dialect {
  try {
    makeFolder(dirname(path));
    const database = new DatabaseSync(path);
    // The timeout comes first: changing the journal mode needs a lock that another process may hold for a moment.
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    // A read-only file opens without a word; this is the first moment that it can be told.
    database.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS _writable (x); DROP TABLE _writable; COMMIT');
    return new NodeSqliteDialect({ database: adapt(database) });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new StoreError(
      'store/unusable',
      path,
      `the store ${path} cannot be used: ${error.message}; check the path and its permissions`,
      error,
    );
  }
}

/** One level only: a recursive mkdir never returns where a file system refuses (Node on /proc), and a mistyped path should be told. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
}

/** kysely's own dialect, but for two things that it decides otherwise. */
class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config);
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** Takes the write lock when a transaction begins: a deferred one that reads first fails at its first write, without waiting, when
 *  another process wrote in between. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** SQLite can roll a schema change back; told otherwise, the migrator leaves half a migration behind that blocks every retry. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      const made = adaptStatement(database.prepare(sql));
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      statements.set(sql, made);
      return made;
    },
  };
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...toInputs(parameters)),
    run: (parameters) => statement.run(...toInputs(parameters)),
    iterate: (parameters) => statement.iterate(...toInputs(parameters)),
  };
}

/** node:sqlite stores a lone Date as NULL without a word, so what it does not know is refused here. */
function toInputs(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
    if (value instanceof Uint8Array) return value;
    throw new TypeError(`the store takes text, numbers, bytes and null, not ${value instanceof Date ? 'a Date' : typeof value}`);
  });
}
