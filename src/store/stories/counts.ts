import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { DayCount } from '../../model/headline.ts';
import type { CountReads } from '../../ports/store/counts.ts';
import { SHOWN } from '../feeds/listings.ts';
import { toDate } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Counts entries and stories for monitoring pages and alerts. */
export function countReads(db: Reader): CountReads {
  return {
    async countEntriesByDay(from) {
      const rows = await db
        .selectFrom('entry')
        .select(({ fn }) => ['source_id', dayOf('dated_at').as('day'), fn.countAll<number>().as('count')])
        .where('deleted_at', 'is', null)
        .where('hidden_at', 'is', null)
        .where('dated_at', '>=', from.getTime())
        .groupBy(['source_id', 'day'])
        .orderBy('day')
        .execute();
      const counts = new Map<string, DayCount[]>();
      for (const { source_id, day, count } of rows) {
        const days = counts.get(source_id) ?? [];
        counts.set(source_id, days);
        days.push({ day, count });
      }
      return counts;
    },

    async countFeed(slug, { from, lostSince }) {
      const listings = db.selectFrom('listing').where('slug', '=', slug);
      const standing = listings.where('kind', 'in', SHOWN);
      const count = db.fn.countAll<number>().as('count');
      const days = await standing
        .select([dayOf('at').as('day'), count])
        .where('at', '>=', from.getTime())
        .groupBy('day')
        .orderBy('day')
        .execute();
      const all = await standing.select(count).executeTakeFirstOrThrow();
      const lost = await listings
        .select(count)
        // Written as a literal: SQLite uses the partial index only when the query has its condition
        // literally.
        .where(sql<boolean>`kind = 'gone'`)
        .where('seq', '>', 0)
        .where('logged_at', '>=', lostSince.getTime())
        // A story that left because of changed rules has 0 here (model/listing.ts).
        .where('accounted_for', '>', 0)
        .executeTakeFirstOrThrow();
      const newestInHistory = await standing.select('logged_at').where('seq', '>', 0).orderBy('seq', 'desc').limit(1).executeTakeFirst();
      const newest = await standing.select('at').orderBy('at', 'desc').limit(1).executeTakeFirst();
      return {
        days,
        standing: all.count,
        newestAt: toDate(newest?.at ?? null),
        lost: lost.count,
        toldAt: toDate(newestInHistory?.logged_at ?? null),
      };
    },

    async countStories() {
      const stories = db.selectFrom('story').select(db.fn.countAll<number>().as('count'));
      const all = await stories.executeTakeFirstOrThrow();
      // Few rows, in an index of their own; its condition is repeated literally so that SQLite uses
      // it. Rows that only wait for a new choice of lead are shown and not subtracted.
      const unshown = await stories
        .where(sql<boolean>`(settled_at is null or withdrawn_at is not null or hidden_at is not null or dirty > 0)`)
        .where(sql<boolean>`(settled_at is null or withdrawn_at is not null or hidden_at is not null)`)
        .executeTakeFirstOrThrow();
      return all.count - unshown.count;
    },
  };
}

/** Returns an instant column as whole days since 1970-01-01, also before that date: both stores
 *  divide towards zero. */
function dayOf(column: string): RawBuilder<number> {
  const instant = sql.ref(column);
  return sql`(${instant} - ((${instant} % 86400000) + 86400000) % 86400000) / 86400000`;
}
