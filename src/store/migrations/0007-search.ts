import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Adds indexes of entries by day and by word. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function search(db: Kysely<any>, kind: 'sqlite' | 'postgres'): Promise<void> {
  // The index has every column of the query, so that counting reads no row.
  await db.schema.createIndex('entry_day').on('entry').columns(['dated_at', 'source_id', 'deleted_at', 'hidden_at']).execute();
  // The index has the kind, and the story, which identifies a listing, so that skipping part of a
  // list reads only the index.
  await db.schema.dropIndex('listing_at').execute();
  await db.schema.createIndex('listing_order').on('listing').columns(['slug', 'at', 'kind']).execute();
  await db.schema
    .createIndex('listing_gone')
    .on('listing')
    .columns(['slug', 'logged_at', 'seq'])
    .where(sql<boolean>`kind = 'gone'`)
    .execute();
  // The few stories that lists leave out.
  await db.schema
    .createIndex('story_unshown')
    .on('story')
    .column('no')
    .where(sql<boolean>`settled_at is null or withdrawn_at is not null or hidden_at is not null or dirty > 0`)
    .execute();
  await (kind === 'sqlite' ? addTrigrams(db) : addPatterns(db));
}

/** The index of engine/sqlite-search.ts. Newsfold folds case itself, because SQLite's tables are
 *  from an old Unicode version and the final comparison must match the index. detail=none: the
 *  position of a word is found in the text itself. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
async function addTrigrams(db: Kysely<any>): Promise<void> {
  const statements = [
    `create virtual table entry_search using fts5(words, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1, detail = none)`,
    // Bytes that are gathered before an index piece is written: eight times the default, which
    // leaves many more pieces to merge.
    `insert into entry_search (entry_search, rank) values ('hashsize', ${8 << 20})`,
    'create virtual table search_term using fts5vocab(entry_search, row)',
    'create table search_waiting (entry_no integer primary key)',
    'insert into search_waiting select no from entry',
    // Every stored version is indexed, imported ones too.
    `create trigger search_revised after insert on revision
       begin insert or ignore into search_waiting values (new.entry_no); end`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** The index of engine/postgres-search.ts. pg_trgm comes with the server, but a hosted server
 *  may lack or forbid it. Then there is no index, and the search works without. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
async function addPatterns(db: Kysely<any>): Promise<void> {
  // Columns are compared by bytes and the database may have any locale, so this adds a collation in
  // which É is the capital of é. The first choice came with PostgreSQL 17, most builds have the
  // second. The last knows ASCII only and always exists.
  const collations = ["provider = builtin, locale = 'C.UTF-8'", "provider = icu, locale = 'und'", "locale = 'C.UTF-8'", "locale = 'C'"];
  for (const collation of collations) if (await isDone(db, `create collation newsfold_words (${collation})`)) break;
  await isDone(db, 'create extension if not exists pg_trgm');
  const { rows } = await sql<{ schema: string }>`select quote_ident(nspname) as schema from pg_extension
    join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm'`.execute(db);
  const [extension] = rows;
  if (!extension) return;
  await isDone(
    db,
    `create index revision_words on revision using gin (((title || E'\\n' || text) collate newsfold_words) ${extension.schema}.gin_trgm_ops)`,
  );
}

/** Reports whether the server executes the statement. A refusal leaves the migration's
 *  transaction unchanged. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
async function isDone(db: Kysely<any>, statement: string): Promise<boolean> {
  await sql`savepoint attempt`.execute(db);
  try {
    await sql.raw(statement).execute(db);
  } catch (error) {
    // An SQLSTATE concerns the statement; any other error concerns the server.
    if (!(error instanceof Error) || !('code' in error) || !/^[0-9A-Z]{5}$/.test(String(error.code))) throw error;
    await sql`rollback to savepoint attempt`.execute(db);
    return false;
  }
  await sql`release savepoint attempt`.execute(db);
  return true;
}
