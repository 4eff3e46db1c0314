import { sql } from 'kysely';
import type { Backend } from './backend.ts';
import { patternSearch } from './postgres-search.ts';
import { hasNode } from './postgres-lock.ts';
import { connectPostgres, isReadOnly, WAITS_FOR_PIPE } from './postgres-connections.ts';

/** Opens a PostgreSQL database. It must exist, have the encoding UTF8, and be used by Newsfold
 *  alone. Does not connect yet: openStore throws StoreError `store/unusable` when the server
 *  cannot be used.
 *  @throws StoreError `store/unusable` when the URL is invalid. */
export function openPostgres(url: string, options: { readonly mayWrite?: boolean } = {}): Backend {
  const mayWrite = options.mayWrite ?? true;
  return {
    kind: 'postgres',
    ...connectPostgres(url, mayWrite),
    mayWrite,
    // Changes only when something was published, by this process too. PostgreSQL has no cheap
    // counter of the writes to one database. Reads one row by its key, twice a second.
    readMark: async (db) => {
      const { n, at } = await db.selectFrom('generation').select(['n', 'at']).executeTakeFirstOrThrow();
      return `${n} ${at}`;
    },
    hasNode,
    isReadOnly,
    backup: null,
    beginSnapshot: `begin isolation level repeatable read read only; ${WAITS_FOR_PIPE}`,
    waitForPipe: async (trx) => void (await sql.raw(WAITS_FOR_PIPE).execute(trx)),
    resumeNumbers: async (trx, table, column) => {
      const next = sql`coalesce(max(${sql.ref(column)}), 0) + 1`;
      await sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${next}, false) from ${sql.table(table)}`.execute(trx);
    },
    checkWhole: () => undefined,
    search: patternSearch,
    numbers: (json) => sql`(select value::integer as no from json_array_elements_text(${json}::json))`,
    // Classes 22 (data exception) and 23 (integrity constraint violation) of PostgreSQL, appendix
    // A.
    isBadRow: (error) => error instanceof Error && 'code' in error && /^2[23]...$/.test(String(error.code)),
  };
}
