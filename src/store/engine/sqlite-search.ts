import { CompiledQuery, sql } from 'kysely';
import type { Transaction } from 'kysely';
import { newestRevisions } from '../sql/members.ts';
import { inPieces } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import { toSearched } from './word-search.ts';
import type { WordSearch } from './word-search.ts';
import type { Reader } from './reader.ts';

/** Entries that are indexed in one transaction. The more, the fewer pieces of the index are merged
 *  later, and the longer others wait to write: this many texts of two kilobytes take a quarter of a
 *  second. */
const INDEXED_AT_ONCE = 2000;
/** Texts that are in memory at once: one may have many megabytes. */
const TEXTS_AT_ONCE = 50;
/** Words of one search that are looked up, and pieces of one word: enough to leave few entries, and
 *  a question that is not as long as the longest word. What is found is compared with the whole
 *  words anyway. */
const MOST_WORDS = 8;
const MOST_PIECES = 16;
/** Pieces of three characters that begin with a short word: more of them are slower to look up than
 *  to pass over. */
const MOST_ENDINGS = 1000;

/** Words in SQLite: FTS5 with every three characters in a row that a text has, by the number of the
 *  entry, and nothing else (migration 0007). Entries whose newest version is not in it yet wait in
 *  a list that a trigger fills, in the transaction of the version itself; they count as found, so
 *  that a search is right whenever it comes, and a process may be killed whenever it likes. */
export const trigramSearch: WordSearch = {
  async findEntries(db, words, most) {
    const conditions: string[] = [];
    for (const word of words.slice(0, MOST_WORDS)) {
      const condition = await toCondition(db, word, most);
      if (condition !== null) conditions.push(condition);
    }
    if (conditions.length === 0) return null;
    const waiting = await sql<{ no: number }>`select entry_no as no from search_waiting limit ${most + 1}`.execute(db);
    if (waiting.rows.length > most) return null;
    const isNowhere = conditions.includes('');
    const found = isNowhere ? [] : await match(db, conditions.map((condition) => `(${condition})`).join(' AND '), most);
    if (found === null) return null;
    const entries = new Set([...waiting.rows, ...found].map(({ no }) => no));
    return entries.size > most ? null : [...entries];
  },

  index: (db) => db.transaction().execute(indexSome),

  async forget(trx, entries) {
    for (const piece of inPieces(entries)) {
      await sql`delete from search_waiting where entry_no in (${sql.join(piece)})`.execute(trx);
      await sql`delete from entry_search where rowid in (${sql.join(piece)})`.execute(trx);
    }
  },
};

/** The numbers of the entries that answer a question; null when they are more than `most`. Counted
 *  first: that takes a fifth of the time. */
async function match(db: Reader, query: string, most: number): Promise<readonly { readonly no: number }[] | null> {
  const found = sql`select rowid as no from entry_search where entry_search match ${query}`;
  const counted = await sql<{ n: number }>`select count(*) as n from (${found} limit ${most + 1})`.execute(db);
  return (counted.rows[0]?.n ?? 0) > most ? null : (await sql<{ no: number }>`${found}`.execute(db)).rows;
}

/** A word as a question to FTS5; empty when no text has it, null when that does not narrow
 *  enough. */
async function toCondition(db: Reader, word: string, most: number): Promise<string | null> {
  const characters = Array.from(word);
  const pieces = [...new Set(characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`))];
  if (pieces.length > 0) {
    const step = Math.max(1, pieces.length / MOST_PIECES);
    return Array.from({ length: Math.min(pieces.length, MOST_PIECES) }, (_, index) => quote(pieces[Math.floor(index * step)] ?? '')).join(
      ' AND ',
    );
  }
  // Of one or two characters: whatever three begin with them. Texts are indexed with two spaces at
  // their end, so that each character begins some.
  const { rows } = await sql<{ term: string; doc: number }>`select term, doc from search_term
    where term >= ${word} and term <= ${`${word}\u{10FFFF}`} limit ${MOST_ENDINGS + 1}`.execute(db);
  // Counted again in every ending that a text has, so ten times what may be found is not yet too
  // much.
  if (rows.length > MOST_ENDINGS || rows.reduce((sum, { doc }) => sum + doc, 0) > 10 * most) return null;
  return rows.map(({ term }) => quote(term)).join(' OR ');
}

/** A string of FTS5 (sqlite.org/fts5.html §3.1): nothing in it means anything but itself. */
function quote(piece: string): string {
  return `"${piece.replaceAll('"', '""')}"`;
}

/** Indexes entries that wait for it; whether there may be more. */
async function indexSome(trx: Transaction<Schema>): Promise<boolean> {
  const { rows } = await sql<{ no: number }>`select entry_no as no from search_waiting order by entry_no limit ${INDEXED_AT_ONCE}`.execute(
    trx,
  );
  for (const piece of inPieces(rows, TEXTS_AT_ONCE)) {
    const numbers = piece.map(({ no }) => no);
    const texts = await newestRevisions(trx, numbers).select(['r.entry_no', 'r.title', 'r.text']).execute();
    for (const row of texts) await trx.executeQuery(CompiledQuery.raw(INDEX, [row.entry_no, `${toSearched(row)}  `]));
  }
  const last = rows.at(-1)?.no ?? 0;
  await sql`delete from search_waiting where entry_no <= ${last}`.execute(trx);
  return rows.length === INDEXED_AT_ONCE;
}

/** In place of what was indexed of the entry before. */
const INDEX = 'insert or replace into entry_search (rowid, words) values (?, ?)';
