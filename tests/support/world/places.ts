import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../../src/ports/store/store.ts';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { openStore } from '../../../src/store/store.ts';

/** A store of its own; every process of a world opens it for itself. */
export interface Place {
  readonly open: () => Promise<Store>;
}

/** The stores of one life. */
export interface Places {
  /** Makes a store that has nothing but its tables. All have one namespace, so that equal
   *  histories give equal ids. */
  readonly make: () => Promise<Place>;
  /** Makes a store of the backup of another; null where the database server makes backups. */
  readonly restore: ((from: Store) => Promise<Place>) | null;
  /** Removes all stores. */
  readonly remove: () => Promise<void>;
}

/** The namespace of every store of a world. */
export const NAMESPACE = '5d8ff5f4-3d9f-4f4a-9c3e-0b5a4a1f6a01';

/** Opens places for SQLite files, in memory where the system has such a folder. */
export async function openFiles(): Promise<Places> {
  const folder = makeFolder();
  let files = 0;
  const next = () => join(folder, `${++files}.db`);
  const toPlace = (file: string): Place => ({ open: () => openStore(openSqlite(file)) });
  return {
    async make() {
      const file = next();
      // Migrating takes longer than copying.
      copyFileSync(await (empty ??= makeEmptyStore()), file);
      return toPlace(file);
    },
    async restore(from) {
      const file = next();
      await from.backup(file);
      return toPlace(file);
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

/** Makes an empty folder, in memory where the system has such a place. */
export function makeFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'newsfold-world-'));
}

let empty: Promise<string> | null = null;

async function makeEmptyStore(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'newsfold-empty-')), 'newsfold.db');
  await (await openStore(openSqlite(file))).close();
  const database = new DatabaseSync(file);
  database.prepare(`update meta set value = ? where key = 'namespace'`).run(NAMESPACE);
  database.close();
  process.on('exit', () => rmSync(join(file, '..'), { recursive: true, force: true }));
  return file;
}
