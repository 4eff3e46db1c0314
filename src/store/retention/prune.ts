import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { PruneWrites, StoryBundle } from '../../ports/store/retention.ts';
import type { Backend } from '../engine/backend.ts';
import { forgetPrepared } from '../folding/fold-index.ts';
import { toPageKey } from '../sources/linked-pages.ts';
import { inPieces } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';

/** Removes stories; see the port. */
export function pruneWrites(db: Kysely<Schema>, backend: Backend): PruneWrites {
  return {
    pruneStories: (bundles, at) =>
      db.transaction().execute(async (trx) => {
        const stories = bundles.flatMap((bundle) => bundle.stories);
        const entries = bundles.flatMap(({ members }) => members.map(({ no }) => no));
        for (const piece of inPieces(entries)) await saveTraces(trx, piece, at);
        await forgetPrepared(trx, entries);
        await backend.search.forget(trx, entries);
        await forgetPages(trx, entries);
        // An entry that founded another story is removed with that story.
        const founders = await readOrphanedFounders(trx, bundles);
        for (const piece of inPieces(entries)) await trx.deleteFrom('story_entry').where('entry_no', 'in', piece).execute();
        for (const piece of inPieces(stories)) {
          // By both columns of the key: there is no index on the story alone.
          const slugs = trx.selectFrom('feed').select('slug');
          await trx.deleteFrom('listing').where('slug', 'in', slugs).where('story_no', 'in', piece).execute();
          await keepIds(trx, piece, at);
          await trx.deleteFrom('story').where('no', 'in', piece).execute();
        }
        const removed = [...entries, ...founders, ...stories];
        for (const piece of inPieces(removed)) await trx.deleteFrom('set_aside').where('no', 'in', piece).execute();
        for (const piece of inPieces([...entries, ...founders])) await trx.deleteFrom('entry').where('no', 'in', piece).execute();
        return { entries: entries.length, stories: stories.length };
      }),
  };
}

/** Keeps the ids of stories from being used again, because archives may still contain them
 *  (clean-up.ts says for how long). */
async function keepIds(trx: Transaction<Schema>, stories: readonly number[], at: Date): Promise<void> {
  const ids = trx
    .selectFrom('story')
    .where('no', 'in', stories)
    .select(['id', 'key', 'no', sql<number>`cast(${at.getTime()} as bigint)`.as('at'), sql<string>`'pruned'`.as('reason')]);
  await trx
    .insertInto('tombstone')
    .columns(['id', 'key', 'story_no', 'at', 'reason'])
    .expression(ids)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Characters of a title that are kept: more than any headline has. */
const TITLE_KEPT = 300;

/** Stores the fields by which a removed entry is recognised. */
async function saveTraces(trx: Transaction<Schema>, entries: readonly number[], at: Date): Promise<void> {
  const traces = trx
    .selectFrom('entry as e')
    .innerJoin('revision as r', 'r.entry_no', 'e.no')
    .where('e.no', 'in', entries)
    .where('r.n', '=', (outer) =>
      outer
        .selectFrom('revision as m')
        .select((inner) => inner.fn.max('m.n').as('n'))
        .whereRef('m.entry_no', '=', 'e.no'),
    )
    .select([
      'e.source_id',
      'e.identity',
      'e.url_key',
      'e.location',
      sql<string>`substr(r.title, 1, ${sql.lit(TITLE_KEPT)})`.as('title'),
      'r.hash',
      'e.content_hash',
      'r.published',
      sql<number>`cast(${at.getTime()} as bigint)`.as('pruned_at'),
    ]);
  await trx
    .insertInto('pruned')
    .columns(['source_id', 'identity', 'url_key', 'location', 'title', 'hash', 'content_hash', 'published', 'pruned_at'])
    .expression(traces)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function forgetPages(trx: Transaction<Schema>, entries: readonly number[]): Promise<void> {
  for (const piece of inPieces(entries)) {
    const rows = await trx.selectFrom('entry').select('url').where('no', 'in', piece).where('url', 'is not', null).execute();
    const keys = rows.flatMap(({ url }) => (url === null ? [] : toPageKey(url)));
    if (keys.length > 0) await trx.deleteFrom('page').where('key', 'in', keys).execute();
  }
}

/** Returns founders of these stories that no longer belong to any story, so that nothing refers
 *  to them. */
async function readOrphanedFounders(trx: Transaction<Schema>, bundles: readonly StoryBundle[]): Promise<number[]> {
  const members = new Set(bundles.flatMap((bundle) => bundle.members.map(({ no }) => no)));
  const founderNumbers = bundles.flatMap((bundle) => bundle.stories).filter((no) => !members.has(no));
  const orphaned: number[] = [];
  for (const piece of inPieces(founderNumbers)) {
    const rows = await trx
      .selectFrom('entry')
      .leftJoin('story_entry', 'story_entry.entry_no', 'entry.no')
      .select('entry.no')
      .where('entry.no', 'in', piece)
      .where('story_entry.entry_no', 'is', null)
      .where('entry.pending', '=', 0)
      .execute();
    orphaned.push(...rows.map(({ no }) => no));
  }
  return orphaned;
}
