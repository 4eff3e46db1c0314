import type { Transaction } from 'kysely';
import type { HubLimits, HubSlot } from '../../ports/store/hub.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

type Table = 'websub_intent' | 'websub_subscription';

/** Stores the origin of an intent or a subscription. */
export async function saveHubSlot(trx: Transaction<Schema>, id: string, { client, site }: HubSlot): Promise<void> {
  await trx
    .insertInto('websub_place')
    .values({ id, client, site, address: '' })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ client, site }))
    .execute();
}

/** Stores the IP address that a callback last had. */
export async function saveAddress(trx: Transaction<Schema>, id: string, address: string): Promise<void> {
  await trx.updateTable('websub_place').set({ address }).where('id', '=', id).execute();
}

/** Removes origins whose intent and subscription are gone. */
export async function forgetHubSlots(trx: Transaction<Schema>): Promise<void> {
  await trx
    .deleteFrom('websub_place')
    .where('id', 'not in', (from) => from.selectFrom('websub_intent').select('id'))
    .where('id', 'not in', (from) => from.selectFrom('websub_subscription').select('id'))
    .execute();
}

/** Reports whether a limit is reached: in all, or for the host, the client, the site or the
 *  address. */
export async function isFull(
  db: Reader,
  table: Table,
  { id, host }: { readonly id: string; readonly host: string },
  limits: HubLimits,
): Promise<boolean> {
  const ofIntents = table === 'websub_intent';
  if ((await countHubRows(db, table)) >= (ofIntents ? limits.intents : limits.subscriptions)) return true;
  if ((await countHubRows(db, table, host)) >= (ofIntents ? limits.intentsPerHost : limits.subscriptionsPerHost)) return true;
  const slot = await db.selectFrom('websub_place').selectAll().where('id', '=', id).executeTakeFirst();
  if (!slot) return false;
  const bounds = [
    ['client', ofIntents ? limits.intentsPerClient : limits.subscriptionsPerClient],
    ['site', ofIntents ? limits.intentsPerSite : limits.subscriptionsPerSite],
    ['address', ofIntents ? Infinity : limits.subscriptionsPerAddress],
  ] as const;
  for (const [column, most] of bounds)
    if (most !== Infinity && slot[column] !== '' && (await countShared(db, table, column, slot[column])) >= most) return true;
  return false;
}

/** Counts the rows of a table with the same client, site or address. */
export async function countShared(db: Reader, table: Table, column: 'client' | 'site' | 'address', value: string): Promise<number> {
  const { n } = await db
    .selectFrom('websub_place')
    .where(`websub_place.${column}`, '=', value)
    .where('websub_place.id', 'in', (from) => from.selectFrom(table).select('id'))
    .select((is) => is.fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Counts the rows of a table, or those of one host. */
export async function countHubRows(db: Reader, table: Table, host: string | null = null): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select((is) => is.fn.countAll().as('n'))
    .$if(host !== null, (query) => query.where('host', '=', host ?? ''))
    .executeTakeFirstOrThrow();
  return Number(n);
}
