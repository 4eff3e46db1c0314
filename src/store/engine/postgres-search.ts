import { sql } from 'kysely';
import type { WordSearch } from './word-search.ts';

/** Time limit of a word search on the server, in milliseconds, because anybody may search.
 *  Without pg_trgm the server reads every text; with it, only for words of fewer than three
 *  characters. After the limit the newest stories are compared instead, and the search may end
 *  early. */
const TIMEOUT_MS = 2000;
/** SQLSTATE of a cancelled statement (PostgreSQL, appendix A). */
const CANCELED = '57014';

/** Word search in PostgreSQL: one pattern for each word. The index of migration 0007 speeds it
 *  up where the server has pg_trgm. The server maintains that index. */
export const patternSearch: WordSearch = {
  async findEntries(db, words, most) {
    const conditions = words.map((word) => sql<boolean>`${searched} ilike ${toPattern(word)}`);
    try {
      // A transaction, because the statement timeout is set for one.
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

  // The server removes the row from its index.
  forget: async () => undefined,
};

/** Must be written exactly as in the index, or the index is not used. */
const searched = sql.raw(`((title || E'\\n' || text) collate newsfold_words)`);

/** Returns the pattern of a folded word anywhere in a text. A sigma matches both small sigmas,
 *  which the server distinguishes. */
function toPattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, String.raw`\$&`).replaceAll('σ', '_')}%`;
}
