import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { migrations } from '../../../src/store/schema/migrations.ts';
import { openStore } from '../../../src/store/store.ts';
import { declare, openWorkbench, rss } from '../../support/bench.ts';

let folder = '';
const stores: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-search-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

const path = (name: string) => join(folder, name);
const open = async (name = 'a.db') => {
  const store = await openStore(openSqlite(path(name)));
  stores.push(store);
  return store;
};

/** Runs a query on the file itself. */
function ask<T>(question: (db: DatabaseSync) => T, name = 'a.db'): T {
  const db = new DatabaseSync(path(name));
  try {
    return question(db);
  } finally {
    db.close();
  }
}

/** Writes stories with these texts into the file itself, the first as the newest, in one
 *  transaction as any program would. */
function write(texts: readonly string[], from = 1): void {
  ask((db) => {
    db.exec('PRAGMA foreign_keys = OFF; BEGIN');
    const statements = [
      `insert into entry (no, source_id, identity, key, link_post, position, content_hash, first_seen_at, dated_at, pending) values (?1, 'a', ?1, ?1, 0, 0, '', 0, 0, 0)`,
      `insert into story (no, id, key, lead_no, updated, first_seen_at, dated_at, footer, settled_at, dirty) values (?1, ?1, ?1, ?1, 0, 0, 0, '[]', 0, 0)`,
      `insert into story_entry (entry_no, story_no, label, score, why, rules, joined_at) values (?1, ?1, 'different', 0, '[]', 'x', 0)`,
      `insert into listing (slug, story_no, kind, seq, at, updated, accounted_for, logged_at, recalled) values ('all', ?1, 'new', ?1, -?1, 0, 0, 0, 0)`,
    ].map((text) => db.prepare(text));
    const revision = db.prepare(
      `insert into revision (entry_no, n, kind, title, text, hash, seen_at, authors, categories, enclosures) values (?, 1, 'first', ?, ?, '', 0, '[]', '[]', '[]')`,
    );
    for (const [index, text] of texts.entries()) {
      for (const statement of statements) statement.run(from + index);
      revision.run(from + index, `t${from + index}`, text);
    }
    db.exec(
      `insert or ignore into source (id, kind, address, named, active, created_at, settings) values ('a', 'feed', 'x', 1, 1, 0, '{}'); COMMIT`,
    );
  });
}

const search = async (store: Store, word: string) => {
  const { headlines, isCut } = await store.readHeadlines({ slugs: ['all'], sources: null, words: [word], offset: 0, limit: 50 });
  return { found: headlines.map(({ title }) => title), isCut };
};
const waiting = (name?: string) => ask((db) => db.prepare('select count(*) as n from search_waiting').get()?.['n'], name);
/** Returns the entries in the index under three characters. */
const indexed = (piece: string, name?: string) =>
  ask(
    (db) =>
      db
        .prepare('select rowid as no from entry_search where entry_search match ?')
        .all(piece)
        .map(({ no }) => no),
    name,
  );

test('new texts wait to be indexed, also after the process was killed, and are found meanwhile', async () => {
  const store = await open();
  write(['the harbour', 'the council']);
  expect([waiting(), indexed('arb')]).toEqual([2, []]);
  expect(await search(store, 'harbour')).toEqual({ found: ['t1'], isCut: false });
  // A killed process leaves the texts waiting; the next process finds them.
  const other = await open();
  expect(await other.indexWords()).toBe(false);
  expect([waiting(), indexed('arb')]).toEqual([0, [1]]);
  expect(await search(store, 'harbour')).toEqual({ found: ['t1'], isCut: false });
});

test('a transaction that is rolled back leaves no text to index', async () => {
  const store = await open();
  write(['the harbour']);
  await store.indexWords();
  ask((db) => {
    db.exec(`BEGIN; insert into revision (entry_no, n, kind, title, text, hash, seen_at, authors, categories, enclosures)
      values (1, 2, 'edit', 't1', 'the council', '', 0, '[]', '[]', '[]'); ROLLBACK`);
  });
  expect(waiting()).toBe(0);
  expect(await search(store, 'council')).toEqual({ found: [], isCut: false });
});

test('many texts are indexed in several steps, and a changed text is removed from the index', async () => {
  const store = await open();
  write(Array.from({ length: 2001 }, () => 'the harbour'));
  expect(await store.indexWords()).toBe(true);
  expect(waiting()).toBe(1);
  expect(await store.indexWords()).toBe(false);
  expect(indexed('arb')).toHaveLength(2001);
  ask((db) => {
    db.exec(`insert into revision (entry_no, n, kind, title, text, hash, seen_at, authors, categories, enclosures)
      select entry_no, 2, 'edit', title, 'the council', '', 0, '[]', '[]', '[]' from revision where entry_no <= 1000`);
  });
  await store.indexWords();
  expect([indexed('arb').length, indexed('cil').length]).toEqual([1001, 1000]);
});

test('copies give the same results, also of a vacuumed file', async () => {
  const store = await open();
  write(['of no use', 'the harbour', '北京', 'that waits']);
  await store.indexWords();
  ask((db) =>
    db.exec(
      'delete from listing where story_no = 1; delete from revision where entry_no = 1; delete from story_entry where entry_no = 1; VACUUM',
    ),
  );
  write(['and waits'], 9);
  await store.backup(path('b.db'));
  ask((db) => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  cpSync(path('a.db'), path('c.db'));
  for (const name of ['a.db', 'b.db', 'c.db']) {
    const copy = await open(name);
    for (const [word, found] of [
      ['harbour', ['t2']],
      ['北京', ['t3']],
      ['waits', ['t4', 't9']],
    ] as const)
      expect([name, await search(copy, word)]).toEqual([name, { found, isCut: false }]);
    await copy.indexWords();
    expect([waiting(name), indexed('arb', name), indexed('wai', name)]).toEqual([0, [2], [4, 9]]);
  }
});

test('a run indexes the texts that it has stored', async () => {
  await using bench = await openWorkbench(() => openSqlite(path('a.db')));
  const source = bench.write('a.xml', rss('https://a.test/', [['A title of five words', 'https://a.test/1', 'The harbour.']]));
  await bench.run([declare('file', source)]);
  expect([waiting(), indexed('arb')]).toEqual([0, [1]]);
  expect(await search(bench.store, 'harbour')).toEqual({ found: ['A title of five words'], isCut: false });
});

test('a store from before there was a search can be searched at once, and its next run indexes it', async () => {
  const db = new Kysely<unknown>({ dialect: openSqlite(path('a.db')).dialect });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations('sqlite') } });
  expect((await migrator.migrateTo('0006_pages')).error).toBeUndefined();
  await db.destroy();
  write(['the harbour', 'the council']);
  const store = await open();
  expect(waiting()).toBe(2);
  expect(await search(store, 'harbour')).toEqual({ found: ['t1'], isCut: false });
  await store.indexWords();
  expect([waiting(), indexed('arb')]).toEqual([0, [1]]);
});

test('a search ends after twenty thousand stories and reports that it was cut', async () => {
  const store = await open();
  // The texts contain every indexed piece of the word, but not the word.
  write([...Array.from({ length: 19_999 }, () => 'abcdxbcde'), 'abcde']);
  for (const isIndexed of [false, true]) {
    if (isIndexed) while (await store.indexWords());
    expect(await search(store, 'abcde')).toEqual({ found: ['t20000'], isCut: false });
  }
  write(['abcde', 'abcde'], 20_001);
  expect(await search(store, 'abcde')).toEqual({ found: ['t20000'], isCut: true });
  expect(await search(store, 'abcdx')).toMatchObject({ isCut: false });
  while (await store.indexWords());
  expect(await search(store, 'xyz')).toEqual({ found: [], isCut: false });
});
