import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Source } from '../../model/source.ts';
import { fromJson } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';

/** Marks the stories of a source as changed when its tags have changed, because they may belong
 *  to other feeds now. */
export async function noteTags(
  trx: Transaction<Schema>,
  sourceId: string,
  settings: { readonly before: string; readonly after: string },
  at: Date,
): Promise<void> {
  if (tagsOf(settings.before) === tagsOf(settings.after)) return;
  const { n } = await trx.selectFrom('generation').select('n').executeTakeFirstOrThrow();
  await trx
    .insertInto('change')
    .columns(['story_no', 'kind', 'at', 'generation'])
    .expression((eb) =>
      eb
        .selectFrom('story_entry')
        .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
        .select([
          'story_entry.story_no',
          sql.lit('members').as('kind'),
          sql<number>`${sql.lit(at.getTime())}`.as('at'),
          sql<number>`${sql.lit(n + 1)}`.as('generation'),
        ])
        .distinct()
        .where('entry.source_id', '=', sourceId),
    )
    .execute();
}

function tagsOf(settings: string): string {
  return JSON.stringify(fromJson<Pick<Source, 'tags'>>(settings).tags);
}
