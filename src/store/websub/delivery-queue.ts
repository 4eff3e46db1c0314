import type { Kysely, Transaction } from 'kysely';
import type { DeliveryQueueReads, DeliveryQueueWrites, WaitingDelivery } from '../../ports/store/subscriber.ts';
import { toStorable, toStorableOrNull } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the queue of delivered documents, and sources that a hub asks to poll early. */
export function deliveryQueueReads(db: Reader): DeliveryQueueReads {
  return {
    async readWaiting(now) {
      const queued = await db
        .selectFrom('websub_source_document')
        .select(['source_id', db.fn.countAll<number>().as('n')])
        .groupBy('source_id')
        .execute();
      const hints = await db.selectFrom('websub_source_hint').select(['source_id', 'at']).where('waiting', '=', 1).execute();
      const alive = await db
        .selectFrom('websub_source_subscription')
        .select(['source_id', 'expires_at'])
        .where('state', '=', 'active')
        .where('expires_at', '>', now.getTime())
        .execute();
      const waiting = new Map<string, WaitingDelivery>();
      const add = (id: string, part: Partial<WaitingDelivery>) => waiting.set(id, { ...(waiting.get(id) ?? nothing), ...part });
      for (const { source_id, n } of queued) add(source_id, { documents: n });
      for (const { source_id, at } of hints) add(source_id, { pollAskedAt: new Date(at) });
      for (const { source_id, expires_at } of alive) add(source_id, { aliveUntil: new Date(expires_at ?? 0) });
      return waiting;
    },

    async readDelivered(sourceId, limit) {
      const rows = await db
        .selectFrom('websub_source_document')
        .selectAll()
        .where('source_id', '=', sourceId)
        .orderBy('no')
        .limit(limit)
        .execute();
      return rows.map(({ no, content_type, topic, bytes }) => ({
        no,
        contentType: content_type,
        topic,
        bytes: Buffer.from(bytes, 'base64'),
      }));
    },
  };
}

/** Writes the queue of delivered documents, and sources that a hub asks to poll early. */
export function deliveryQueueWrites(db: Kysely<Schema>): DeliveryQueueWrites {
  return {
    queueDocument: ({ sourceId, topic, contentType, bytes }, at, limits) =>
      db.transaction().execute(async (trx) => {
        const rows = await trx.selectFrom('websub_source_document').select(['no', 'source_id', 'size']).orderBy('no').execute();
        const own = rows.filter((row) => row.source_id === sourceId);
        const dropped = own.slice(0, Math.max(0, own.length - limits.perSource + 1));
        const kept = rows.filter((row) => !dropped.includes(row));
        const size = kept.reduce((sum, row) => sum + row.size, bytes.length);
        if (kept.length >= limits.total || size > limits.bytes) return 'full';
        for (const { no } of dropped) await trx.deleteFrom('websub_source_document').where('no', '=', no).execute();
        if (dropped.length > 0) await wantPoll(trx, sourceId, at);
        const row = { source_id: sourceId, at: at.getTime(), topic: toStorable(topic), content_type: toStorableOrNull(contentType) };
        await trx
          .insertInto('websub_source_document')
          .values({ ...row, size: bytes.length, bytes: Buffer.from(bytes).toString('base64') })
          .execute();
        return 'queued';
      }),

    askForPoll: (sourceId, at, gapMs) =>
      db.transaction().execute(async (trx) => {
        const row = await trx.selectFrom('websub_source_hint').select('at').where('source_id', '=', sourceId).executeTakeFirst();
        if (row && Math.abs(at.getTime() - row.at) < gapMs) return false;
        await wantPoll(trx, sourceId, at);
        return true;
      }),

    async endPollRequest(sourceId, polledAt) {
      await db
        .updateTable('websub_source_hint')
        .set({ waiting: 0 })
        .where('source_id', '=', sourceId)
        .where('at', '<=', polledAt.getTime())
        .execute();
    },

    recordDelivery: (sourceId, { documents, at, hasNewEntry, newestAt }) =>
      db.transaction().execute(async (trx) => {
        for (const no of documents)
          await trx.deleteFrom('websub_source_document').where('no', '=', no).where('source_id', '=', sourceId).execute();
        if (hasNewEntry) await trx.updateTable('source').set({ last_entry_at: at.getTime() }).where('id', '=', sourceId).execute();
        if (newestAt === null) return;
        await trx
          .updateTable('source')
          .set({ newest_at: newestAt.getTime() })
          .where('id', '=', sourceId)
          .where((eb) => eb.or([eb('newest_at', 'is', null), eb('newest_at', '<', newestAt.getTime())]))
          .execute();
      }),
  };
}

const nothing: WaitingDelivery = { documents: 0, pollAskedAt: null, aliveUntil: null };

async function wantPoll(trx: Transaction<Schema>, sourceId: string, at: Date): Promise<void> {
  const row = { at: at.getTime(), waiting: 1 };
  await trx
    .insertInto('websub_source_hint')
    .values({ source_id: sourceId, ...row })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(row))
    .execute();
}
