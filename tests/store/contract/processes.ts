import { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/store.ts';
import { noon, after, all, holder, change, alone, foldBatch, settled, record, pendingOf, publishAll } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Tests locks, change marks, several processes on one store, and parameters. */
export function testProcesses({ database, open, openBound, startProcess, defer }: StoreBench): void {
  test('one process has the lock at a time, its holder is known, and it can be taken again', async () => {
    const [store, second] = [await open(), await open()];
    const taken = await store.takeLock(holder);
    expect(taken.kind).toBe('taken');
    expect(await second.takeLock({ ...holder, pid: 1 })).toEqual({ kind: 'held', holder });
    expect(await store.takeLock(holder)).toEqual({ kind: 'held', holder });
    if (taken.kind === 'taken') await taken.release();
    const again = await second.takeLock({ ...holder, pid: 1 });
    expect(again.kind).toBe('taken');
    expect(await store.takeLock(holder)).toEqual({ kind: 'held', holder: { ...holder, pid: 1 } });
    if (again.kind === 'taken') await again.release();
  });

  test('the lock of a killed process is free at once', async () => {
    const store = await open();
    const { child, exited, said } = await startProcess(
      `console.log((await store.takeLock({ command: 'serve', pid: process.pid, host: 'h', since: new Date(5) })).kind); setInterval(() => {}, 1000);`,
    );
    expect(said).toBe('taken');
    expect(await store.takeLock(holder)).toEqual({
      kind: 'held',
      holder: { command: 'serve', pid: child.pid, host: 'h', since: new Date(5) },
    });
    child.kill('SIGKILL');
    await exited;
    await expect.poll(async () => (await store.takeLock(holder)).kind, { timeout: 5000 }).toBe('taken');
  });

  test('a process that holds the lock and closes its store can end', async () => {
    const { child, exited, said } = await startProcess(
      `const { release } = await store.takeLock({ command: 'run', pid: 1, host: 'h', since: new Date(5) });
       console.log('taken'); await release(); await store.close();`,
    );
    expect(said).toBe('taken');
    await exited;
    expect(child.exitCode).toBe(0);
  });

  test('the mark changes when another process has published, and not otherwise', async () => {
    const [store, reader] = [await openBound(), await open({ mayWrite: false })];
    const before = await reader.readMark();
    expect(await reader.readMark()).toBe(before);
    await publishAll(store, [change()]);
    const marked = await reader.readMark();
    expect(marked).not.toBe(before);
    expect(await reader.readMark()).toBe(marked);
    expect(await reader.readStories(all)).toHaveLength(1);
  });

  test('a store that was opened for reading sees the writes of others and refuses to write', async () => {
    const store = await openBound();
    const reader = await open({ mayWrite: false });
    await store.saveEntries([change()], noon);
    expect(await pendingOf(reader)).toHaveLength(1);
    await expect(reader.saveEntries([change({ identity: 'two' })], noon)).rejects.toThrow(/read-?only/);
    await expect(reader.startRun(noon)).rejects.toThrow(/read-?only/);
  });

  test('a store is the same after it was closed and opened again', async () => {
    const store = await openStore(database().open());
    const feed = await store.bindFeed('all', noon);
    await store.close();
    expect(await (await open()).bindFeed('all', after(1))).toEqual(feed);
  });

  test('many simultaneous openings of a new store, in one process and in four, give one store', async () => {
    const processes = Array.from({ length: 4 }, () =>
      startProcess(`console.log((await store.bindFeed('all', new Date(0))).id); await store.close();`),
    );
    const stores = await Promise.all(Array.from({ length: 4 }, () => open()));
    const ids = await Promise.all(stores.map(async (store) => (await store.bindFeed('all', noon)).id));
    const others = await Promise.all(processes);
    await Promise.all(others.map(({ exited }) => exited));
    expect(others.map(({ child }) => child.exitCode)).toEqual([0, 0, 0, 0]);
    expect(new Set([...ids, ...others.map(({ said }) => said)]).size).toBe(1);
  });

  test('many simultaneous writes in two processes neither block for ever nor get lost', async () => {
    const store = await openBound();
    const theirs = JSON.stringify(change({ sourceId: 'b' }));
    const other = startProcess(
      `const change = ${theirs}; for (const revision of change.revisions) revision.seenAt = new Date(0);
       await Promise.all(Array.from({ length: 40 }, (_, n) =>
         store.saveEntries([{ ...change, entry: { ...change.entry, identity: String(n % 20) } }], new Date(0))));
       console.log('saved'); await store.close();`,
    );
    const work = Array.from({ length: 40 }, async (_, index) => {
      await store.saveEntries([change({ identity: `${index}` }), change({ identity: 'same' })], noon);
      await store.recordPoll(index % 3 === 0 ? 'a' : 'b', record);
      await store.readSources();
    });
    await Promise.all(work);
    const { said, exited } = await other;
    expect(said).toBe('saved');
    await exited;
    const entries = await pendingOf(store);
    expect(entries).toHaveLength(61);
    await store.saveFolds(foldBatch({ placements: entries.map((entry) => alone(entry)), decided: entries.map(({ no }) => no) }), noon);
    await Promise.all(entries.map(({ no }) => store.saveLeadChoices([settled(no)], noon)));
    expect(await store.readStories(all)).toHaveLength(61);
  });

  test('a store of a newer Newsfold is refused and not changed', async () => {
    const backend = database().open();
    await (await openStore(backend)).close();
    const driver = database().open().dialect.createDriver();
    await driver.init();
    const connection = await driver.acquireConnection();
    await connection.executeQuery(CompiledQuery.raw("insert into kysely_migration values ('9999_future', '2030-01-01')"));
    await driver.releaseConnection(connection);
    await driver.destroy();
    await expect(openStore(database().open())).rejects.toMatchObject({ code: 'store/newer', exitCode: 3, store: backend.name });
  });

  test('a parameter that the database would silently drop or change is refused', async () => {
    const driver = database().open().dialect.createDriver();
    await driver.init();
    defer(() => driver.destroy());
    const connection = await driver.acquireConnection();
    defer(() => driver.releaseConnection(connection));
    const sign = database().opener === 'openPostgres' ? '$1' : '?';
    const ask = async (value: unknown) => connection.executeQuery(CompiledQuery.raw(`select ${sign} as x`, [value]));
    await expect(ask(new Date())).rejects.toThrow(/not a Date/);
    await expect(ask(undefined)).rejects.toThrow(/not undefined/);
    await expect(ask(true)).rejects.toThrow(/not boolean/);
    await expect(ask({})).rejects.toThrow(/not object/);
    expect((await ask('x')).rows).toEqual([{ x: 'x' }]);
  });
}
