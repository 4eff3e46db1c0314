import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { backup, DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { StoreError } from '../../model/errors.ts';
import type { Backend } from './backend.ts';
import { adapt, NodeSqliteDialect, telling } from './sqlite-dialect.ts';
import { toDamage, toStoreError } from './sqlite-errors.ts';
import { trigramSearch } from './sqlite-search.ts';

/** Milliseconds that a statement waits for another process's write before it fails. */
const BUSY_TIMEOUT_MS = 10_000;
/** Pages (of 4 kB) that the write-ahead log grows by before it is copied into the file: eight times
 *  SQLite's default. A first run writes the same pages again and again; at the default they were
 *  copied and synced every four megabytes. */
const CHECKPOINT_PAGES = 8000;
/** Opens an SQLite file (made with its folder when missing) over node:sqlite.
 *  WAL, synchronous=FULL: pins and subscriptions must survive a power cut (docs/design.md §94).
 *  @throws StoreError `store/unusable` when it cannot be opened or written, or is no database. */
export function openSqlite(path: string, options: { readonly mayWrite?: boolean } = {}): Backend {
  const mayWrite = options.mayWrite ?? true;
  const database = attempt(path, () => openDatabase(path, mayWrite));
  return {
    kind: 'sqlite',
    name: path,
    dialect: new NodeSqliteDialect({ database: adapt(database, path) }, () => database.isTransaction),
    mayWrite,
    takeLock: async () => attempt(path, () => takeFileLock(`${path}.lock`)),
    // Another connection's commit changes it (sqlite.org/pragma.html#pragma_data_version); our own
    // does not.
    readMark: async (db) => String((await sql<{ data_version: number }>`PRAGMA data_version`.execute(db)).rows[0]?.data_version ?? 0),
    listen: null,
    announceNode: null,
    hasNode: async () => false,
    isReadOnly: async () => false,
    backup: (file) => copyDatabase(database, path, file),
    // Deferred: in WAL mode the first read fixes what is seen, and writers go on.
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
  // The timeout comes first: changing the journal mode needs a lock that another process may hold
  // for a moment.
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  if (!mayWrite) return database;
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  // A read-only file opens without a word; this is the first moment that it can be told.
  database.exec('BEGIN IMMEDIATE; ROLLBACK');
  return database;
}

/** An exclusive transaction on a file of its own: the system ends it with the process, kill -9
 *  included (docs/design.md §91). */
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

/** Result codes of SQLite (sqlite.org/rescode.html): another connection has the lock; a row breaks
 *  a constraint. */
const SQLITE_BUSY = 5;
const SQLITE_CONSTRAINT = 19;

/** All pages in one step, on a thread of its own: one read transaction, so that writes meanwhile
 *  neither wait nor make it start anew. */
async function copyDatabase(database: DatabaseSync, path: string, file: string): Promise<void> {
  try {
    await backup(database, file, { rate: 2 ** 31 - 1 });
    // A copy of what is damaged is no backup, and may be the last one that is kept.
    // Immutable: without files of its own beside it.
    const address = pathToFileURL(file);
    address.search = 'immutable=1';
    const copy = new DatabaseSync(address, { readOnly: true });
    try {
      checkWhole(copy, path, Infinity);
    } finally {
      copy.close();
    }
  } catch (error) {
    const told = toStoreError(path, error);
    if (!(error instanceof Error) || (told instanceof StoreError && told.code === 'store/damaged')) throw told;
    throw new StoreError('store/backup', file, `the store could not be copied to ${file}: ${error.message}`, error);
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const told = toStoreError(path, error);
    if (!(error instanceof Error) || told instanceof StoreError) throw told;
    throw new StoreError(
      'store/unusable',
      path,
      `the store ${path} cannot be used: ${error.message}; check the path and its permissions`,
      error,
    );
  }
}

/** Bytes that are looked through in some seconds from a slow disk; half a gigabyte takes half a
 *  second from a fast one. */
const MOST_CHECKED = 2_000_000_000;

function checkWhole(database: DatabaseSync, path: string, most = MOST_CHECKED): void {
  const ask = (name: string) => telling(path, () => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  if (Number(ask('page_count')) * Number(ask('page_size')) > most) return;
  const found = ask('quick_check(1)');
  if (found !== 'ok') throw toDamage(path, String(found));
}

/** One level only: a recursive mkdir never returns where a file system refuses (Node on /proc), and
 *  a mistyped path should be told. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
}
