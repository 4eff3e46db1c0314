import { sql } from 'kysely';
import type { WordSearch } from './word-search.ts';

/** Milliseconds that a server may take to find entries by words, for anybody may ask: without
 *  pg_trgm it looks through every text, and with it through all for words of less than three
 *  characters. Then the newest stories are looked through instead, and the search may end early. */
const TIMEOUT_MS = 2000;
/** SQLSTATE of a statement that was told to stop (PostgreSQL, appendix A). */
const CANCELED = '57014';

/** Words in PostgreSQL: a pattern for each, which the index of migration 0007 narrows where the
 *  server has pg_trgm. The server keeps that index itself. */
export const patternSearch: WordSearch = {
  async findEntries(db, words, most) {
    const conditions = words.map((word) => sql<boolean>`${searched} ilike ${toPattern(word)}`);
    try {
      // A transaction, since the time that a statement may take is said for one.
      return await db
        .transaction()
        .setAccessMode('read only')
        .execute(async (trx) => {
          await sql.raw(`set local statement_timeout = ${TIMEOUT_MS}`).execute(trx);
          const query = sql<{ no: number }>`select distinct entry_no as no from revision where ${sql.join(conditions, sql` and `)}`;
          const { rows } = await sql<{ no: number }>`select no from (${query} limit ${most + 1}) as found`.execute(trx);
          return rows.length > most ? null : rows.map(({ no }) => no);
        });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === CANCELED) return null;
      throw error;
    }
  },

  index: async () => false,

  // The server takes a row out of its index itself.
  forget: async () => undefined,
};

/** Must be written as in the index, which would not be used otherwise. */
const searched = sql.raw(`((title || E'\\n' || text) collate newsfold_words)`);

/** A folded word anywhere in a text. A sigma is both small ones, which the server tells apart. */
function toPattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, String.raw`\$&`).replaceAll('σ', '_')}%`;
}
