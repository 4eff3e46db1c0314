import type { Kysely, Transaction } from 'kysely';
import type { HubVerification } from '../../model/hub.ts';
import type { HubReads, HubRequestWrites } from '../../ports/store/hub.ts';
import { countHubRows, forgetHubSlots, isFull, saveAddress, saveHubSlot } from './hub-places.ts';
import { toStorable, toStorableOrNull } from '../sql/rows.ts';
import type { Schema, WebSubSubscriptionRow } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Counts intents and subscriptions of the hub. */
export function hubReads(db: Reader): HubReads {
  return {
    async countHub() {
      const [subscriptions, failing, intents] = await Promise.all([
        countHubRows(db, 'websub_subscription'),
        db
          .selectFrom('websub_subscription')
          .select((is) => is.fn.countAll().as('n'))
          .where('attempts', '>', 0)
          .executeTakeFirstOrThrow()
          .then(({ n }) => Number(n)),
        countHubRows(db, 'websub_intent'),
      ]);
      return { subscriptions, failing, intents };
    },
  };
}

/** Writes the intents and subscriptions of the hub. */
export function hubWrites(db: Kysely<Schema>): HubRequestWrites {
  return {
    saveHubIntent: (intent, limits, place) =>
      db.transaction().execute(async (trx) => {
        const known = await Promise.all(
          (['websub_intent', 'websub_subscription'] as const).map((table) =>
            trx.selectFrom(table).select('id').where('id', '=', intent.id).executeTakeFirst(),
          ),
        );
        const [hasIntent, isSubscribed] = known.map((row) => row !== undefined);
        if (place) await saveHubSlot(trx, intent.id, place);
        if (!hasIntent && (await isFull(trx, 'websub_intent', intent, limits))) return 'full';
        // A renewal or an unsubscription needs no room.
        const needsRoom = intent.mode === 'subscribe' && !isSubscribed;
        if (needsRoom && (await isFull(trx, 'websub_subscription', intent, limits))) return 'full';
        await saveIntent(trx, intent);
        return 'saved';
      }),

    async postponeHubIntent({ id, askedAt }, nextAt) {
      await db
        .updateTable('websub_intent')
        .set((is) => ({ attempts: is('attempts', '+', 1), next_at: nextAt.getTime() }))
        .where('id', '=', id)
        .where('asked_at', '=', askedAt.getTime())
        .execute();
    },

    endHubIntent: (intent, outcome, verified) =>
      db.transaction().execute(async (trx) => {
        const { id, topic, callback, host, secret, seq, askedAt } = intent;
        await trx.deleteFrom('websub_intent').where('id', '=', id).where('asked_at', '=', askedAt.getTime()).execute();
        if (outcome.kind === 'unsubscribed') await trx.deleteFrom('websub_subscription').where('id', '=', id).execute();
        if (outcome.kind !== 'subscribed') return 'ended';
        if (verified) {
          if (verified.address !== null) await saveAddress(trx, id, verified.address);
          const isKnown = await trx.selectFrom('websub_subscription').select('id').where('id', '=', id).executeTakeFirst();
          // Several requests may have been accepted before one of them was verified.
          if (!isKnown && (await isFull(trx, 'websub_subscription', intent, verified.limits))) return 'full';
        }
        const said = { secret: toStorableOrNull(secret), expires_at: outcome.expiresAt.getTime() };
        const healthy = { attempts: 0, failing_since: null, next_at: askedAt.getTime(), problem_code: null, problem_message: null };
        const names = { topic: toStorable(topic), callback: toStorable(callback), host };
        await trx
          .insertInto('websub_subscription')
          .values({ id, ...names, ...said, ...healthy, created_at: askedAt.getTime(), delivered_seq: seq })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...said, ...healthy }))
          .execute();
        return 'ended';
      }),

    endHubSubscriptions: (topics, siteUrl, { now, endsLeases }) =>
      db.transaction().execute(async (trx) => {
        const over = await trx
          .deleteFrom('websub_subscription')
          .where('expires_at', '<=', endsLeases ? now.getTime() : 0)
          .executeTakeFirst();
        const orphans = await trx
          .selectFrom('websub_subscription')
          .selectAll()
          .where((is) => is(is.fn<string>('substr', ['topic', is.val(1), is.val(siteUrl.length + 1)]), '=', `${siteUrl}/`))
          .$if(topics.length > 0, (query) => query.where('topic', 'not in', [...topics]))
          .execute();
        for (const orphan of orphans) await denySubscription(trx, orphan, now);
        await forgetHubSlots(trx);
        return over.numDeletedRows > 0 || orphans.length > 0;
      }),
  };
}

async function saveIntent(trx: Transaction<Schema>, intent: HubVerification): Promise<void> {
  const { id, mode, topic, callback, host, secret, leaseSeconds, seq, attempts, askedAt } = intent;
  const row = {
    mode,
    topic: toStorable(topic),
    callback: toStorable(callback),
    host,
    secret: toStorableOrNull(secret),
    lease_seconds: leaseSeconds,
    seq,
    attempts,
    next_at: askedAt.getTime(),
    asked_at: askedAt.getTime(),
  };
  await trx
    .insertInto('websub_intent')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Ends a subscription and makes the hub tell its subscriber (WebSub §5.2). */
export async function denySubscription(trx: Transaction<Schema>, subscription: WebSubSubscriptionRow, at: Date): Promise<void> {
  const { id, topic, callback, host, delivered_seq: seq } = subscription;
  await saveIntent(trx, { id, topic, callback, host, seq, mode: 'denied', secret: null, leaseSeconds: 0, attempts: 0, askedAt: at });
  await trx.deleteFrom('websub_subscription').where('id', '=', id).execute();
}
