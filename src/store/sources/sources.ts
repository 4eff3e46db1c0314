import type { Source } from '../../model/source.ts';
import { setImmediate } from 'node:timers/promises';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { PollState, SourceStatus } from '../../model/source.ts';
import { standardOptions } from '../../ports/fetcher.ts';
import type { PastPoll, PollRecord, SourceReads, SourceWrites } from '../../ports/store/sources.ts';
import { bindSources } from './bind-sources.ts';
import type { Settings } from './bind-sources.ts';
import {
  foundToJson,
  moveToJson,
  noticeToJson,
  toFound,
  toMove,
  readNoticeJson,
  readHubOfferJson,
  readPublisherHintsJson,
  publisherHintsToJson,
} from './poll-json.ts';
import { fromJson, inPieces, toDate, toInstant, toJsonColumn, toStorableOrNull } from '../sql/rows.ts';
import type { PollRow, Schema, SourceRow } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Polls that are kept per source: ten days at the fastest automatic pace (docs/polling.md A5). */
const POLLS_KEPT = 240;

/** Reads sources, their polls, and the hosts that asked for no requests. */
export function sourceReads(db: Reader): SourceReads {
  return {
    async readSources(only = null) {
      const statuses: SourceStatus[] = [];
      for (const ids of only === null ? [null] : inPieces(only)) {
        const counts = await db
          .selectFrom('entry')
          .select(['source_id', db.fn.countAll<number>().as('n')])
          .$if(ids !== null, (query) => query.where('source_id', 'in', [...(ids ?? [])]))
          .groupBy('source_id')
          .execute();
        const entries = new Map(counts.map((row) => [row.source_id, row.n]));
        const rows = await db
          .selectFrom('source')
          .selectAll()
          .$if(ids !== null, (query) => query.where('id', 'in', [...(ids ?? [])]))
          .orderBy('active', 'desc')
          .orderBy('id')
          .execute();
        statuses.push(...rows.map((row) => toStatus(row, entries.get(row.id) ?? 0)));
      }
      return statuses;
    },

    async readSourceTags() {
      const rows = await db.selectFrom('source').select(['id', 'settings']).execute();
      return new Map(rows.map((row) => [row.id, fromJson<Pick<Source, 'tags'>>(row.settings).tags]));
    },

    async readPolls(sourceId, limit) {
      const rows = await db
        .selectFrom('poll')
        .selectAll()
        .where('source_id', '=', sourceId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.toReversed().map(toPastPoll);
    },

    async readHolds(now) {
      const rows = await db.selectFrom('host').selectAll().where('retry_after_at', '>', now.getTime()).execute();
      return new Map(rows.map((row) => [row.name, new Date(row.retry_after_at)]));
    },
  };
}

/** Writes sources and their polls. */
export function sourceWrites(db: Kysely<Schema>): SourceWrites {
  const polls = createPollWriter(db);
  return {
    bindSources: (declarations, at) => db.transaction().execute((trx) => bindSources(trx, declarations, at)),
    recordPoll: (sourceId, record) => polls.add({ sourceId, record }),
  };
}

/** A poll that waits to be written. */
interface WaitingPoll {
  readonly sourceId: string;
  readonly record: PollRecord;
}

/** Collects the polls of one turn of the event loop and writes them in one transaction. Each
 *  transaction costs a disk sync, which takes most of a run over a thousand unchanged sources.
 *  Each caller's promise resolves when their poll is written. */
function createPollWriter(db: Kysely<Schema>) {
  let waiting: WaitingPoll[] = [];
  let written: Promise<void> | null = null;
  const write = async () => {
    await setImmediate();
    const polls = waiting;
    waiting = [];
    written = null;
    await db.transaction().execute(async (trx) => {
      for (const poll of polls) await recordPoll(trx, poll);
    });
  };
  return {
    add(poll: WaitingPoll): Promise<void> {
      waiting.push(poll);
      written ??= write();
      return written;
    },
  };
}

async function recordPoll(trx: Transaction<Schema>, { sourceId, record }: WaitingPoll): Promise<void> {
  const { state, description, hold } = record;
  await trx
    .updateTable('source')
    .set({
      ...toStateColumns(state),
      ...(description && {
        feed_title: toStorableOrNull(description.title),
        home_page: toStorableOrNull(description.homePage),
        feed_id: toStorableOrNull(description.feedId),
        feed_language: toStorableOrNull(description.language),
      }),
    })
    .where('id', '=', sourceId)
    .execute();
  await trx
    .insertInto('poll')
    .values({
      source_id: sourceId,
      at: record.at.getTime(),
      status: record.status,
      outcome: record.outcome,
      sent_etag: toStorableOrNull(record.sentEtag),
      sent_last_modified: toStorableOrNull(record.sentLastModified),
      etag: toStorableOrNull(state.etag),
      last_modified: toStorableOrNull(state.lastModified),
      bytes: record.bytes,
      problem: state.problem?.code ?? null,
      moved_address: toStorableOrNull(record.movedAddress),
      not_before_at: toInstant(state.notBeforeAt),
      next_poll_at: toInstant(state.nextPollAt),
      reason: record.reason,
    })
    .execute();
  const oldest = trx.selectFrom('poll').select('at').where('source_id', '=', sourceId).orderBy('at', 'desc').offset(POLLS_KEPT).limit(1);
  await trx.deleteFrom('poll').where('source_id', '=', sourceId).where('at', '<=', oldest).execute();
  if (hold) {
    const values = { name: hold.host, retry_after_at: hold.until.getTime() };
    await trx
      .insertInto('host')
      .values(values)
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute();
  }
}

function toStatus(row: Selectable<SourceRow>, entries: number): SourceStatus {
  return {
    source: {
      id: row.id,
      kind: row.kind,
      address: row.address,
      request: standardOptions,
      ...fromJson<Settings>(row.settings),
    },
    description: { title: row.feed_title, homePage: row.home_page, feedId: row.feed_id, language: row.feed_language },
    poll: toPollState(row),
    entries,
    active: row.active === 1,
  };
}

function toPollState(row: Selectable<SourceRow>): PollState {
  return {
    etag: row.etag,
    lastModified: row.last_modified,
    bodyHash: row.body_hash,
    lastPollAt: toDate(row.last_poll_at),
    lastSuccessAt: toDate(row.last_success_at),
    lastEntryAt: toDate(row.last_entry_at),
    nextPollAt: toDate(row.next_poll_at),
    notBeforeAt: toDate(row.not_before_at),
    failures: row.failures,
    history: row.history,
    gone: row.gone === 1,
    problem: row.problem_code === null ? null : { code: row.problem_code, message: row.problem_message ?? '' },
    publisherHints: readPublisherHintsJson(row.wishes),
    rhythm: { gapMs: row.gap_ms, newestAt: toDate(row.newest_at) },
    move: toMove(row.move),
    notice: readNoticeJson(row.notice),
    cutPolls: row.cut_polls ?? 0,
    found: toFound(row.found),
    hubOffer: readHubOfferJson(row.push),
    firstReadAt: toDate(row.first_read_at),
  };
}

function toPastPoll(row: Selectable<PollRow>): PastPoll {
  return {
    at: new Date(row.at),
    status: row.status,
    outcome: row.outcome as PastPoll['outcome'],
    sentEtag: row.sent_etag,
    sentLastModified: row.sent_last_modified,
    etag: row.etag,
    lastModified: row.last_modified,
    bytes: row.bytes,
    movedAddress: row.moved_address,
    problem: row.problem,
    notBeforeAt: toDate(row.not_before_at),
    nextPollAt: toDate(row.next_poll_at),
    reason: row.reason as PastPoll['reason'],
  };
}

function toStateColumns(state: PollState) {
  return {
    etag: toStorableOrNull(state.etag),
    last_modified: toStorableOrNull(state.lastModified),
    body_hash: state.bodyHash,
    last_poll_at: toInstant(state.lastPollAt),
    last_success_at: toInstant(state.lastSuccessAt),
    last_entry_at: toInstant(state.lastEntryAt),
    next_poll_at: toInstant(state.nextPollAt),
    not_before_at: toInstant(state.notBeforeAt),
    failures: state.failures,
    history: state.history,
    gone: state.gone ? 1 : 0,
    problem_code: state.problem?.code ?? null,
    problem_message: toStorableOrNull(state.problem?.message ?? null),
    wishes: publisherHintsToJson(state.publisherHints),
    gap_ms: state.rhythm.gapMs,
    newest_at: toInstant(state.rhythm.newestAt),
    move: moveToJson(state.move),
    notice: noticeToJson(state.notice),
    cut_polls: state.cutPolls,
    found: foundToJson(state.found),
    push: state.hubOffer && toJsonColumn(state.hubOffer),
    first_read_at: toInstant(state.firstReadAt),
  };
}
