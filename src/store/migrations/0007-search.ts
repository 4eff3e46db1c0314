import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Ways to entries by day, and to entries by the words in them. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function search(db: Kysely<any>, kind: 'sqlite' | 'postgres'): Promise<void> {
  // All that is asked of it is in it, so that what is counted is never looked up.
  await db.schema.createIndex('entry_day').on('entry').columns(['dated_at', 'source_id', 'deleted_at', 'hidden_at']).execute();
  // The kind is in it too, and so is the story, by which listings are known: a list is passed over
  // in it alone.
  await db.schema.dropIndex('listing_at').execute();
  await db.schema.createIndex('listing_order').on('listing').columns(['slug', 'at', 'kind']).execute();
  await db.schema
    .createIndex('listing_gone')
    .on('listing')
    .columns(['slug', 'logged_at', 'seq'])
    .where(sql<boolean>`kind = 'gone'`)
    .execute();
  // The few that lists leave out.
  await db.schema
    .createIndex('story_unshown')
    .on('story')
    .column('no')
    .where(sql<boolean>`settled_at is null or withdrawn_at is not null or hidden_at is not null or dirty > 0`)
    .execute();
  await (kind === 'sqlite' ? addTrigrams(db) : addPatterns(db));
}

/** What stands in store/trigram-search.ts. Case is folded by us: SQLite's tables are those of an
 *  old Unicode, and what is compared in the end must be what was indexed. detail=none: where in a
 *  text something stands is seen in the text. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
async function addTrigrams(db: Kysely<any>): Promise<void> {
  const statements = [
    `create virtual table entry_search using fts5(words, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1, detail = none)`,
    // Bytes that are gathered before a piece of the index is written; eight times the default,
    // which leaves many more pieces to merge.
    `insert into entry_search (entry_search, rank) values ('hashsize', ${8 << 20})`,
    'create virtual table search_term using fts5vocab(entry_search, row)',
    'create table search_waiting (entry_no integer primary key)',
    'insert into search_waiting select no from entry',
    // Whatever writes a version, import included, has it indexed.
    `create trigger search_revised after insert on revision
       begin insert or ignore into search_waiting values (new.entry_no); end`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** What stands in store/pattern-search.ts. pg_trgm comes with the server, but a hosted one may not
 *  have it or not allow it: then there is no index, and words are found all the same. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
async function addPatterns(db: Kysely<any>): Promise<void> {
  // Columns are compared by bytes, and the database may be of any language: a name of our own for
  // one in which É is a capital é. The first came with PostgreSQL 17, the second is that of most
  // builds, the last knows ASCII only and is always there.
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

/** Whether the server does it; a refusal leaves the migration's transaction as it was. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
async function isDone(db: Kysely<any>, statement: string): Promise<boolean> {
  await sql`savepoint attempt`.execute(db);
  try {
    await sql.raw(statement).execute(db);
  } catch (error) {
    // An SQLSTATE is about the statement; all else is about the server itself.
    if (!(error instanceof Error) || !('code' in error) || !/^[0-9A-Z]{5}$/.test(String(error.code))) throw error;
    await sql`rollback to savepoint attempt`.execute(db);
    return false;
  }
  await sql`release savepoint attempt`.execute(db);
  return true;
}
