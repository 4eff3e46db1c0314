import type { Transaction } from 'kysely';
import type { Reader } from '../engine/reader.ts';
import type { Schema } from '../schema/schema.ts';

/** The part of a store's life that a fact belongs to. `state` travels in exports. `machine` is not
 *  exported, but exports of early versions have it. `derived` is made anew. `process` is about the
 *  processes of this store: an import neither brings nor removes it. */
type Scope = 'state' | 'machine' | 'derived' | 'process';

/** All keys of the table `meta`. */
const scopes = {
  /** The UUID that ids of feeds and stories are made with: two stores never make the same one. */
  namespace: 'state',
  /** What the owner was told by alerts, as JSON. */
  alerts: 'state',
  /** The clock at the last run, as JSON: `at`, `since` and `offsetMs`. */
  clock: 'machine',
  /** When the store was last cleaned up, in milliseconds. */
  tidied: 'machine',
  /** The number of runs in a row that did not end. */
  deaths: 'machine',
  /** The version of folding that has prepared the entries. */
  prepared: 'derived',
  /** Present while a change of content waits for the next generation. */
  unpublished: 'derived',
  /** The holder of the run lock, as JSON; the row stays when the lock is released. */
  lock: 'process',
  /** The hash of the configuration that all nodes must have. */
  config: 'process',
  /** When that configuration was loaded first, in milliseconds. */
  'config at': 'process',
  /** The hashes of earlier configurations, as a JSON list, the latest first. */
  'configs before': 'process',
} as const satisfies Record<string, Scope>;

export type MetaKey = keyof typeof scopes;

/** Returns the keys of some scopes. */
export function metaKeysOf(...wanted: readonly Scope[]): readonly string[] {
  return Object.entries(scopes).flatMap(([key, scope]) => (wanted.includes(scope) ? [key] : []));
}

/** Returns a fact of the whole store; null when it is not there. */
export async function readMeta(db: Reader, key: MetaKey): Promise<string | null> {
  return (await readMetas(db, [key])).get(key) ?? null;
}

/** Returns those of some facts that are there, all as of one instant. */
export async function readMetas(db: Reader, keys: readonly MetaKey[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('meta').selectAll().where('key', 'in', keys).execute();
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** Stores a fact in place of what was there. */
export async function saveMeta(trx: Transaction<Schema>, key: MetaKey, value: string): Promise<void> {
  await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** Stores a fact unless it is there. Reports whether it was stored. */
export async function addMeta(trx: Transaction<Schema>, key: MetaKey, value: string): Promise<boolean> {
  const added = await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return added !== undefined;
}

/** Stores a fact only if it still has the value `before`. Reports whether it was stored. */
export async function replaceMeta(
  trx: Transaction<Schema>,
  key: MetaKey,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<boolean> {
  const replaced = await trx
    .updateTable('meta')
    .set({ value: after })
    .where('key', '=', key)
    .where('value', '=', before)
    .returning('key')
    .executeTakeFirst();
  return replaced !== undefined;
}

/** Removes a fact. Reports whether it was there. */
export async function removeMeta(trx: Transaction<Schema>, key: MetaKey): Promise<boolean> {
  const removed = await trx.deleteFrom('meta').where('key', '=', key).returning('key').executeTakeFirst();
  return removed !== undefined;
}
