import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';
import type { DatabaseConnection, DialectAdapter, Driver, SqliteDatabase, SqliteDialectConfig, SqliteStatement } from 'kysely';
import { toStoreError } from './sqlite-errors.ts';

/** Number of prepared statements that are kept. The store has fewer queries, so a run prepares
 *  none twice. */
const MAX_STATEMENTS = 300;

/** kysely's own dialect, with two differences. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #isInTransaction: () => boolean;

  constructor(config: SqliteDialectConfig, isInTransaction: () => boolean) {
    super(config);
    this.#config = config;
    this.#isInTransaction = isInTransaction;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config, this.#isInTransaction);
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** Takes the write lock when a transaction begins. A deferred transaction that reads first fails
 *  at its first write, without waiting, when another process wrote in between. */
class ImmediateDriver extends SqliteDriver {
  readonly #isInTransaction: () => boolean;

  constructor(config: SqliteDialectConfig, isInTransaction: () => boolean) {
    super(config);
    this.#isInTransaction = isInTransaction;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** On a full disk SQLite has already rolled back. A second rollback would fail and hide the
   *  first error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#isInTransaction()) await super.rollbackTransaction(connection);
  }
}

/** Says that SQLite can roll back schema changes. Otherwise the migrator would leave half a
 *  migration behind, which blocks every retry. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export function adapt(database: DatabaseSync, path: string): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(text) {
      const known = statements.get(text);
      if (known) return known;
      const made = adaptStatement(
        withAdvice(path, () => database.prepare(text)),
        path,
      );
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      statements.set(text, made);
      return made;
    },
  };
}

function adaptStatement(statement: StatementSync, path: string): SqliteStatement {
  const reader = statement.columns().length > 0;
  // Every write returns the number of the last row. After a deletion FTS5 returns one too large for
  // a JavaScript number.
  if (!reader) statement.setReadBigInts(true);
  return {
    reader,
    all: (parameters) => withAdvice(path, () => statement.all(...toInputs(parameters))),
    run: (parameters) => withAdvice(path, () => statement.run(...toInputs(parameters))),
    iterate: (parameters) => statement.iterate(...toInputs(parameters)),
  };
}

/** Calls `work` and rethrows errors of the file with advice for the owner. */
export function withAdvice<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(path, error);
  }
}

/** Refuses unknown values. node:sqlite would silently store a lone Date as NULL. */
function toInputs(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
    if (value instanceof Uint8Array) return value;
    throw new TypeError(`the store accepts text, numbers, bytes and null, not ${value instanceof Date ? 'a Date' : typeof value}`);
  });
}
