import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import type { HostTurns } from '../ports/host-turns.ts';

/** Advisory locks of a host: one for whose turn it is to begin, then one for each exchange at once. The numbers are those of postgres.ts counted on. */
const FIRST_LOCK = 1_313_167_190;
/** How often a host that others ask is looked at again, milliseconds. */
const LOOK_MS = 200;
/** A server that does not answer for so long cannot be asked. */
const TIMEOUT_MS = 10_000;

/** A connection, and the locks of this process on it: PostgreSQL gives a session the same lock twice. */
interface Session {
  /** Calls a function with a lock of a host, after what was asked before. */
  readonly ask: (name: 'pg_try_advisory_lock' | 'pg_advisory_unlock', lock: number, host: string) => Promise<boolean>;
  readonly held: Set<string>;
  readonly end: () => Promise<void>;
}

/** Turns over PostgreSQL: at most `limit` exchanges with a host at once in all processes that use the database. The server frees the places of a process that ends,
 *  however it ends. The first turn makes the connection. */
export function createHostTurns(url: string, limit: number): HostTurns {
  let opening: Promise<Session> | null = null;
  let isClosed = false;
  const open = async (onLost: () => void): Promise<Session> => {
    const client = new Client({
      connectionString: url,
      application_name: 'newsfold-hosts',
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    client.on('error', onLost);
    client.on('end', onLost);
    await client.connect();
    await client.query("set tcp_keepalives_idle = '30s'; set tcp_keepalives_interval = '10s'; set tcp_keepalives_count = 3");
    // One question at a time, as a session takes them.
    let last: Promise<unknown> = Promise.resolve();
    return {
      ask(name, lock, host) {
        const text = `select ${name}($1::integer, hashtext(current_schema() || ' ' || $2)) as done`;
        const asking = last.then(() => client.query<{ done: boolean }>(text, [lock, host]));
        last = asking.catch(() => undefined);
        return asking.then(({ rows }) => rows[0]?.done === true);
      },
      held: new Set(),
      end: async () => {
        await last;
        await client.end();
      },
    };
  };
  const connect = () => {
    // What a lost connection held is free; the next turn makes a new one.
    const forget = () => {
      if (opening === made) opening = null;
    };
    const made = (opening ??= open(() => forget()));
    made.catch(forget);
    return made;
  };

  /** Waits for one of these locks of a host. */
  async function take({ ask, held }: Session, host: string, locks: readonly number[]): Promise<() => void> {
    for (;;) {
      for (const lock of locks) {
        const name = `${lock} ${host}`;
        if (held.has(name)) continue;
        held.add(name);
        if (await ask('pg_try_advisory_lock', lock, host))
          return () => {
            // A connection that has ended holds nothing.
            const freeing = ask('pg_advisory_unlock', lock, host).catch(() => undefined);
            void freeing.then(() => held.delete(name));
          };
        held.delete(name);
      }
      await setTimeout(LOOK_MS);
      if (isClosed) throw new Error('closed');
    }
  }

  return {
    async take(host, spacingMs) {
      let session: Session | null = null;
      try {
        session = await connect();
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
        await session?.end().catch(() => undefined);
        return () => undefined;
      }
    },
    async close() {
      isClosed = true;
      const session = await opening?.catch(() => null);
      await session?.end();
    },
  };
}
