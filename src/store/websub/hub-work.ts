import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { HubDelivery, HubVerification } from '../../model/hub.ts';
import type { HubLimits, HubWorkWrites } from '../../ports/store/hub.ts';
import type { Backend } from '../engine/backend.ts';
import { countShared, saveAddress } from './hub-places.ts';
import { denySubscription } from './hub.ts';
import { toDate, toStorable } from '../sql/rows.ts';
import type { Schema, HubVerificationRow, WebSubSubscriptionRow } from '../schema/schema.ts';

/** Gives the work of the hub to one node at a time. */
export function hubWorkWrites(db: Kysely<Schema>, { kind }: Pick<Backend, 'kind'>): HubWorkWrites {
  /** When two nodes claim at once, one skips the rows that the other is claiming. SQLite allows
   *  one writer at a time. */
  const take = <Table extends 'websub_intent' | 'websub_subscription', Row>(query: SelectQueryBuilder<Schema, Table, Row>) =>
    kind === 'postgres' ? query.forUpdate().skipLocked() : query;
  return {
    async claimHubIntents(now, until, limit) {
      const rows = await db
        .updateTable('websub_intent')
        .set({ next_at: until.getTime() })
        .where('id', 'in', (from) =>
          take(
            from
              .selectFrom('websub_intent')
              .select('id')
              .where('next_at', '<=', now.getTime())
              .orderBy('next_at')
              .orderBy('id')
              .limit(limit),
          ),
        )
        .returningAll()
        .execute();
      return rows.map(toIntent);
    },

    async claimHubDeliveries(news, { now, until, limit, busy }) {
      if (news.length === 0 || limit <= 0) return [];
      const rows = await db
        .updateTable('websub_subscription')
        .set({ next_at: until.getTime() })
        .where('id', 'in', (from) =>
          take(
            from
              .selectFrom('websub_subscription')
              .select('id')
              .where((is) => is.or(news.map(({ topic, seq }) => is('topic', '=', topic).and('delivered_seq', '<', seq))))
              .where('next_at', '<=', now.getTime())
              .where('expires_at', '>', now.getTime())
              .$if(busy.length > 0, (query) => query.where('host', 'not in', [...busy]))
              .orderBy('attempts')
              .orderBy('next_at')
              .orderBy('id')
              .limit(limit),
          ),
        )
        .returningAll()
        .execute();
      // Rows that an update returns have no order.
      return rows.toSorted((a, b) => a.attempts - b.attempts || (a.id < b.id ? -1 : 1)).map(toDelivery);
    },

    async releaseHubDeliveries(ids, at) {
      if (ids.length === 0) return;
      await db
        .updateTable('websub_subscription')
        .set({ next_at: at.getTime() })
        .where('id', 'in', [...ids])
        .execute();
    },

    async saveHubResult(id, given, found) {
      const result = found && (await isCrowded(db, id, found)) ? { kind: 'givenUp' as const, at: found.at } : given;
      if (result.kind === 'ended') {
        await db.deleteFrom('websub_subscription').where('id', '=', id).execute();
        return;
      }
      if (result.kind === 'givenUp') {
        await db.transaction().execute(async (trx) => {
          const row = await trx.selectFrom('websub_subscription').selectAll().where('id', '=', id).executeTakeFirst();
          if (row) await denySubscription(trx, row, result.at);
        });
        return;
      }
      const update = db.updateTable('websub_subscription').where('id', '=', id);
      if (result.kind === 'delivered') {
        const healthy = { attempts: 0, failing_since: null, problem_code: null, problem_message: null, next_at: 0 };
        await update.set({ ...healthy, delivered_seq: result.seq }).execute();
        return;
      }
      const { at, nextAt, problem } = result;
      await update
        .set((is) => ({
          attempts: is('attempts', '+', 1),
          failing_since: is.fn.coalesce('failing_since', is.val(at.getTime())),
          next_at: nextAt.getTime(),
          problem_code: problem.code,
          problem_message: toStorable(problem.message),
        }))
        .execute();
    },

    async claimAnnouncement({ topic, seq }, now, until) {
      const created = await db
        .insertInto('announcement')
        .values({ topic, seq: 0, next_at: until.getTime() })
        .onConflict((conflict) => conflict.doNothing())
        .returning('topic')
        .executeTakeFirst();
      if (created) return true;
      const taken = await db
        .updateTable('announcement')
        .set({ next_at: until.getTime() })
        .where('topic', '=', topic)
        .where('seq', '<', seq)
        .where('next_at', '<=', now.getTime())
        .returning('topic')
        .executeTakeFirst();
      return taken !== undefined;
    },

    async saveAnnounced({ topic, seq }) {
      await db.updateTable('announcement').set({ seq, next_at: 0 }).where('topic', '=', topic).where('seq', '<', seq).execute();
    },
  };
}

/** Reports whether a callback now has an IP address that has reached its limit. A host name may
 *  get another address after it was verified. */
async function isCrowded(
  db: Kysely<Schema>,
  id: string,
  { address, limits }: { readonly address: string; readonly limits: HubLimits },
): Promise<boolean> {
  const slot = await db.selectFrom('websub_place').select('address').where('id', '=', id).executeTakeFirst();
  if (!slot || slot.address === address) return false;
  const sharing = await db.transaction().execute(async (trx) => {
    await saveAddress(trx, id, address);
    return countShared(trx, 'websub_subscription', 'address', address);
  });
  return sharing > limits.subscriptionsPerAddress;
}

function toIntent(row: HubVerificationRow): HubVerification {
  const { id, mode, topic, callback, host, secret, lease_seconds: leaseSeconds, seq, attempts, asked_at: askedAt } = row;
  return { id, mode, topic, callback, host, secret, leaseSeconds, seq, attempts, askedAt: new Date(askedAt) };
}

function toDelivery({ id, topic, callback, host, secret, attempts, failing_since: since }: WebSubSubscriptionRow): HubDelivery {
  return { id, topic, callback, host, secret, attempts, failingSince: toDate(since) };
}
