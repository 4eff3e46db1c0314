import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import type { StateRow } from '../../../src/ports/store/transfer.ts';
import { migrations } from '../../../src/store/schema/migrations.ts';
import { openStore } from '../../../src/store/store.ts';
import { tables } from '../../../src/store/schema/tables.ts';
import { after, all, change, foldBatch, noon } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

type Row = StateRow['row'];
const at = noon.getTime();
const names = Object.keys(migrations('sqlite'));

/** Rows as the version of each migration wrote them, by the migration that created their table.
 *  A new migration adds its own rows; existing ones are never changed. */
const written: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
  '0001_first': {
    meta: [{ key: 'namespace', value: 'c581aa4d-7ce1-4aa5-9583-21133b33e76d' }],
    source: [
      {
        id: 'a',
        kind: 'file',
        address: '/a.xml',
        named: 1,
        active: 1,
        created_at: at,
        settings: '{"title":"A","tags":["x"],"priority":50,"private":false}',
        feed_title: 'T',
        etag: '"e"',
        next_poll_at: at,
        history: 'cs',
      },
    ],
    poll: [{ id: 7, source_id: 'a', at, status: 200, outcome: 'content', bytes: 3_000_000_000 }],
    host: [{ name: 'a.test', retry_after_at: at }],
    entry: [
      {
        no: 3,
        source_id: 'a',
        identity: 'one',
        key: 'k1',
        url: 'https://a.test/1',
        url_key: 'a.test/1',
        link_post: 0,
        position: 0,
        content_hash: 'h',
        first_seen_at: at,
        dated_at: at - 1,
        pending: 0,
      },
      {
        no: 4,
        source_id: 'a',
        identity: 'two',
        key: 'k2',
        link_post: 0,
        position: 1,
        content_hash: 'h2',
        first_seen_at: at,
        dated_at: at,
        pending: 1,
      },
    ],
    revision: [3, 4].map((entry_no) => ({
      entry_no,
      n: 1,
      kind: 'first',
      title: `Ä title ${entry_no}`,
      html: '<p>x</p>',
      text: 'x',
      hash: 'h',
      seen_at: at,
      authors: '[]',
      categories: '["c"]',
      enclosures: '[]',
    })),
    story: [
      {
        no: 3,
        id: 'urn:x:3',
        key: 'story3',
        lead_no: 3,
        lead_revision: 1,
        updated: at,
        first_seen_at: at,
        dated_at: at - 1,
        footer: '[]',
        settled_at: at,
        dirty: 0,
      },
    ],
    story_entry: [{ entry_no: 3, story_no: 3, label: 'different', score: 0.25, why: '["first"]', rules: 'x', joined_at: at }],
    change: [{ seq: 5, story_no: 3, kind: 'new', at, generation: 1 }],
    tombstone: [{ id: 'urn:gone', key: 'gone', story_no: 9, at, reason: 'deleted' }],
    feed: [{ slug: 'all', id: 'urn:uuid:f', created_at: at }],
    document: [{ slug: 'all', format: 'atom', tag: 't', changed_at: at }],
    generation: [{ id: 1, n: 1, at }],
    run: [{ no: 2, started_at: at, ended_at: at, report: '{}' }],
  },
  '0002_polling': { poll: [{ id: 8, source_id: 'a', at, outcome: 'notModified', moved_address: 'https://b.test/', reason: 'ttl' }] },
  '0003_folding': {
    related: [{ entry_no: 3, other_no: 4, score: 0.5, why: '[]', rules: 'x', at }],
    pin: [{ entry_no: 3, other_no: 4, kind: 'apart', at }],
  },
  '0005_publishing': {
    listing: [{ slug: 'all', story_no: 3, kind: 'new', seq: 1, at, updated: at, accounted_for: at, logged_at: at, recalled: 0 }],
    archive: [{ slug: 'all', n: 1, chain: 1, first_seq: 1, last_seq: 1, private: 0, bytes: 'H4sIAAAAAAAAAwMAAAAAAAAAAAA=', made_at: at }],
    document_version: [{ slug: 'all', tag: 't', chain: 1, seq: 1, at }],
    takedown: [{ id: 'urn:down', at }],
  },
  '0006_pages': { page: [{ key: 'f'.repeat(64), url: 'https://a.test/1', asked_for: 'h', asked_at: at, attempts: 1, html: '<p>x</p>' }] },
  '0008_hub': {
    websub_subscription: [
      {
        id: 'a'.repeat(64),
        topic: 't',
        callback: 'https://s.test/',
        host: 's.test',
        created_at: at,
        expires_at: at,
        delivered_seq: 1,
        attempts: 0,
        next_at: at,
      },
    ],
  },
  '0009_subscriber': { push_hint: [{ source_id: 'a', at, waiting: 1 }] },
  '0014_first_reading': {
    source: [
      {
        id: 'read-once',
        kind: 'file',
        address: '/once.xml',
        named: 1,
        active: 1,
        created_at: at,
        settings: '{"title":"B","tags":[],"priority":50,"private":false}',
        history: '',
        first_read_at: at,
      },
    ],
  },
  '0010_retention': { pruned: [{ source_id: 'a', identity: 'old', title: 'Old', hash: 'h', content_hash: 'h', pruned_at: at }] },
  '0011_set_aside': {
    set_aside: [
      {
        id: 'x1',
        source_id: 'a',
        what: 'entry',
        name: 'k1',
        no: 3,
        stage: 'render',
        reason: 'failed',
        message: 'boom',
        version: '0.1.1',
        at,
        tries: 1,
        is_open: 0,
      },
    ],
  },
};

/** Tables that a later migration has renamed. */
const renamed: Readonly<Record<string, string>> = { push_hint: 'websub_source_hint' };

/** Tests stores of older versions. */
export function testMigrations({ makeDatabase, defer }: StoreBench): void {
  test.for(names)('a store with migrations up to %s is upgraded with every row and works', async (last) => {
    const database = await makeDatabase({ isNew: true });
    defer(() => database.remove());
    const backend = database.open();
    const { dialect, kind } = backend;
    const db = new Kysely<Record<string, Row>>({ dialect });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(kind) } });
    const rows: StateRow[] = [];
    for (const name of names.slice(0, names.indexOf(last) + 1)) {
      const { error } = await migrator.migrateTo(name);
      expect(error).toBeUndefined();
      for (const [table, list] of Object.entries(written[name] ?? {}))
        for (const row of list) {
          await db.insertInto(table).values(row).execute();
          rows.push({ table, row });
        }
    }
    // Numbers as if the store had assigned them.
    for (const [table, key] of Object.entries({ entry: 'no', poll: 'id', change: 'seq', run: 'no' }))
      await db.transaction().execute((trx) => backend.resumeNumbers(trx, table, key));
    await db.destroy();
    const store = await openStore(database.open());
    defer(() => store.close());
    const found: StateRow[] = [];
    await store.readState(
      async () => undefined,
      async (row) => void found.push(row),
    );
    for (const { table, row } of rows) expect(found).toContainEqual({ table: renamed[table] ?? table, row: expect.objectContaining(row) });
    expect((await store.readStories(all)).map(({ id, lead }) => [id, lead.entry.revision.title])).toEqual([['urn:x:3', 'Ä title 3']]);
    expect((await store.readPending(5)).map(({ entry }) => entry.no)).toEqual([4]);
    while (await store.indexWords());
    expect(await store.readEvidence('k1')).toMatchObject({ key: 'story3' });
    // A source that was read before needs no first reading: no later entry of it counts as backlog.
    const [status] = await store.readSources(['a']);
    expect(status?.poll.firstReadAt).toEqual(noon);
    // New numbers follow the existing ones.
    await store.saveFolds(foldBatch({ decided: [4] }), noon);
    await store.saveEntries([change({ identity: 'three' })], after(1));
    const [pending] = await store.readPending(5);
    expect(pending?.entry.no).toBeGreaterThan(4);
    expect(await store.startRun(noon)).toBeGreaterThan(2);
  });

  test('the description of each table has exactly the columns that the migrations create', async () => {
    const database = await makeDatabase();
    defer(() => database.remove());
    const backend = database.open();
    const store = await openStore(backend);
    await store.close();
    const db = new Kysely({ dialect: database.open().dialect });
    defer(() => db.destroy());
    const columnsOf = async (name: string) => {
      const ofPostgres = sql<{ name: string }>`select column_name as name from information_schema.columns
        where table_schema = current_schema() and table_name = ${name}`;
      const ofSqlite = sql<{ name: string }>`select name from pragma_table_info(${name})`;
      const { rows } = await (backend.kind === 'postgres' ? ofPostgres : ofSqlite).execute(db);
      return rows.map((row) => row.name).toSorted();
    };
    for (const [name, { row }] of Object.entries(tables))
      expect([name, await columnsOf(name)]).toEqual([name, Object.keys(row.shape).toSorted()]);
  });
}
