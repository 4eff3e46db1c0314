import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';
import { nameKey } from '../sql/names.ts';

/** Adds tables of items that are set aside and of sources that a run is processing. Gives
 *  entries that share a key one of their own. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function setAside(db: Kysely<any>, { text }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  const ofSource: Build = (column) => column.notNull().references('source.id').onUpdate('cascade').onDelete('cascade');
  await db.schema
    .createTable('set_aside')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('source_id', text, ofSource)
    .addColumn('what', text, required)
    .addColumn('name', text, required)
    .addColumn('no', 'integer')
    .addColumn('stage', text, required)
    .addColumn('reason', text, required)
    .addColumn('message', text, required)
    .addColumn('mark', text)
    .addColumn('version', text, required)
    .addColumn('at', 'bigint', required)
    .addColumn('tries', 'integer', required)
    .addColumn('is_open', 'integer', required)
    .execute();
  await db.schema.createIndex('set_aside_no').on('set_aside').columns(['no', 'what']).execute();
  await db.schema.createIndex('set_aside_source').on('set_aside').column('source_id').execute();
  await db.schema
    .createTable('in_hand')
    .addColumn('source_id', text, ofSource)
    .addColumn('stage', text, required)
    .addColumn('mark', text)
    .addColumn('at', 'bigint', required)
    .addColumn('is_held', 'integer', required)
    .addColumn('deaths', 'integer', required)
    .addPrimaryKeyConstraint('in_hand_key', ['source_id', 'stage'])
    .execute();
  await renameKeys(db);
}

/** In 0.1.0 an entry that got another entry's former identity also got its key. */
/* oxlint-disable-next-line typescript/no-explicit-any -- as above */
async function renameKeys(db: Kysely<any>): Promise<void> {
  const doubled = await db
    .selectFrom('entry')
    .select('key')
    .groupBy('key')
    .having((eb) => eb.fn.countAll(), '>', 1)
    .execute();
  for (const { key } of doubled) {
    const [, ...later] = await db
      .selectFrom('entry')
      .select(['no', 'source_id', 'identity'])
      .where('key', '=', key)
      .orderBy('no')
      .execute();
    for (const { no, source_id, identity } of later)
      await db
        .updateTable('entry')
        .set({ key: nameKey(`${source_id}\n${identity}\n${no}`).slice(0, 12) })
        .where('no', '=', no)
        .execute();
  }
}
