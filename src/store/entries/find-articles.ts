import { sql } from 'kysely';
import type { FindReads, SeenEntry, SoughtArticle } from '../../ports/store/find-articles.ts';
import { fromJson, toDate, toStorable } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Finds an article in the store. A title search reads all stored titles: it serves the owner,
 *  not visitors. */
export function findReads(db: Reader): FindReads {
  const entries = () =>
    db
      .selectFrom('entry')
      .innerJoin('revision', (join) =>
        join.onRef('revision.entry_no', '=', 'entry.no').on('revision.n', '=', (of) =>
          of
            .selectFrom('revision as r')
            .whereRef('r.entry_no', '=', 'entry.no')
            .select(({ fn }) => fn.max('r.n').as('n')),
        ),
      )
      .leftJoin('story_entry', 'story_entry.entry_no', 'entry.no')
      .select(['entry.no', 'entry.key', 'entry.source_id', 'entry.identity', 'entry.url', 'entry.first_seen_at', 'entry.deleted_at'])
      .select(['revision.title', 'story_entry.story_no'])
      .orderBy('entry.dated_at', 'desc')
      .orderBy('entry.no');
  return {
    async findEntries({ text, urlKey, words }, limit) {
      const name = toStorable(text);
      const story = db
        .selectFrom('story')
        .select('no')
        .where((is) => is.or([is('key', '=', name), is('id', '=', name)]));
      const rows = await entries()
        .where((is) =>
          is.or([
            is('entry.key', '=', name),
            is('entry.url', '=', name),
            is('entry.guid', '=', name),
            is('story_entry.story_no', 'in', story),
            ...(urlKey === null ? [] : [is('entry.url_key', '=', urlKey)]),
            ...(words.length === 0 ? [] : [hasPart('revision.title', name)]),
          ]),
        )
        .limit(limit)
        .execute();
      return rows.map(toSeen);
    },

    async findNearest(words, limit) {
      if (words.length === 0) return [];
      const count = sql<number>`${sql.join(
        words.map((word) => sql`(case when ${hasPart('revision.title', toStorable(word))} then 1 else 0 end)`),
        sql` + `,
      )}`;
      const rows = await entries()
        .where((is) => is.or(words.map((word) => hasPart('revision.title', toStorable(word)))))
        .clearOrderBy()
        .orderBy(count, 'desc')
        .orderBy('entry.dated_at', 'desc')
        .orderBy('entry.no')
        .limit(limit)
        .execute();
      return rows.map(toSeen);
    },

    async findPruned({ text, urlKey, words }: SoughtArticle, limit) {
      const name = toStorable(text);
      const rows = await db
        .selectFrom('pruned')
        .select(['source_id', 'identity', 'title', 'pruned_at'])
        .where((is) =>
          is.or([
            is('identity', '=', name),
            ...(urlKey === null ? [] : [is('url_key', '=', urlKey)]),
            ...(words.length === 0 ? [] : [hasPart('title', name)]),
          ]),
        )
        .orderBy('pruned_at', 'desc')
        .orderBy('identity')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ sourceId: row.source_id, identity: row.identity, title: row.title, prunedAt: new Date(row.pruned_at) }));
    },

    async readPastProblems(runs) {
      const rows = await db
        .selectFrom('run')
        .select(['ended_at', 'report'])
        .where('ended_at', 'is not', null)
        .where('report', 'is not', null)
        .orderBy('no', 'desc')
        .limit(runs)
        .execute();
      const seen = new Set<string>();
      return rows.flatMap(({ ended_at, report }) => {
        const { problems = [] } = fromJson<{ problems?: readonly ReportedProblem[] }>(report ?? '{}');
        return problems.flatMap(({ source, entry = null, code, message }) => {
          const name = JSON.stringify([source, entry, code]);
          if (seen.has(name)) return [];
          seen.add(name);
          return [{ at: new Date(ended_at ?? 0), source, entry, code, message }];
        });
      });
    },
  };
}

interface ReportedProblem {
  readonly source: string;
  readonly entry?: string;
  readonly code: string;
  readonly message: string;
}

/** Reports whether a column contains a text, in upper or lower case. SQLite ignores case for
 *  ASCII letters only. */
function hasPart(column: 'revision.title' | 'title', part: string) {
  const pattern = `%${part.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`;
}

interface Row {
  readonly no: number;
  readonly key: string;
  readonly source_id: string;
  readonly identity: string;
  readonly url: string | null;
  readonly title: string;
  readonly first_seen_at: number;
  readonly deleted_at: number | null;
  readonly story_no: number | null;
}

function toSeen(row: Row): SeenEntry {
  return {
    no: row.no,
    key: row.key,
    sourceId: row.source_id,
    identity: row.identity,
    url: row.url,
    title: row.title,
    firstSeenAt: new Date(row.first_seen_at),
    deletedAt: toDate(row.deleted_at),
    storyNo: row.story_no,
  };
}
