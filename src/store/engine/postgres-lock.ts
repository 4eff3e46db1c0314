import { sql } from 'kysely';
import type { Client, ClientConfig } from 'pg';
import { attempt, ignore, PATIENCE, TimedClient } from './postgres-client.ts';
import type { Reader } from './reader.ts';

/** The advisory lock of a run. Such locks belong to one database and are named by two
 *  numbers. The first is one that other programs are unlikely to use, the second a hash of the
 *  schema. */
const RUN_LOCK = '1313167187, hashtext(current_schema())';
/** The first number of the lock that nodes with the same configuration share. */
const NODE_LOCK = '1313167189';

/** `lost`: reason why the connection with the run lock ended before the lock was released; null
 *  while it lives. */
export interface LockState {
  lost: Error | null;
}

/** Takes a session-level advisory lock on a connection of its own. The server releases it when
 *  the connection ends, also after kill -9. */
export async function takeRunLock(config: ClientConfig, name: string, state: LockState): Promise<(() => Promise<void>) | null> {
  const client = new TimedClient(config);
  client.on('error', ignore);
  return attempt(name, async () => {
    await client.connect();
    await client.query(PATIENCE);
    const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${RUN_LOCK}) as taken`);
    if (rows[0]?.taken !== true) {
      await client.end();
      return null;
    }
    client.on('error', (error) => (state.lost = error));
    return async () => {
      client.removeAllListeners('error').on('error', ignore);
      state.lost = null;
      // Released explicitly, because the server ends a closed session with a delay.
      await client.query(`select pg_advisory_unlock(${RUN_LOCK})`).catch(ignore);
      await client.end();
    };
  });
}

/** Announces a node with this configuration while the connection lives
 *  (ClusterWrites.announceNode). Nodes with the same configuration share one lock. */
export function announceNode(config: ClientConfig, hash: string): Promise<() => Promise<void>> {
  return keepSession(config, (client) =>
    client.query(`select pg_advisory_lock_shared(${NODE_LOCK}, hashtext(current_schema() || $1::text))`, [hash]),
  );
}

/** Reports whether any process holds the lock of nodes with this configuration. Trying to take
 *  the lock would make it look held to others. */
export async function hasNode(db: Reader, hash: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_locks where locktype = 'advisory' and classid = ${sql.raw(NODE_LOCK)} and objsubid = 2
    and objid = (hashtext(current_schema() || ${hash}::text)::int8 & 4294967295)::oid
    and database = (select oid from pg_database where datname = current_database()) limit 1`.execute(db);
  return rows.length > 0;
}

const SESSION_AGAIN_MS = 5000;

/** Starts something on a connection of its own and starts it again after the connection was
 *  lost. Resolves with a function that ends it. */
export async function keepSession(config: ClientConfig, begin: (client: Client) => Promise<unknown>): Promise<() => Promise<void>> {
  let client: Client | null = null;
  let isClosed = false;
  const connect = async () => {
    const made = new TimedClient(config);
    made.on('error', ignore);
    made.on('end', () => {
      if (!isClosed) setTimeout(() => void connect().catch(ignore), SESSION_AGAIN_MS).unref();
    });
    client = made;
    await made.connect();
    await made.query(PATIENCE);
    await begin(made);
  };
  await connect().catch(ignore);
  return async () => {
    isClosed = true;
    await client?.end().catch(ignore);
  };
}
