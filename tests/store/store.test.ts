import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { openSqlite } from '../../src/store/dialects.ts';
import { openStore } from '../../src/store/store.ts';
import { declare } from '../support/bench.ts';
import { makeEntry, makeRevision } from '../support/entry.ts';

const noon = new Date('2026-03-10T12:00:00Z');
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'newsfold-store-'));
  closers.push(() => rmSync(path, { recursive: true }));
  return path;
}

async function open(path = join(folder(), 'a.db')) {
  const store = await openStore(openSqlite(path));
  closers.push(() => store.close());
  return store;
}

const change = (rest: Parameters<typeof makeEntry>[0] = {}, revision: Parameters<typeof makeRevision>[0] = {}) => ({
  entry: makeEntry(rest),
  revisions: [makeRevision(revision)],
  replacesLast: false,
});

test('saving the same change twice adds no second entry', async () => {
  const store = await open();
  await store.bindSources([declare('file', '/a.xml', { id: 'a' })], noon);
  expect(await store.saveEntries([change()], noon)).toEqual({ added: 1, revised: 0 });
  await store.saveEntries([{ ...change(), revisions: [] }], noon);
  expect([...(await store.readKnown('a', null)).keys()]).toEqual(['one']);
});

test('U+0000 and lone surrogates are dropped from every text, the rest comes back as it was', async () => {
  const store = await open();
  await store.bindSources([declare('file', '/a.xml', { id: 'a' })], noon);
  const authors = [{ name: 'A\0da \ud800', url: null, email: null }];
  await store.saveEntries([change({ identity: 'i\0d', guid: 'g\0' }, { title: 'T\0 \udfff ü 😀', text: 'x\0', authors })], noon);
  const [pending] = await store.readPending(10);
  expect(pending?.entry).toMatchObject({
    identity: 'id',
    guid: 'g',
    revision: { title: 'T � ü 😀', text: 'x', authors: [{ name: 'Ada �' }] },
  });
});

test('pending entries come by believable date, then source, then place in the document', async () => {
  const store = await open();
  await store.bindSources([declare('file', '/a.xml', { id: 'a' }), declare('file', '/b.xml', { id: 'b' })], noon);
  const hour = (n: number) => new Date(noon.getTime() + n * 3_600_000);
  await store.saveEntries(
    [
      change({ sourceId: 'b', identity: 'b0', position: 0 }),
      change({ sourceId: 'a', identity: 'a1', position: 1 }),
      change({ sourceId: 'a', identity: 'a0', position: 0 }),
      change({ sourceId: 'b', identity: 'old' }, { published: hour(-5) }),
      change({ sourceId: 'b', identity: 'future' }, { published: hour(50) }),
    ],
    noon,
  );
  expect((await store.readPending(10)).map(({ entry }) => entry.identity)).toEqual(['old', 'a0', 'a1', 'b0', 'future']);
});

test('an id that another story has, or had, is not given twice', async () => {
  const store = await open();
  await store.bindSources([declare('file', '/a.xml', { id: 'a' })], noon);
  await store.saveEntries([change({ identity: '1' }), change({ identity: '2', position: 1 })], noon);
  const pending = await store.readPending(10);
  const verdict = { label: 'different' as const, score: 0, why: [], rules: 'x' };
  const placements = pending.map(({ entry }) => ({
    entryNo: entry.no,
    storyNo: entry.no,
    preferredId: 'tag:x,2026:1',
    comparedWith: null,
    verdict,
  }));
  await store.savePlacements(
    placements,
    [],
    pending.map(({ entry }) => entry.no),
    noon,
  );
  const ids = (await store.readUnsettled(10)).map((story) => story.id);
  expect(ids[0]).toBe('tag:x,2026:1');
  expect(ids[1]).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await store.readPending(10)).toEqual([]);
});

test('two stores never mint one name, one store always the same', async () => {
  const [first, second] = [await open(), await open()];
  const ids = await Promise.all([first.bindFeed('all', noon), first.bindFeed('all', new Date()), second.bindFeed('all', noon)]);
  expect(ids[1]).toEqual(ids[0]);
  expect(ids[2]?.id).not.toBe(ids[0]?.id);
});

test('sources without an id get one from title, address or file, unique and kept', async () => {
  const store = await open();
  const declarations = [
    declare('feed', 'https://www.a.blog/feed/atom.xml?x=1'),
    declare('feed', 'https://u:secret@a.blog/feed/atom.xml'),
    declare('file', '/x/samples/wire.xml'),
    declare('articles', '/x/articles', { title: 'Ünser Schreibtisch!' }),
    declare('feed', 'https://b.blog/', { id: 'samples-wire' }),
  ];
  const ids = (await store.bindSources(declarations, noon)).map((source) => source.id);
  expect(ids).toEqual(['a-blog-feed-atom-xml', 'a-blog-feed-atom-xml-2', 'samples-wire-2', 'unser-schreibtisch', 'samples-wire']);
  expect((await store.bindSources(declarations.toReversed(), noon)).map((source) => source.id)).toEqual(ids.toReversed());
});

test('a source that is given an id by its owner keeps its entries', async () => {
  const store = await open();
  const [bound] = await store.bindSources([declare('file', '/x/wire.xml')], noon);
  await store.saveEntries([change({ sourceId: bound?.id ?? '' })], noon);
  await store.bindSources([declare('file', '/x/wire.xml', { id: 'mine' })], noon);
  expect((await store.readSources()).map(({ source, entries }) => [source.id, entries])).toEqual([['mine', 1]]);
});

test('a document changes its date with its bytes, by a second at least', async () => {
  const store = await open();
  const first = await store.stampDocument('all', 'atom', 'x', noon);
  expect(await store.stampDocument('all', 'atom', 'x', new Date(noon.getTime() + 60_000))).toEqual(first);
  expect(await store.stampDocument('all', 'atom', 'y', noon)).toEqual(new Date(first.getTime() + 1000));
});

test('publishing raises the generation only when something was settled', async () => {
  const store = await open();
  await store.bindSources([declare('file', '/a.xml', { id: 'a' })], noon);
  expect((await store.publish(noon, noon)).n).toBe(0);
  await store.saveEntries([change()], noon);
  const [pending] = await store.readPending(1);
  const no = pending?.entry.no ?? 0;
  await store.savePlacements(
    [{ entryNo: no, storyNo: no, preferredId: null, comparedWith: null, verdict: { label: 'different', score: 0, why: [], rules: 'x' } }],
    [],
    [no],
    noon,
  );
  await store.saveSettlements([{ no, leadNo: no, leadRevision: 1, published: null, updated: noon, footer: [], change: 'new' }], noon);
  expect((await store.publish(noon, noon)).n).toBe(1);
  expect((await store.publish(noon, noon)).n).toBe(1);
  expect(await store.readStories({ order: 'published', offset: 0, limit: 10 })).toHaveLength(1);
});

test('a file that is no database is refused by name, and so is one of a newer version', async () => {
  const path = join(folder(), 'a.db');
  writeFileSync(path, 'this is not a database, it is a text of some length that says so');
  await expect(async () => openStore(openSqlite(path))).rejects.toMatchObject({ code: 'store/unusable', store: path });
  const newer = join(folder(), 'b.db');
  await (await openStore(openSqlite(newer))).close();
  const database = new DatabaseSync(newer);
  database.exec("INSERT INTO kysely_migration VALUES ('9999_future', '2030-01-01')");
  database.close();
  await expect(openStore(openSqlite(newer))).rejects.toMatchObject({ code: 'store/newer' });
});

test('the adapter refuses what node:sqlite would lose without a word', async () => {
  const dialect = openSqlite(join(folder(), 'a.db'));
  const driver = dialect.dialect.createDriver();
  await driver.init();
  closers.push(() => driver.destroy());
  const connection = await driver.acquireConnection();
  const ask = (value: unknown) =>
    connection.executeQuery({ sql: 'select ? as x', parameters: [value], query: { kind: 'RawNode' } as never, queryId: { queryId: 'x' } });
  await expect(async () => ask(new Date())).rejects.toThrow(/not a Date/);
  await expect(async () => ask(undefined)).rejects.toThrow(/not undefined/);
  expect((await ask('x')).rows).toEqual([{ x: 'x' }]);
});
