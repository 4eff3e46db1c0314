import { sql } from 'kysely';
import type { Kysely, Selectable, Transaction } from 'kysely';
import { PRIOR_TEXT_LENGTH } from '../../model/entry.ts';
import type { HeldFile } from '../../model/release.ts';
import type { OwnFileRecord, OwnReads, OwnWrites, StoredText } from '../../ports/store/own-files.ts';
import { newestRevisions } from '../sql/members.ts';
import { inPieces, toDate, toInstant, toStorable, toStorableOrNull } from '../sql/rows.ts';
import type { OwnFileRow, Schema } from '../schema/schema.ts';
import { insertRows } from '../sql/statements.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads folders of own articles, and which of their files are held back. */
export function ownReads(db: Reader): OwnReads {
  return {
    async readFolder(sourceId) {
      const folder = await db.selectFrom('own_folder').select('reader').where('source_id', '=', sourceId).executeTakeFirst();
      const rows = await db.selectFrom('own_file').selectAll().where('source_id', '=', sourceId).orderBy('location').execute();
      return { reader: folder?.reader ?? null, files: rows.map(toRecord) };
    },

    async readTexts(sourceId, identities) {
      const texts = new Map<string, StoredText>();
      for (const piece of inPieces(identities.map(toStorable))) {
        const past = await db
          .selectFrom('pruned')
          .select(['identity', 'title', 'published'])
          .where('source_id', '=', sourceId)
          .where('identity', 'in', piece)
          .execute();
        for (const { identity, title, published } of past) texts.set(identity, { title, text: '', published: toDate(published) });
        const found = await db.selectFrom('entry').select('no').where('source_id', '=', sourceId).where('identity', 'in', piece).execute();
        if (found.length === 0) continue;
        const rows = await newestRevisions(
          db,
          found.map(({ no }) => no),
        )
          .innerJoin('entry', 'entry.no', 'r.entry_no')
          .select(['entry.identity', 'r.title', 'r.published'])
          .select(sql<string>`substr(r.text, 1, ${sql.lit(PRIOR_TEXT_LENGTH)})`.as('text'))
          .execute();
        for (const { identity, title, text, published } of rows) texts.set(identity, { title, text, published: toDate(published) });
      }
      return texts;
    },

    async readHeld() {
      const rows = await db
        .selectFrom('own_file')
        .innerJoin('source', 'source.id', 'own_file.source_id')
        .selectAll('own_file')
        .where('source.active', '=', 1)
        .where('reason', 'is not', null)
        .orderBy('own_file.source_id')
        .orderBy('own_file.location')
        .execute();
      return rows.map((row): HeldFile => {
        const { location, title, reason, code, message, line, mend, dueAt, isPublished } = toRecord(row);
        const until = reason === 'embargo' ? dueAt : null;
        return { sourceId: row.source_id, location, title, reason: reason ?? 'draft', code, message, line, mend, until, isPublished };
      });
    },

    async readDue(now) {
      const due = db
        .selectFrom('own_file')
        .innerJoin('source', 'source.id', 'own_file.source_id')
        .where('source.active', '=', 1)
        .where('due_at', 'is not', null);
      const first = await due.select('due_at').orderBy('due_at').limit(1).executeTakeFirst();
      const passed = due.select('due_at').where('due_at', '<=', now.getTime());
      const last = await passed.orderBy('due_at', 'desc').limit(1).executeTakeFirst();
      return { next: toDate(first?.due_at ?? null), passed: toDate(last?.due_at ?? null) };
    },
  };
}

/** Writes folders of own articles. */
export function ownWrites(db: Kysely<Schema>): OwnWrites {
  return {
    saveFolder: (sourceId, { reader, files }) =>
      db.transaction().execute(async (trx) => {
        await trx.deleteFrom('own_file').where('source_id', '=', sourceId).execute();
        await insertRows(
          trx,
          'own_file',
          files.map((file) => toRow(sourceId, file)),
        );
        await trx.deleteFrom('own_folder').where('source_id', '=', sourceId).execute();
        if (reader !== null)
          await trx
            .insertInto('own_folder')
            .values({ source_id: sourceId, reader: toStorable(reader) })
            .execute();
      }),

    withdrawEntries: (sourceId, identities, at) =>
      db.transaction().execute(async (trx) => {
        let withdrawn = 0;
        for (const piece of inPieces(identities.map(toStorable))) withdrawn += await withdraw(trx, sourceId, piece, at);
        return withdrawn;
      }),
  };
}

async function withdraw(trx: Transaction<Schema>, sourceId: string, identities: readonly string[], at: Date): Promise<number> {
  const rows = await trx
    .selectFrom('entry')
    .select('no')
    .where('source_id', '=', sourceId)
    .where('identity', 'in', identities)
    .where('deleted_at', 'is', null)
    .execute();
  const numbers = rows.map(({ no }) => no);
  if (numbers.length === 0) return 0;
  const stories = trx.selectFrom('story_entry').select('story_no').where('entry_no', 'in', numbers);
  await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', stories).execute();
  await trx.updateTable('entry').set({ deleted_at: at.getTime(), missing_at: null, missing_runs: 0 }).where('no', 'in', numbers).execute();
  return numbers.length;
}

/** Removes the folder state and file records of a source. */
export async function forgetFolder(trx: Transaction<Schema>, sourceId: string): Promise<void> {
  await trx.deleteFrom('own_file').where('source_id', '=', sourceId).execute();
  await trx.deleteFrom('own_folder').where('source_id', '=', sourceId).execute();
}

function toRecord(row: Selectable<OwnFileRow>): OwnFileRecord {
  return {
    location: row.location,
    contentHash: row.content_hash,
    reason: row.reason,
    code: row.code,
    message: row.message,
    line: row.line,
    title: row.title,
    mend: row.mend,
    dueAt: toDate(row.due_at),
    isPublished: row.shown === 1,
  };
}

function toRow(sourceId: string, file: OwnFileRecord): OwnFileRow {
  return {
    source_id: sourceId,
    location: toStorable(file.location),
    content_hash: file.contentHash,
    reason: file.reason,
    code: file.code,
    message: toStorable(file.message),
    line: file.line,
    title: toStorable(file.title),
    mend: toStorableOrNull(file.mend),
    due_at: toInstant(file.dueAt),
    shown: file.isPublished ? 1 : 0,
  };
}
