import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import type { HostTurns } from '../ports/host-turns.ts';

/** Advisory locks of a host: one for whose turn it is to begin, then one for each exchange at once. The numbers are those of postgres.ts counted on. */
const FIRST_LOCK = 1_313_167_190;
/** How often a host that others ask is looked at again, milliseconds. */
const LOOK_MS = 200;
const CONNECT_TIMEOUT_MS = 10_000;

/** A connection, and the locks of this process on it: PostgreSQL gives a session the same lock twice. */
interface Session {
  readonly client: Client;
  readonly held: Set<string>;
}

/** Turns over PostgreSQL: at most `limit` exchanges with a host at once in all processes that use the database. The server frees the places of a process that ends,
 *  however it ends. The first turn makes the connection. */
export function createHostTurns(url: string, limit: number): HostTurns {
  let opening: Promise<Session> | null = null;
  let isClosed = false;
  const open = async (): Promise<Session> => {
    const client = new Client({
      connectionString: url,
      application_name: 'newsfold-hosts',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // What it held is free; the next turn makes a new one.
    client.on('error', () => (opening = null));
    client.on('end', () => (opening = null));
    await client.connect();
    await client.query("set tcp_keepalives_idle = '30s'; set tcp_keepalives_interval = '10s'; set tcp_keepalives_count = 3");
    return { client, held: new Set() };
  };
  const connect = () =>
    (opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    }));

  /** Waits for one of these locks of a host. */
  async function take({ client, held }: Session, host: string, locks: readonly number[]): Promise<() => void> {
    for (;;) {
      for (const lock of locks) {
        const name = `${lock} ${host}`;
        if (held.has(name)) continue;
        held.add(name);
        const key = [lock, host];
        const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${KEY}) as taken`, key);
        if (rows[0]?.taken === true)
          return () => {
            const freed = client.query(`select pg_advisory_unlock(${KEY})`, key);
            // A connection that has ended holds nothing.
            freed.catch(() => undefined).finally(() => held.delete(name));
          };
        held.delete(name);
      }
      await setTimeout(LOOK_MS);
      if (isClosed) throw new Error('closed');
    }
  }

  return {
    async take(host, spacingMs) {
      try {
        const session = await connect();
        const endTurn = await take(session, host, [FIRST_LOCK]);
        const endPlace = await take(
          session,
          host,
          Array.from({ length: limit }, (_, n) => FIRST_LOCK + 1 + n),
        ).catch((error: unknown) => {
          endTurn();
          throw error;
        });
        void setTimeout(spacingMs, undefined, { ref: false }).then(endTurn);
        return endPlace;
      } catch {
        return () => undefined;
      }
    },
    async close() {
      isClosed = true;
      const session = await opening?.catch(() => null);
      await session?.client.end();
    },
  };
}

const KEY = "$1::integer, hashtext(current_schema() || ' ' || $2)";
