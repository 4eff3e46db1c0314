import type { Kysely } from 'kysely';
import type { Reader } from '../engine/reader.ts';
import type { Schema } from '../schema/schema.ts';

/** The kind of a fact. `state`: exported. `machine`: not exported, but exports of early versions
 *  have it. `derived`: computed again when it is missing. `process`: concerns the processes of
 *  this store; an import neither adds nor removes it. */
type Scope = 'state' | 'machine' | 'derived' | 'process';

/** All keys of the table `meta`. */
const scopes = {
  /** UUID from which the ids of feeds and stories are made; every store has its own. */
  namespace: 'state',
  /** State of the alerts that the owner has received, as JSON. */
  alerts: 'state',
  /** The clock at the last run, as JSON: `at`, `since` and `offsetMs`. */
  clock: 'machine',
  /** When the store was last cleaned up, in milliseconds. */
  tidied: 'machine',
  /** Number of runs in a row that did not end. */
  deaths: 'machine',
  /** Version of folding that has prepared the entries. */
  prepared: 'derived',
  /** Present while a content change is not part of a generation yet. */
  unpublished: 'derived',
  /** The holder of the run lock, as JSON; the row stays when the lock is released. */
  lock: 'process',
  /** The hash of the configuration that all nodes must have. */
  config: 'process',
  /** Time when that configuration was first loaded, in milliseconds. */
  'config at': 'process',
  /** Hashes of earlier configurations, as a JSON list, the latest first. */
  'configs before': 'process',
} as const satisfies Record<string, Scope>;

type MetaKey = keyof typeof scopes;

/** Returns the keys of these scopes. */
export function metaKeysOf(...wanted: readonly Scope[]): readonly string[] {
  return Object.entries(scopes).flatMap(([key, scope]) => (wanted.includes(scope) ? [key] : []));
}

/** Returns a fact of the whole store; null when it is absent. */
export async function readMeta(db: Reader, key: MetaKey): Promise<string | null> {
  return (await readMetas(db, [key])).get(key) ?? null;
}

/** Returns the facts that are present among these keys, as of one instant. */
export async function readMetas(db: Reader, keys: readonly MetaKey[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('meta').selectAll().where('key', 'in', keys).execute();
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** Stores a fact; replaces its former value. Like the functions below, it is one statement, which
 *  is whole by itself: it fits into a transaction and needs none. */
export async function saveMeta(db: Kysely<Schema>, key: MetaKey, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** Stores a fact unless it is present. Reports whether it was stored. */
export async function addMeta(db: Kysely<Schema>, key: MetaKey, value: string): Promise<boolean> {
  const added = await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return added !== undefined;
}

/** Stores a fact only if its value is still `before`. Reports whether it was stored. */
export async function replaceMeta(
  db: Kysely<Schema>,
  key: MetaKey,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<boolean> {
  const replaced = await db
    .updateTable('meta')
    .set({ value: after })
    .where('key', '=', key)
    .where('value', '=', before)
    .returning('key')
    .executeTakeFirst();
  return replaced !== undefined;
}

/** Removes a fact. Reports whether it was present. */
export async function removeMeta(db: Kysely<Schema>, key: MetaKey): Promise<boolean> {
  const removed = await db.deleteFrom('meta').where('key', '=', key).returning('key').executeTakeFirst();
  return removed !== undefined;
}
