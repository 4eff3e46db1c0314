import type { Kysely, Selectable } from 'kysely';
import type { Subscription, SubscriptionChange, SubscriptionReads, SubscriptionWrites } from '../../ports/store/subscriber.ts';
import type { Settings } from '../sources/bind-sources.ts';
import { noticeToJson, readNoticeJson, readHubOfferJson } from '../sources/poll-json.ts';
import { fromJson, toDate, toInstant, toStorable } from '../sql/rows.ts';
import type { SubscriberRow, Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads subscriptions at the hubs of sources (WebSub). */
export function subscriptionReads(db: Reader): SubscriptionReads {
  return {
    async readSubscribableSources() {
      const rows = await db
        .selectFrom('source')
        .select(['id', 'kind', 'address', 'settings', 'push'])
        .where('active', '=', 1)
        .where('gone', '=', 0)
        .where('push', 'is not', null)
        .orderBy('id')
        .execute();
      return rows.flatMap(({ id, kind, address, settings, push }) => {
        const offer = readHubOfferJson(push);
        const isPrivate = fromJson<Settings>(settings).private;
        return offer === null ? [] : [{ sourceId: id, kind, address, isPrivate, offer }];
      });
    },

    async readSubscriptions() {
      return (await db.selectFrom('websub_source_subscription').selectAll().orderBy('next_at').orderBy('path').execute()).map(
        toSubscription,
      );
    },

    async readSubscription(path) {
      const row = await db.selectFrom('websub_source_subscription').selectAll().where('path', '=', toStorable(path)).executeTakeFirst();
      return row === undefined ? null : toSubscription(row);
    },
  };
}

/** Writes subscriptions at the hubs of sources (WebSub). */
export function subscriptionWrites(db: Kysely<Schema>): SubscriptionWrites {
  return {
    addSubscription: (subscription) =>
      db.transaction().execute(async (trx) => {
        const existing = await trx
          .selectFrom('websub_source_subscription')
          .select('path')
          .where('source_id', '=', subscription.sourceId)
          .where('state', 'not in', ['leaving', 'left'])
          .executeTakeFirst();
        if (existing) return false;
        await trx.insertInto('websub_source_subscription').values(toRow(subscription)).execute();
        return true;
      }),

    changeSubscription: (path, version, change) =>
      db.transaction().execute(async (trx) => {
        const done = await trx
          .updateTable('websub_source_subscription')
          .set({ ...toColumns(change), version: version + 1 })
          .where('path', '=', path)
          .where('version', '=', version)
          .executeTakeFirst();
        return Number(done.numUpdatedRows) === 1;
      }),

    forgetSubscription: (path, version) =>
      db.transaction().execute(async (trx) => {
        const done = await trx
          .deleteFrom('websub_source_subscription')
          .where('path', '=', path)
          .where('version', '=', version)
          .executeTakeFirst();
        const removedSources = trx.selectFrom('source').select('id').where('active', '=', 0);
        await trx.deleteFrom('websub_source_document').where('source_id', 'in', removedSources).execute();
        await trx.deleteFrom('websub_source_hint').where('source_id', 'in', removedSources).execute();
        return Number(done.numDeletedRows) === 1;
      }),

    noteSubscription: (sourceId, notice) =>
      db.transaction().execute(async (trx) => {
        const row = await trx.selectFrom('source').select('notice').where('id', '=', sourceId).executeTakeFirst();
        const isOfPush = readNoticeJson(row?.notice ?? null)?.code.startsWith('push/') === true;
        if (notice === null && !isOfPush) return;
        await trx
          .updateTable('source')
          .set({ notice: noticeToJson(notice) })
          .where('id', '=', sourceId)
          .execute();
      }),
  };
}

function toSubscription(row: Selectable<SubscriberRow>): Subscription {
  return {
    path: row.path,
    sourceId: row.source_id,
    hub: row.hub,
    topic: row.topic,
    callback: row.callback,
    secret: row.secret,
    state: row.state,
    askedAt: toDate(row.asked_at),
    attempts: row.attempts,
    nextAt: new Date(row.next_at),
    expiresAt: toDate(row.expires_at),
    version: row.version,
  };
}

function toRow(subscription: Subscription): SubscriberRow {
  const { path, sourceId, hub, topic, callback, secret, state, attempts, version } = subscription;
  return {
    path,
    source_id: sourceId,
    hub: toStorable(hub),
    topic: toStorable(topic),
    callback,
    secret,
    state,
    asked_at: toInstant(subscription.askedAt),
    attempts,
    next_at: subscription.nextAt.getTime(),
    expires_at: toInstant(subscription.expiresAt),
    version,
  };
}

function toColumns({ state, askedAt, attempts, nextAt, expiresAt }: SubscriptionChange): Partial<SubscriberRow> {
  return {
    ...(state !== undefined && { state }),
    ...(askedAt !== undefined && { asked_at: toInstant(askedAt) }),
    ...(attempts !== undefined && { attempts }),
    ...(nextAt !== undefined && { next_at: nextAt.getTime() }),
    ...(expiresAt !== undefined && { expires_at: toInstant(expiresAt) }),
  };
}
