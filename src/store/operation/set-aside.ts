import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { isNewer } from '../../model/set-aside.ts';
import type { FailedItem, SetAsideItem, Stage } from '../../model/set-aside.ts';
import type { SetAsideReads, SetAsideWrites } from '../../ports/store/set-aside.ts';
import { nameKey } from '../sql/names.ts';
import { inPieces, toJsonColumn, toStorable } from '../sql/rows.ts';
import type { Schema, SetAsideRow } from '../schema/schema.ts';
import { readMeta } from '../sql/meta.ts';
import type { Reader } from '../engine/reader.ts';

/** Most items that are read. */
const MOST_READ = 10_000;

/** Reads items that are set aside. */
export function setAsideReads(db: Reader): SetAsideReads {
  return {
    async readNames(kind, numbers) {
      const names = new Map<number, { readonly sourceId: string; readonly name: string }>();
      for (const piece of inPieces(numbers)) {
        const entries = db.selectFrom('entry').where('entry.no', 'in', piece).select(['entry.no', 'entry.source_id']);
        const rows = await (
          kind === 'entry'
            ? entries.select('entry.key as key')
            : entries.innerJoin('story', 'story.no', 'entry.no').select('story.key as key')
        ).execute();
        for (const { no, source_id: sourceId, key: name } of rows) names.set(no, { sourceId, name });
      }
      return names;
    },

    async readSetAside(sources = null) {
      const query = db.selectFrom('set_aside').selectAll().orderBy('at').orderBy('id').limit(MOST_READ);
      if (sources === null) return (await query.execute()).map(toItem);
      const items: SetAsideItem[] = [];
      for (const piece of inPieces(sources)) items.push(...(await query.where('source_id', 'in', piece).execute()).map(toItem));
      return items;
    },

    async countSetAside() {
      const { n } = await db
        .selectFrom('set_aside')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return n;
    },

    countDeaths: async () => Number(await readMeta(db, 'deaths')),
  };
}

/** Writes items that are set aside, and sources that a run is processing. */
export function setAsideWrites(db: Kysely<Schema>): SetAsideWrites {
  return {
    setAside: (items, version, at) =>
      db.transaction().execute(async (trx) => {
        const sources = new Set<string>();
        for (const piece of inPieces([...new Set(items.map(({ sourceId }) => sourceId))]))
          for (const { id } of await trx.selectFrom('source').select('id').where('id', 'in', piece).execute()) sources.add(id);
        for (const item of items) if (sources.has(item.sourceId)) await saveItem(trx, toRow(item, version, at));
      }),

    openSetAside: (version) =>
      db.transaction().execute(async (trx) => {
        const known = await trx.selectFrom('set_aside').select('version').distinct().where('is_open', '=', 0).execute();
        const older = known.flatMap((row) => (version === null || isNewer(version, row.version) ? row.version : []));
        if (older.length > 0) await trx.updateTable('set_aside').set({ is_open: 1 }).where('version', 'in', older).execute();
      }),

    freeSetAside: (stages, of) =>
      db.transaction().execute(async (trx) => {
        const ended = trx.deleteFrom('set_aside').where('stage', 'in', stages);
        if (of === undefined) await ended.where('is_open', '=', 1).execute();
        else
          for (const piece of inPieces(of.names.map(toStorable)))
            await ended.where('source_id', '=', of.sourceId).where('name', 'in', piece).execute();
      }),

    takeInHand: (sources, stage, at, mark) =>
      db.transaction().execute(async (trx) => {
        for (const source_id of sources)
          await trx
            .insertInto('in_hand')
            .values({ source_id, stage, at: at.getTime(), mark: mark ?? null, is_held: 1, deaths: 0 })
            .onConflict((conflict) =>
              conflict.columns(['source_id', 'stage']).doUpdateSet({ at: at.getTime(), mark: mark ?? null, is_held: 1 }),
            )
            .execute();
      }),

    putAway: (sources, stage) =>
      db.transaction().execute(async (trx) => {
        for (const piece of inPieces(sources))
          await trx.deleteFrom('in_hand').where('source_id', 'in', piece).where('stage', '=', stage).execute();
      }),

    readSuspects: () =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable('in_hand')
          .set((eb) => ({ deaths: eb('deaths', '+', 1), is_held: 0 }))
          .where('is_held', '=', 1)
          .execute();
        const rows = await trx
          .selectFrom('in_hand')
          .select(['source_id', 'stage', 'mark', 'deaths'])
          .orderBy('source_id')
          .orderBy('stage')
          .execute();
        return rows.map((row) => ({ sourceId: row.source_id, stage: row.stage, mark: row.mark, deaths: row.deaths }));
      }),

    async noteStopped(no, report) {
      await db
        .updateTable('run')
        .set({ report: toJsonColumn(report) })
        .where('no', '=', no)
        .execute();
    },
  };
}

/** Returns the entries or stories that a stage skips, by number, and the sources that it skips
 *  completely. */
export async function readSkipped(
  db: Reader,
  stage: Stage,
): Promise<{ readonly numbers: readonly number[]; readonly sources: readonly string[] }> {
  const rows = await db
    .selectFrom('set_aside')
    .select(['what', 'no', 'source_id'])
    .where('stage', '=', stage)
    .where('is_open', '=', 0)
    .limit(MOST_READ)
    .execute();
  return {
    numbers: rows.flatMap(({ no }) => no ?? []),
    sources: rows.flatMap(({ what, source_id }) => (what === 'source' ? source_id : [])),
  };
}

/** Counts the latest runs in a row that neither ended nor were stopped; called before a new run
 *  starts. */
export async function countUnended(db: Reader): Promise<number> {
  const runs = await db.selectFrom('run').select(['ended_at', 'report']).orderBy('no', 'desc').limit(MOST_COUNTED).execute();
  const end = runs.findIndex(({ ended_at, report }) => ended_at !== null || report !== null);
  return end < 0 ? runs.length : end;
}

const MOST_COUNTED = 10;

/** Opens entries for another try because their source has revised them, and the stories that
 *  they belong to. */
export async function reopen(trx: Transaction<Schema>, entries: readonly number[]): Promise<void> {
  for (const piece of inPieces(entries)) {
    const stories = trx.selectFrom('story_entry').select('story_no').where('entry_no', 'in', piece);
    const open = trx.updateTable('set_aside').set({ is_open: 1 });
    await open.where('what', '=', 'entry').where('no', 'in', piece).execute();
    await open.where('what', '=', 'story').where('no', 'in', stories).execute();
  }
}

/** Opens stories for another try because their members have changed. */
export async function reopenStories(trx: Transaction<Schema>, stories: readonly number[]): Promise<void> {
  for (const piece of inPieces(stories))
    await trx.updateTable('set_aside').set({ is_open: 1 }).where('what', '=', 'story').where('no', 'in', piece).execute();
}

/** Opens the stories that have entries of a source for another try. */
export async function reopenStoriesOf(trx: Transaction<Schema>, sourceId: string): Promise<void> {
  const stories = trx
    .selectFrom('story_entry')
    .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
    .select('story_entry.story_no')
    .where('entry.source_id', '=', sourceId);
  await trx.updateTable('set_aside').set({ is_open: 1 }).where('what', '=', 'story').where('no', 'in', stories).execute();
}

/** Removes the set-aside items of a source, and its entries that were never folded, because they
 *  would fail again. */
export async function forgetSetAside(trx: Transaction<Schema>, sourceId: string): Promise<void> {
  const numbers = trx
    .selectFrom('set_aside')
    .select('no')
    .where('source_id', '=', sourceId)
    .where('what', '=', 'entry')
    .where('no', 'is not', null)
    .$narrowType<{ no: number }>();
  const isWhole = await trx
    .selectFrom('set_aside')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('what', '=', 'source')
    .where('stage', '=', 'fold')
    .executeTakeFirst();
  const ofSource = trx.selectFrom('entry').select('no').where('source_id', '=', sourceId);
  const waiting = isWhole ? ofSource : ofSource.where('no', 'in', numbers);
  await trx
    .deleteFrom('entry')
    .where('no', 'in', waiting.where('pending', '=', 1))
    .execute();
  await trx
    .updateTable('entry')
    .set({ pending: 0 })
    .where('no', 'in', waiting.where('pending', '=', 2))
    .execute();
  await trx.deleteFrom('set_aside').where('source_id', '=', sourceId).execute();
  await trx.deleteFrom('in_hand').where('source_id', '=', sourceId).execute();
}

async function saveItem(trx: Transaction<Schema>, row: Insertable<SetAsideRow>): Promise<void> {
  const { id: _id, tries: _tries, ...set } = row;
  await trx
    .insertInto('set_aside')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ ...set, tries: eb('set_aside.tries', '+', 1) })))
    .execute();
}

/** Most characters of a message, of which only the first line is kept; short enough for a
 *  report. */
const MESSAGE_LENGTH = 500;

function toRow({ what, sourceId, name, no, stage, reason, message, mark }: FailedItem, version: string, at: Date): Insertable<SetAsideRow> {
  const stored = toStorable(name);
  return {
    id: nameKey([what, stage, sourceId, stored].join('\n')).slice(0, 26),
    source_id: sourceId,
    what,
    name: stored,
    no,
    stage,
    reason,
    message: toStorable(message.split('\n', 1)[0] ?? '').slice(0, MESSAGE_LENGTH),
    mark,
    version,
    at: at.getTime(),
    tries: 1,
    is_open: 0,
  };
}

function toItem(row: Selectable<SetAsideRow>): SetAsideItem {
  const { name, no, message, mark, version, tries } = row;
  return {
    what: row.what,
    sourceId: row.source_id,
    name,
    no,
    stage: row.stage,
    reason: row.reason,
    message,
    mark,
    version,
    at: new Date(row.at),
    tries,
    isOpen: row.is_open === 1,
  };
}
