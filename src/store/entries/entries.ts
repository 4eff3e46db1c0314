import type { Insertable, Kysely, Transaction } from 'kysely';
import type { Entry, EntryChange, KnownEntry, KnownRevision, Revision } from '../../model/entry.ts';
import type { EntryReads, EntryWrites } from '../../ports/store/entries.ts';
import { emptyPollState } from '../sources/bind-sources.ts';
import { nameEntries, resolveNames } from './entry-names.ts';
import type { StoredRow } from './entry-names.ts';
import { boundRevisions } from '../stories/revision-bounds.ts';
import { readPriorEntries } from './prior-entries.ts';
import { forgetFolder } from '../files/own-files.ts';
import { withoutPruned, readPruned } from './pruned.ts';
import { inPieces, toDate, toJsonColumn, toRevision, toRevisionRow, toStorable, toStorableOrNull } from '../sql/rows.ts';
import type { EntryRow, RevisionRow, Schema } from '../schema/schema.ts';
import { forgetSetAside, reopen, reopenStoriesOf } from '../operation/set-aside.ts';
import { insertRows } from '../sql/statements.ts';
import { newestRevisions } from '../sql/members.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads entries as their sources published them. */
export function entryReads(db: Reader): EntryReads {
  return {
    async readKnown(sourceId, identities) {
      const known = new Map<string, KnownEntry>();
      const pieces = identities === null ? [null] : inPieces(identities.map(toStorable));
      for (const piece of pieces) {
        let query = db
          .selectFrom('entry')
          .innerJoin('revision', 'revision.entry_no', 'entry.no')
          .where('entry.source_id', '=', sourceId)
          .select(['entry.identity', 'entry.location', 'entry.content_hash', 'entry.first_seen_at', 'entry.deleted_at'])
          .select(['revision.kind', 'revision.hash', 'revision.published', 'revision.updated', 'revision.seen_at', 'revision.mark'])
          .orderBy('entry.no')
          .orderBy('revision.n');
        if (piece !== null) query = query.where('entry.identity', 'in', piece);
        for (const row of await query.execute()) {
          const revision: KnownRevision = {
            kind: row.kind,
            hash: row.hash,
            published: toDate(row.published),
            updated: toDate(row.updated),
            seenAt: new Date(row.seen_at),
            mark: row.mark,
          };
          const earlier = known.get(row.identity);
          known.set(row.identity, {
            identity: row.identity,
            location: row.location,
            contentHash: row.content_hash,
            firstSeenAt: new Date(row.first_seen_at),
            isDeleted: row.deleted_at !== null,
            isPruned: false,
            revisions: [...(earlier?.revisions ?? []), revision],
          });
        }
      }
      for (const entry of await readPruned(db, sourceId, identities)) known.set(entry.identity, known.get(entry.identity) ?? entry);
      return known;
    },

    async readNewest(sourceId, identities) {
      const newest = new Map<string, Revision>();
      for (const piece of inPieces(identities.map(toStorable))) {
        const entries = db.selectFrom('entry').select(['no', 'identity']).where('source_id', '=', sourceId).where('identity', 'in', piece);
        const names = new Map((await entries.execute()).map(({ no, identity }) => [no, identity]));
        if (names.size === 0) continue;
        for (const row of await newestRevisions(db, [...names.keys()])
          .selectAll('r')
          .execute())
          newest.set(names.get(row.entry_no) ?? '', toRevision(row));
      }
      return newest;
    },

    async readListedFrom(sourceId, identities) {
      const names = new Set(identities.map(toStorable));
      const rows = await db
        .selectFrom('entry')
        .select(['no', 'identity'])
        .where('source_id', '=', sourceId)
        .orderBy('no', 'desc')
        .limit(names.size + 1)
        .execute();
      const end = rows.findIndex(({ identity }) => !names.has(identity));
      return rows.slice(0, end < 0 ? rows.length : end).at(-1)?.no ?? null;
    },

    readPriorEntries: (sourceId, by) => readPriorEntries(db, sourceId, by),
  };
}

/** Writes entries and their revisions, as sources bring them. */
export function entryWrites(db: Kysely<Schema>): EntryWrites {
  return {
    saveEntries: (changes, at, { backlogAt = null, listedFrom = null } = {}) =>
      db.transaction().execute(async (trx) => {
        const current = await withoutPruned(trx, changes);
        const { known, added } = await resolveNames(trx, current);
        const counts = { added: added.length, revised: 0 };
        const thinned: string[] = [];
        for (const [change, row] of known) {
          if (await saveKnown(trx, row, change)) counts.revised++;
          if (change.revisions.length > 0 && (await boundRevisions(trx, row.no))) thinned.push(change.entry.identity);
        }
        await reopen(
          trx,
          known.flatMap(([{ revisions }, { no, deleted_at }]) => (revisions.length > 0 || deleted_at !== null ? no : [])),
        );
        await addEntries(trx, added, at, { backlogAt, listedFrom });
        return thinned.length === 0 ? counts : { ...counts, thinned };
      }),

    markMissing: (sourceId, missing, at, patience) =>
      db.transaction().execute(async (trx) => {
        const stored = new Set(missing.map(toStorable));
        const rows = await trx
          .selectFrom('entry')
          .select(['no', 'identity', 'missing_at', 'missing_runs'])
          .where('source_id', '=', sourceId)
          .where('deleted_at', 'is', null)
          .execute();
        let deleted = 0;
        for (const row of rows) {
          const query = trx.updateTable('entry').where('no', '=', row.no);
          if (!stored.has(row.identity)) {
            if (row.missing_at !== null) await query.set({ missing_at: null, missing_runs: 0 }).execute();
            continue;
          }
          const since = row.missing_at ?? at.getTime();
          const runs = row.missing_runs + 1;
          const isGone = runs >= patience.runs && at.getTime() - since >= patience.graceMs;
          await query.set({ missing_at: since, missing_runs: runs, ...(isGone && { deleted_at: at.getTime() }) }).execute();
          if (!isGone) continue;
          deleted++;
          await markStoryDirty(trx, row.no);
          await reopen(trx, [row.no]);
        }
        return deleted;
      }),

    followWithdrawals: (sourceId, withdrawals, at) =>
      db.transaction().execute(async (trx) => {
        const dates = new Map(withdrawals.map((withdrawal) => [toStorable(withdrawal.guid), withdrawal.at]));
        let withdrawn = 0;
        for (const piece of inPieces([...dates.keys()])) {
          const rows = await trx
            .selectFrom('entry')
            .innerJoin('revision', 'revision.entry_no', 'entry.no')
            .where('entry.source_id', '=', sourceId)
            .where('entry.guid', 'in', piece)
            .where('entry.deleted_at', 'is', null)
            .groupBy(['entry.no', 'entry.guid'])
            .select(['entry.no', 'entry.guid'])
            .select((of) => of.fn.max(of.fn.coalesce('revision.updated', 'revision.published')).as('changed_at'))
            .execute();
          for (const { no, guid, changed_at } of rows) {
            const from = dates.get(guid ?? '') ?? null;
            if (from !== null && changed_at !== null && changed_at > from.getTime()) continue;
            await trx.updateTable('entry').set({ deleted_at: at.getTime() }).where('no', '=', no).execute();
            await markStoryDirty(trx, no);
            withdrawn++;
          }
        }
        return withdrawn;
      }),

    purgeSource: (sourceId, at) => db.transaction().execute((trx) => purgeSource(trx, sourceId, at)),
  };
}

async function purgeSource(trx: Transaction<Schema>, sourceId: string, at: Date): Promise<number> {
  const ofSource = trx.selectFrom('entry').select('no').where('source_id', '=', sourceId).where('deleted_at', 'is', null);
  const stories = trx.selectFrom('story_entry').select('story_no').where('entry_no', 'in', ofSource);
  await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', stories).execute();
  const deleted = await trx.updateTable('entry').set({ deleted_at: at.getTime() }).where('no', 'in', ofSource).executeTakeFirst();
  await reopenStoriesOf(trx, sourceId);
  await forgetSetAside(trx, sourceId);
  await trx.updateTable('source').set(emptyPollState).where('id', '=', sourceId).execute();
  await trx.deleteFrom('poll').where('source_id', '=', sourceId).execute();
  await forgetFolder(trx, sourceId);
  return Number(deleted.numUpdatedRows);
}

function toColumns(entry: Entry) {
  return {
    guid: toStorableOrNull(entry.guid),
    url: toStorableOrNull(entry.url),
    url_key: toStorableOrNull(entry.urlKey),
    home_host: toStorableOrNull(entry.homeHost),
    link_post: entry.linkPost ? 1 : 0,
    location: toStorableOrNull(entry.location),
    language: toStorableOrNull(entry.language),
    origin: entry.origin === null ? null : toJsonColumn(entry.origin),
    content_hash: entry.contentHash,
  };
}

/** Adds entries with their revisions, in this order. */
async function addEntries(
  trx: Transaction<Schema>,
  changes: readonly EntryChange[],
  at: Date,
  { backlogAt, listedFrom }: { readonly backlogAt: Date | null; readonly listedFrom: number | null },
): Promise<void> {
  const keys = await nameEntries(trx, changes, at);
  const rows = changes.map(({ entry, revisions }, index): Insertable<EntryRow> => {
    const identity = toStorable(entry.identity);
    const published = revisions[0]?.published?.getTime() ?? null;
    return {
      ...toColumns(entry),
      // Position at first sight. It orders entries of the same date, and must not shift as the
      // document grows.
      position: entry.position,
      source_id: entry.sourceId,
      identity,
      key: keys[index] ?? '',
      first_seen_at: at.getTime(),
      dated_at: published !== null && published <= at.getTime() ? published : at.getTime(),
      pending: 1,
      missing_at: null,
      missing_runs: 0,
      deleted_at: null,
      hidden_at: null,
      backlog_at: backlogAt?.getTime() ?? null,
      listed_from: listedFrom,
    };
  });
  const inserted = await insertRows(trx, 'entry', rows, { returning: ['no', 'source_id', 'identity'] });
  const numbers = new Map(inserted.map(({ no, source_id, identity }) => [`${source_id}\n${identity}`, no]));
  const revisions = changes.flatMap(({ entry, revisions: made }) => {
    const no = numbers.get(`${entry.sourceId}\n${toStorable(entry.identity)}`) ?? 0;
    return toRevisionRows(no, 1, made);
  });
  await insertRows(trx, 'revision', revisions);
}

/** Changes a stored entry. Reports whether the change is a revision, or restores a deleted
 *  entry. */
async function saveKnown(trx: Transaction<Schema>, known: StoredRow, change: EntryChange): Promise<boolean> {
  const { entry, revisions } = change;
  // A deleted article that is back is published again under its former id.
  const isBack = known.deleted_at !== null;
  // An address whose tracking alone changes stays as it was published.
  const isSamePage = revisions.length === 0 && known.url_key !== null && known.url_key === toStorableOrNull(entry.urlKey);
  const pending = known.pending === 1 ? 1 : revisions.length > 0 || isBack ? 2 : known.pending;
  await trx
    .updateTable('entry')
    .set({
      ...toColumns(entry),
      ...(isSamePage && { url: known.url }),
      identity: toStorable(entry.identity),
      pending,
      missing_at: null,
      missing_runs: 0,
      deleted_at: null,
    })
    .where('no', '=', known.no)
    .execute();
  if (revisions.length === 0) return isBack;
  const { n } = await trx.selectFrom('revision').select(trx.fn.max('n').as('n')).where('entry_no', '=', known.no).executeTakeFirstOrThrow();
  if (change.replacesLast) await trx.deleteFrom('revision').where('entry_no', '=', known.no).where('n', '=', n).execute();
  await insertRows(trx, 'revision', toRevisionRows(known.no, change.replacesLast ? n : n + 1, revisions));
  return revisions.some((revision) => revision.kind !== 'cosmetic') || isBack;
}

/** Returns the rows of an entry's revisions, numbered from `n` on. */
function toRevisionRows(no: number, n: number, revisions: readonly Revision[]): RevisionRow[] {
  return revisions.map((revision, index) => ({ entry_no: no, n: n + index, ...toRevisionRow(revision) }));
}

async function markStoryDirty(trx: Transaction<Schema>, entryNo: number): Promise<void> {
  const story = trx.selectFrom('story_entry').select('story_no').where('entry_no', '=', entryNo);
  await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', story).execute();
}
