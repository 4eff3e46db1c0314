import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startPostgres } from './postgres.ts';
import type { PostgresBench } from './postgres.ts';

/** Starts a server and makes a folder for all tests of a file; both are removed after the last
 *  test. */
export function sharePostgres(): Pick<PostgresBench, 'createDatabase' | 'ask'> & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-shared-'));
  let server: PostgresBench;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  return { folder, createDatabase: (options) => server.createDatabase(options), ask: (sql, database) => server.ask(sql, database) };
}
