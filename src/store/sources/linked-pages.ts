import type { Kysely } from 'kysely';
import { sha256Hex } from '../../model/values/hash.ts';
import type { PageReads, PageWrites, RobotsReads, RobotsWrites } from '../../ports/store/sources.ts';
import { inPieces, toStorable, toStorableOrNull } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the pages that entries link to, and robots.txt of sites. */
export function pageReads(db: Reader): PageReads & RobotsReads {
  return {
    async readPages(urls) {
      const byKey = new Map(urls.map((url) => [toPageKey(url), url]));
      const rows = [];
      for (const piece of inPieces([...byKey.keys()]))
        rows.push(...(await db.selectFrom('page').selectAll().where('key', 'in', piece).execute()));
      return new Map(
        rows.map((row) => {
          const url = byKey.get(row.key) ?? row.url;
          const problem = row.problem_code === null ? null : { code: row.problem_code, message: row.problem_message ?? '' };
          const { asked_for: askedFor, attempts, html } = row;
          return [url, { url, askedFor, askedAt: new Date(row.asked_at), attempts, html, problem }];
        }),
      );
    },

    async readRobots(origin) {
      const row = await db.selectFrom('robots').selectAll().where('origin', '=', toStorable(origin)).executeTakeFirst();
      return row === undefined ? null : { rules: row.rules, askedAt: new Date(row.asked_at) };
    },
  };
}

/** Writes the pages that entries link to, and robots.txt of sites. */
export function pageWrites(db: Kysely<Schema>): PageWrites & RobotsWrites {
  return {
    async savePage({ url, askedFor, askedAt, attempts, html, problem }) {
      const key = toPageKey(url);
      const row = {
        url: toStorable(url),
        asked_for: askedFor,
        asked_at: askedAt.getTime(),
        attempts,
        html: toStorableOrNull(html),
        problem_code: problem?.code ?? null,
        problem_message: toStorableOrNull(problem?.message ?? null),
      };
      await db
        .insertInto('page')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
    },

    async saveRobots(origin, { rules, askedAt }) {
      const row = { rules: toStorableOrNull(rules), asked_at: askedAt.getTime() };
      await db
        .insertInto('robots')
        .values({ origin: toStorable(origin), ...row })
        .onConflict((conflict) => conflict.column('origin').doUpdateSet(row))
        .execute();
    },
  };
}

/** Returns the SHA-256 of a URL in hexadecimal, because a URL may be longer than an index entry. */
export function toPageKey(url: string): string {
  return sha256Hex(toStorable(url));
}
