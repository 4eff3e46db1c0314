import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../../ports/log.ts';
import { ignore, PATIENCE } from './postgres-client.ts';

/** Advisory locks of a host: the first for the turn to begin, the others for one exchange each.
 *  The numbers continue those of postgres-lock.ts. */
const FIRST_LOCK = 1_313_167_190;
/** Time between two attempts to get the lock of a busy host, in milliseconds. */
const LOOK_MS = 200;
/** Time after which a held lock is ignored, in milliseconds: longer than any exchange takes, so
 *  its holder hangs. */
const PATIENCE_MS = 5 * 60_000;
/** Time to wait for the server, in milliseconds. After it each node keeps its own limits, and
 *  tries the server again later. */
const TIMEOUT_MS = 10_000;
const AGAIN_MS = 30_000;

/** A connection and the locks of this process on it. They are counted here, because PostgreSQL
 *  grants a session the same lock twice. */
interface Session {
  /** Calls a function with a lock of a host, after the former calls have ended. */
  readonly ask: (name: 'pg_try_advisory_lock' | 'pg_advisory_unlock', lock: number, host: string) => Promise<boolean>;
  readonly held: Set<string>;
  readonly end: () => Promise<void>;
}

/** Limits the exchanges with a host over PostgreSQL: at most `limit` at once in all processes
 *  that use the database. The server releases the locks of a process when it ends for any
 *  reason. The first turn opens the connection. */
export function createHostTurns(url: string, limit: number, log: Log) {
  const exchangeLocks = Array.from({ length: limit }, (_, n) => FIRST_LOCK + 1 + n);
  let session: Promise<Session> | null = null;
  let asksAgainAt = 0;
  let isClosed = false;

  function connect(): Promise<Session> {
    session ??= open(url, () => (session = null));
    return session;
  }

  /** Uses the limits of this process alone for a while, because the server cannot be asked. */
  function giveUp(error: unknown): void {
    if (isClosed || performance.now() < asksAgainAt) return;
    asksAgainAt = performance.now() + AGAIN_MS;
    log.warn(
      { err: error },
      'other nodes cannot be asked about their requests to hosts: each node keeps its own limits until the database answers again',
    );
  }

  /** Waits for one of these locks of a host; null when the wait was given up. */
  async function take({ ask, held }: Session, host: string, locks: readonly number[]): Promise<(() => void) | null> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      for (const lock of locks) {
        const name = `${lock} ${host}`;
        if (held.has(name)) continue;
        held.add(name);
        let isTaken = false;
        try {
          isTaken = await ask('pg_try_advisory_lock', lock, host);
        } finally {
          if (!isTaken) held.delete(name);
        }
        // A connection that has ended holds no lock.
        const free = () => void ask('pg_advisory_unlock', lock, host).then(() => held.delete(name), giveUp);
        if (isTaken) return free;
      }
      if (isClosed || performance.now() > end) return null;
      await setTimeout(LOOK_MS);
    }
  }

  return {
    async take(host: string, spacingMs: number): Promise<() => void> {
      if (isClosed || performance.now() < asksAgainAt) return ignore;
      try {
        const current = await connect();
        const endTurn = await take(current, host, [FIRST_LOCK]);
        const endExchange = await take(current, host, exchangeLocks).finally(() => {
          if (endTurn) void setTimeout(spacingMs, undefined, { ref: false }).then(endTurn);
        });
        if (!endTurn || !endExchange)
          log.warn({ host }, 'another node has not finished its requests to a host for minutes: this node no longer waits for it');
        return endExchange ?? ignore;
      } catch (error) {
        giveUp(error);
        return ignore;
      }
    },
    async close(): Promise<void> {
      isClosed = true;
      const opened = await session?.catch(() => null);
      await opened?.end();
    },
  };
}

/** Connects. `onLost` is called once when connecting fails, or the connection ends. */
function open(url: string, onLost: () => void): Promise<Session> {
  const settings = { keepAlive: true, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS };
  const client = new Client({ connectionString: url, application_name: 'newsfold-hosts', ...settings });
  let isLost = false;
  const lose = () => {
    if (isLost) return;
    isLost = true;
    onLost();
    // Leaves nothing open that would keep a program from ending.
    client.end().catch(ignore);
  };
  client.on('error', lose);
  client.on('end', lose);
  // One query at a time, because a session runs one at a time.
  let last: Promise<unknown> = Promise.resolve();
  const begin = async (): Promise<Session> => {
    await client.connect();
    await client.query(PATIENCE);
    return {
      ask(name, lock, host) {
        const text = `select ${name}($1::integer, hashtext(current_schema() || ' ' || $2)) as done`;
        const asking = last.then(() => client.query<{ done: boolean }>(text, [lock, host]));
        last = asking.catch(lose);
        return asking.then(({ rows }) => rows[0]?.done === true);
      },
      held: new Set(),
      async end() {
        await last;
        isLost = true;
        await client.end();
      },
    };
  };
  return begin().catch((error: unknown) => {
    lose();
    throw error;
  });
}
