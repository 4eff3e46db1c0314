import { join } from 'node:path';
import { CompiledQuery, Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoreError } from '../../src/model/errors.ts';
import { renderFeed, renderStoredArchive } from '../../src/feeds/render-documents.ts';
import { openSqlite } from '../../src/store/engine/sqlite.ts';
import { openPostgres } from '../../src/store/engine/postgres.ts';
import type { Backend } from '../../src/store/engine/backend.ts';
import type { Schema } from '../../src/store/schema/schema.ts';
import { openStore } from '../../src/store/store.ts';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';
import { toFeed, site as standardSite } from '../support/story.ts';
import { startPostgres } from '../support/postgres.ts';
import type { PostgresBench } from '../support/postgres.ts';
import { testStore } from './contract/contract.ts';
import { createPostgresPool } from './postgres-pool.ts';

let server: PostgresBench;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

testStore(createPostgresPool(() => server));

const lockHolder = { command: 'run', pid: 1, host: 'h', since: new Date(0) };
/** Ends every other connection to a database, as a restart of the server does. */
const cutOff = (url: string) =>
  server.ask(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(url)}' and pid <> pg_backend_pid()`);
const nameOf = (url: string) => new URL(url).pathname.slice(1);

// A label of a host name has at most 63 characters: refused without asking a server.
const noHost = `${'x'.repeat(64)}.invalid`;

test.for<[what: string, url: (port: number) => string, message: RegExp]>([
  [
    'a wrong password',
    (port) => `postgres://postgres:wrong@127.0.0.1:${port}/postgres`,
    /password authentication failed .*check the user, its password/,
  ],
  ['no password', (port) => `postgres://postgres@127.0.0.1:${port}/postgres`, /password.*; check the server, the user and the password/],
  ['an unknown user', (port) => `postgres://nobody:secret@127.0.0.1:${port}/postgres`, /authentication failed .*check the user/],
  [
    'an unknown database',
    (port) => `postgres://postgres:secret@127.0.0.1:${port}/nowhere`,
    /"nowhere" does not exist; create the database/,
  ],
  [
    'a port where nobody listens',
    () => 'postgres://postgres:secret@localhost:1/postgres',
    /ECONNREFUSED .*; check that PostgreSQL is running/,
  ],
  ['a host that is none', (port) => `postgres://postgres:secret@${noHost}:${port}/postgres`, /x\.invalid; check the name of the host/],
])('%s gives a message with advice and without the password', async ([, url, message]) => {
  for (const mayWrite of [true, false]) {
    const error: unknown = await openStore(openPostgres(url(server.port), { mayWrite })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'store/unusable', exitCode: 3, message: expect.stringMatching(message) });
    expect(String(error)).not.toMatch(/secret|wrong@/);
  }
});

test('an invalid URL is refused at once, and the message repeats nothing that may be a secret', () => {
  expect(() => openPostgres('postgres://u:se/cr@et@[host/db?x=1')).toThrow(
    expect.objectContaining({ code: 'store/unusable', store: 'postgres://[host/db', message: expect.not.stringContaining('cr@et') }),
  );
});

test('the name of a store has no user, password or parameters', () => {
  const name = (url: string) => openPostgres(url).name;
  expect(name('postgres://u:s%40x@db.test:5433/news?sslmode=disable&password=p')).toBe('postgres://db.test:5433/news');
  expect(name('postgresql://db.test/news')).toBe('postgresql://db.test/news');
});

test('a database that cannot store every text is refused', async () => {
  const url = await server.createDatabase("encoding 'LATIN1' locale_provider libc locale 'C' template template0");
  await expect(openStore(openPostgres(url))).rejects.toMatchObject({
    code: 'store/unusable',
    message: expect.stringContaining('encoding is LATIN1'),
  });
});

test('a database with tables of other programs is accepted', async () => {
  const url = await server.createDatabase();
  await server.ask('create schema other; create table other.kysely_migration (name text); create table other.story (x text)', nameOf(url));
  const store = await openStore(openPostgres(url));
  expect(await store.readGeneration()).toMatchObject({ n: 0 });
  await store.close();
});

test('a number that cannot be read exactly is refused, others of that type are read as numbers', async () => {
  const driver = openPostgres(await server.createDatabase()).dialect.createDriver();
  await driver.init();
  const connection = await driver.acquireConnection();
  const ask = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql));
  expect((await ask('select 9007199254740991::int8 as x, count(*) as n from pg_class where false')).rows).toEqual([
    { x: 9_007_199_254_740_991, n: 0 },
  ]);
  await expect(ask('select 9007199254740992::int8 as x')).rejects.toThrow(/too large/);
  expect((await ask('select 1 as x')).rows).toEqual([{ x: 1 }]);
  await driver.releaseConnection(connection);
  await driver.destroy();
});

test('a store continues with new connections after the old ones were cut off', async () => {
  const url = await server.createDatabase();
  const store = await openStore(openPostgres(url));
  await cutOff(url);
  // Queries before the client notices the end fail with an error of the store; the process lives.
  const start = () => store.startRun(new Date(0)).catch((error: StoreError) => error.code);
  expect(['store/unusable', 1]).toContain(await start());
  await expect.poll(start).toBeTypeOf('number');
  await store.close();
});

test('a transaction that is cut off fails with an error of the store and leaves nothing behind', async () => {
  const url = await server.createDatabase();
  const backend = openPostgres(url);
  const store = await openStore(backend);
  const driver = backend.dialect.createDriver();
  await driver.init();
  const connection = await driver.acquireConnection();
  await driver.beginTransaction(connection, {});
  await connection.executeQuery(CompiledQuery.raw("insert into meta values ('x', 'y')"));
  await cutOff(url);
  await expect(connection.executeQuery(CompiledQuery.raw('select 1'))).rejects.toMatchObject({ code: 'store/unusable' });
  await driver.releaseConnection(connection);
  expect(await server.ask("select * from meta where key = 'x'", nameOf(url))).toEqual([]);
  await store.close();
});

test('a server ends a writer without power or progress within a minute, and waits for pipes', async () => {
  const backend = openPostgres(await server.createDatabase());
  const db = new Kysely<Schema>({ dialect: backend.dialect });
  const show = async (on: Kysely<Schema>, name: string) =>
    Object.values((await on.executeQuery<Record<string, string>>(CompiledQuery.raw(`show ${name}`))).rows[0] ?? {})[0];
  const limit = 'idle_in_transaction_session_timeout';
  await db.transaction().execute(async (trx) => {
    expect(await show(trx, 'tcp_keepalives_idle')).toBe('30');
    expect(await show(trx, 'tcp_keepalives_interval')).toBe('10');
    expect(await show(trx, 'tcp_keepalives_count')).toBe('3');
    expect(await show(trx, 'tcp_user_timeout')).toBe('60000');
    expect(await show(trx, limit)).toBe('1min');
    // An import.
    await backend.waitForPipe(trx);
    expect(await show(trx, limit)).toBe('0');
  });
  // An export.
  await db.connection().execute(async (connection) => {
    await connection.executeQuery(CompiledQuery.raw(backend.beginSnapshot));
    expect(await show(connection, limit)).toBe('0');
    await connection.executeQuery(CompiledQuery.raw('rollback'));
    expect(await show(connection, limit)).toBe('1min');
  });
  await db.destroy();
});

test('a node counts as alive until it has ended, also after its connection was cut off', async () => {
  const url = await server.createDatabase();
  const backend = openPostgres(url);
  const db = new Kysely<Schema>({ dialect: backend.dialect });
  const [leave, leaveToo] = [await backend.announceNode?.('one'), await openPostgres(url).announceNode?.('one')];
  const known = async () => [await backend.hasNode(db, 'one'), await backend.hasNode(db, 'other')];
  expect(await known()).toEqual([true, false]);
  await leave?.();
  expect(await known()).toEqual([true, false]);
  await cutOff(url);
  await expect.poll(known, { timeout: 20_000 }).toEqual([true, false]);
  await leaveToo?.();
  await expect.poll(known).toEqual([false, false]);
  await db.destroy();
});

test('writing transactions wait for each other, reading ones for none', async () => {
  const url = await server.createDatabase();
  const db = new Kysely<{ meta: { key: string } }>({ dialect: openPostgres(url).dialect });
  await (await openStore(openPostgres(url))).close();
  const order: string[] = [];
  await db.transaction().execute(async (first) => {
    await first.deleteFrom('meta').execute();
    order.push('first');
    const second = db
      .transaction()
      .execute(async (trx) => order.push(`second ${(await trx.selectFrom('meta').select('key').execute()).length}`));
    const reader = db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read');
    await reader.execute(async (trx) => order.push(`reader ${(await trx.selectFrom('meta').select('key').execute()).length}`));
    void second.then(() => order.push('second done'));
    order.push('first done');
  });
  await expect.poll(() => order).toEqual(['first', 'reader 1', 'first done', 'second 0', 'second done']);
  await db.destroy();
});

test('a holder that has lost its lock is refused everything until it releases the lock', async () => {
  const url = await server.createDatabase();
  const store = await openStore(openPostgres(url));
  const taken = await store.takeLock(lockHolder);
  await cutOff(url);
  await expect.poll(() => store.startRun(new Date(0)).catch((error: unknown) => String(error))).toMatch(/held the run lock has ended/);
  const second = await openStore(openPostgres(url));
  expect((await second.takeLock(lockHolder)).kind).toBe('taken');
  if (taken.kind === 'taken') await taken.release();
  expect(await store.startRun(new Date(0))).toBeGreaterThan(0);
  await Promise.all([store.close(), second.close()]);
});

test('a read-only store asks the server to refuse writes', async () => {
  const url = await server.createDatabase();
  await (await openStore(openPostgres(url))).close();
  const reader = await openStore(openPostgres(url, { mayWrite: false }));
  await expect(reader.startRun(new Date(0))).rejects.toMatchObject({
    code: 'store/unusable',
    message: expect.stringContaining('is read-only'),
  });
  await reader.close();
});

const feeds = [
  toFeed({ limit: 1000 }),
  toFeed({ slug: 'moving', isDefault: false, limit: 1000, order: 'updated' }),
  toFeed({ slug: 'short', isDefault: false, limit: 10, maxPerSource: 3 }),
];

/** Returns the documents that both stores publish of the same sources at the same instants,
 *  after each of three runs, in both orders. */
async function publishThrice(bench: Workbench, backend: Backend): Promise<readonly string[]> {
  // Ids are generated from the store's namespace, so both stores get the same one.
  const driver = backend.dialect.createDriver();
  await driver.init();
  const connection = await driver.acquireConnection();
  await connection.executeQuery(
    CompiledQuery.raw("update meta set value = '6ba7b811-9dad-11d1-80b4-00c04fd430c8' where key = 'namespace'"),
  );
  await driver.releaseConnection(connection);
  await driver.destroy();
  // Names that bytes and an English dictionary sort differently.
  const names = ['z', 'a-b', 'a1', 'ab', 'a'];
  const write = (round: number) =>
    names.forEach((name, index) =>
      bench.write(
        `${name}.xml`,
        rss(`https://${name}.test/`, [
          [
            'The harbour council votes for a second slipway',
            `https://${name}.test/slipway`,
            `${LONG}${round > 0 && index < 3 ? ' They did.' : ''}`,
          ],
          ...Array.from({ length: 12 }, (_, n): [string, string, string, string] => [
            `Story ${n} of ${name} has 😀 a title of its own`,
            `https://${name}.test/${n}`,
            `${Array.from({ length: 14 }, (__, word) => `${name}${n}word${word}`).join(' ')}${round === 2 && n === 3 ? ' And it has more to say about that now.' : ''}`,
            n % 3 === 0 ? `tag:${name}.test,2026:${n}` : `${n}`,
          ]),
          ...(round === 1
            ? [[`Late news of ${name} for the evening`, `https://${name}.test/late`, 'Late.'] as [string, string, string]]
            : []),
        ]),
      ),
    );
  bench.write('articles/one.md', '---\ntitle: Une Überschrift mit fünf Wörtern\ndate: 2026-03-09T08:00:00Z\n---\n\nText.\n');
  bench.write('articles/two.txt', 'A title of a note\n\nUpdate (1545ET): more.\n\n***\n\nThe text.\n');
  const json = {
    version: 'https://jsonfeed.org/version/1.1',
    title: 'J',
    items: [{ id: 'j\0 1', title: 'A \ud800 title\0 of words', content_text: LONG }],
  };
  bench.write('j.json', JSON.stringify(json));
  const declarations = [
    ...names.map((name) => declare('file', `${bench.folder}/${name}.xml`, { id: name, title: name.toUpperCase() })),
    declare('articles', `${bench.folder}/articles`, { id: 'desk', title: 'Desk' }),
    declare('file', `${bench.folder}/j.json`, { id: 'j' }),
  ];
  const documents: string[] = [];
  bench.feeds = feeds;
  for (const [round, now] of ['2026-03-10T12:00:00.123Z', '2026-03-10T15:00:00Z', '2026-03-11T12:00:00Z'].entries()) {
    bench.now = new Date(now);
    write(round);
    const report = await bench.run(declarations);
    expect(report.failed).toBe(0);
    await bench.restart();
    const site = { ...standardSite, url: 'http://localhost:8080' };
    const options = { siteUrl: site.url, alsoPublished: 'footer' as const, titlePrefix: false, updateNotes: true };
    const context = { store: bench.store, clock: { now: () => bench.now }, site, feeds, options, version: '0', hubUrl: null };
    for (const feed of feeds) {
      const { chain } = await bench.store.bindFeed(feed.slug, bench.now);
      for (const { bytes } of await renderFeed(context, feed)) documents.push(new TextDecoder().decode(bytes));
      for (const n of await bench.store.listArchives(feed.slug, chain))
        documents.push(new TextDecoder().decode((await renderStoredArchive(context, feed, n))?.bytes));
    }
  }
  return documents;
}

const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';

test('the same sources give the same documents on both stores, byte for byte', async () => {
  const url = await server.createDatabase();
  await using onPostgres = await openWorkbench(() => openPostgres(url));
  await using onSqlite = await openWorkbench();
  const [expected, documents] = [
    await publishThrice(onSqlite, openSqlite(join(onSqlite.folder, 'newsfold.db'))),
    await publishThrice(onPostgres, openPostgres(url)),
  ];
  expect(expected[0]?.match(/<entry>/g)?.length).toBeGreaterThan(50);
  expect(new Set(expected).size).toBeGreaterThan(3);
  expect(documents).toEqual(expected);
});
