import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { backup, DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { StoreError } from '../../model/errors.ts';
import type { Backend } from './backend.ts';
import { adapt, NodeSqliteDialect, withAdvice } from './sqlite-dialect.ts';
import { toDamage, toStoreError } from './sqlite-errors.ts';
import { trigramSearch } from './sqlite-search.ts';

/** Time that a statement waits for another process's write before it fails, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;
/** Pages of 4 kB by which the write-ahead log grows before it is copied into the file: eight
 *  times SQLite's default. A first run writes the same pages repeatedly. With the default they
 *  were copied and synced after every four megabytes. */
const CHECKPOINT_PAGES = 8000;
/** Opens an SQLite file over node:sqlite. Uses WAL with synchronous=FULL, because pins and
 *  subscriptions must survive a power failure (docs/design.md §94). A missing file is created with
 *  its folder.
 *  @throws StoreError `store/unusable`: the file cannot be opened or written, or is not a
 *  database. */
export function openSqlite(path: string, options: { readonly mayWrite?: boolean } = {}): Backend {
  const mayWrite = options.mayWrite ?? true;
  const database = attempt(path, () => openDatabase(path, mayWrite));
  return {
    kind: 'sqlite',
    name: path,
    dialect: new NodeSqliteDialect({ database: adapt(database, path) }, () => database.isTransaction),
    mayWrite,
    takeLock: async () => attempt(path, () => takeFileLock(`${path}.lock`)),
    // A commit of another connection changes it (sqlite.org/pragma.html#pragma_data_version); our
    // own does not.
    readMark: async (db) => String((await sql<{ data_version: number }>`PRAGMA data_version`.execute(db)).rows[0]?.data_version ?? 0),
    listen: null,
    announceNode: null,
    hasNode: async () => false,
    isReadOnly: async () => false,
    backup: (file) => copyDatabase(database, path, file),
    // Deferred: in WAL mode the first read fixes the visible state, and others may still write.
    beginSnapshot: 'begin',
    waitForPipe: async () => undefined,
    resumeNumbers: async (trx, table, column) => {
      const highest = sql`(select coalesce(max(${sql.ref(column)}), 0) from ${sql.table(table)})`;
      await sql`update sqlite_sequence set seq = ${highest} where name = ${table}`.execute(trx);
    },
    checkWhole: () => checkWhole(database, path),
    search: trigramSearch,
    numbers: (json) => sql`(select value as no from json_each(${json}))`,
    isBadRow: (error) => error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_CONSTRAINT,
  };
}

function openDatabase(path: string, mayWrite: boolean): DatabaseSync {
  if (mayWrite) makeFolder(dirname(path));
  const database = new DatabaseSync(path, { readOnly: !mayWrite });
  // The timeout is set first, because changing the journal mode needs a lock that another process
  // may hold for a moment.
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  if (!mayWrite) return database;
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  // A read-only file opens without an error; this statement is the first to fail.
  database.exec('BEGIN IMMEDIATE; ROLLBACK');
  return database;
}

/** Takes the lock by an exclusive transaction on a separate file. The system ends it with the
 *  process, also after kill -9 (docs/design.md §91). */
function takeFileLock(path: string): (() => Promise<void>) | null {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return async () => database.close();
}

/** Result codes of SQLite (sqlite.org/rescode.html): another connection has the lock; a row
 *  violates a constraint. */
const SQLITE_BUSY = 5;
const SQLITE_CONSTRAINT = 19;

/** Copies all pages in one step, on another thread. As one read transaction, it neither blocks
 *  writers nor starts again after their writes. */
async function copyDatabase(database: DatabaseSync, path: string, file: string): Promise<void> {
  try {
    await backup(database, file, { rate: 2 ** 31 - 1 });
    // A copy of a damaged file is no backup, and would replace the last good one. `immutable` keeps
    // SQLite from creating -wal and -shm files beside the copy.
    const address = pathToFileURL(file);
    address.search = 'immutable=1';
    const copy = new DatabaseSync(address, { readOnly: true });
    try {
      checkWhole(copy, path, Infinity);
    } finally {
      copy.close();
    }
  } catch (error) {
    const storeError = toStoreError(path, error);
    if (!(error instanceof Error) || (storeError instanceof StoreError && storeError.code === 'store/damaged')) throw storeError;
    throw new StoreError('store/backup', file, `the store could not be copied to ${file}: ${error.message}`, error);
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const storeError = toStoreError(path, error);
    if (!(error instanceof Error) || storeError instanceof StoreError) throw storeError;
    throw new StoreError(
      'store/unusable',
      path,
      `the store ${path} cannot be used: ${error.message}; check the path and its permissions`,
      error,
    );
  }
}

/** Largest file that is checked, in bytes. A fast disk checks half a gigabyte in half a second;
 *  a slow one takes some seconds for two. */
const MOST_CHECKED = 2_000_000_000;

function checkWhole(database: DatabaseSync, path: string, most = MOST_CHECKED): void {
  const ask = (name: string) => withAdvice(path, () => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  if (Number(ask('page_count')) * Number(ask('page_size')) > most) return;
  const found = ask('quick_check(1)');
  if (found !== 'ok') throw toDamage(path, String(found));
}

/** Creates one level only. A recursive mkdir never returns where a file system refuses it (Node
 *  on /proc), and a mistyped path should be reported. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
}
