import { CompiledQuery, sql } from 'kysely';
import type { Transaction } from 'kysely';
import { newestRevisions } from '../sql/members.ts';
import { inPieces } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import { toSearched } from './word-search.ts';
import type { WordSearch } from './word-search.ts';
import type { Reader } from './reader.ts';

/** Entries that are indexed in one transaction. More would leave fewer index pieces to merge but
 *  block other writers for longer. This many texts of two kilobytes take a quarter of a second. */
const INDEXED_AT_ONCE = 2000;
/** Texts that are in memory at once; one may have many megabytes. */
const TEXTS_AT_ONCE = 50;
/** Most words of one search that are looked up, and most pieces of one word. These narrow the
 *  result enough and keep the query short. Found texts are compared with the complete words
 *  anyway. */
const MOST_WORDS = 8;
const MOST_PIECES = 16;
/** Most three-character pieces that begin with a short word. Looking up more is slower than
 *  skipping the index. */
const MOST_ENDINGS = 1000;

/** Word search in SQLite: an FTS5 index of every three successive characters in a text, by entry
 *  number (migration 0007). A trigger lists each new version as waiting, in the transaction that
 *  stores it. Waiting entries count as found, so a search is complete at any time, also after a
 *  crash. */
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

/** Returns the numbers of the entries that match a query; null when there are more than `most`.
 *  Counting first takes a fifth of the time. */
async function match(db: Reader, query: string, most: number): Promise<readonly { readonly no: number }[] | null> {
  const found = sql`select rowid as no from entry_search where entry_search match ${query}`;
  const counted = await sql<{ n: number }>`select count(*) as n from (${found} limit ${most + 1})`.execute(db);
  return (counted.rows[0]?.n ?? 0) > most ? null : (await sql<{ no: number }>`${found}`.execute(db)).rows;
}

/** Returns a word as FTS5 query; empty when no text has it, null when the query would not narrow
 *  the result enough. */
async function toCondition(db: Reader, word: string, most: number): Promise<string | null> {
  const characters = Array.from(word);
  const pieces = [...new Set(characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`))];
  if (pieces.length > 0) {
    const step = Math.max(1, pieces.length / MOST_PIECES);
    return Array.from({ length: Math.min(pieces.length, MOST_PIECES) }, (_, index) => quote(pieces[Math.floor(index * step)] ?? '')).join(
      ' AND ',
    );
  }
  // A word of one or two characters: look up every piece of three that begins with it. Texts are
  // indexed with two spaces at the end, so that every character begins such a piece.
  const { rows } = await sql<{ term: string; doc: number }>`select term, doc from search_term
    where term >= ${word} and term <= ${`${word}\u{10FFFF}`} limit ${MOST_ENDINGS + 1}`.execute(db);
  // A text is counted once for each piece that it has, so up to ten times `most` is allowed.
  if (rows.length > MOST_ENDINGS || rows.reduce((sum, { doc }) => sum + doc, 0) > 10 * most) return null;
  return rows.map(({ term }) => quote(term)).join(' OR ');
}

/** Returns an FTS5 string (sqlite.org/fts5.html §3.1), in which no character has a special
 *  meaning. */
function quote(piece: string): string {
  return `"${piece.replaceAll('"', '""')}"`;
}

/** Indexes waiting entries. Reports whether there may be more. */
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

/** Replaces the former index row of the entry. */
const INDEX = 'insert or replace into entry_search (rowid, words) values (?, ?)';
