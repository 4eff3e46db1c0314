import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openSqlite } from '../../src/store/engine/sqlite.ts';
import { openStore } from '../../src/store/store.ts';
import { testStore } from './contract/contract.ts';

const folders: string[] = [];
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'newsfold-store-'));
  folders.push(path);
  return path;
}

testStore(async () => {
  const path = mkdtempSync(join(tmpdir(), 'newsfold-store-'));
  const target = join(path, 'a.db');
  return {
    target,
    opener: 'openSqlite',
    open: (options) => openSqlite(target, options),
    remove: async () => rmSync(path, { recursive: true }),
  };
});

test('a file that is not a database is refused with its name', () => {
  const path = join(folder(), 'a.db');
  writeFileSync(path, 'this is not a database, it is a text of some length that says so');
  expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code: 'store/unusable', store: path, exitCode: 3 }));
});

test('opening a missing file for reading does not create it', () => {
  const path = join(folder(), 'a.db');
  expect(() => openSqlite(path, { mayWrite: false })).toThrow(expect.objectContaining({ code: 'store/unusable' }));
});

test('the lock is a file beside the store', async () => {
  const path = join(folder(), 'a.db');
  const store = await openStore(openSqlite(path));
  const taken = await store.takeLock({ command: 'run', pid: 1, host: 'h', since: new Date(0) });
  expect(existsSync(`${path}.lock`)).toBe(true);
  if (taken.kind === 'taken') await taken.release();
  await store.close();
});
