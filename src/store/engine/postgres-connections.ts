import { CompiledQuery, PostgresDialect, PostgresDriver, PostgresIntrospector, sql } from 'kysely';
import type { DatabaseConnection, DatabaseIntrospector, Dialect, Driver, Kysely, PostgresDialectConfig, PostgresPool } from 'kysely';
import type { PostgresPoolClient, TableMetadata, TransactionSettings } from 'kysely';
import { Client, Pool, TypeOverrides } from 'pg';
import type { ClientBase, ClientConfig } from 'pg';
import { attempt, ignore, PATIENCE, TimedClient, unusable } from './postgres-client.ts';
import { announceNode, keepSession, takeRunLock } from './postgres-lock.ts';
import type { LockState } from './postgres-lock.ts';
import { PUBLISHED } from './publish-signal.ts';
import type { Reader } from './reader.ts';

/** Most connections per store. Writing transactions wait for each other anyway, and a server has
 *  a hundred connections for all its clients. */
const MAX_CONNECTIONS = 3;
/** A server with fewer connections than this gets one connection only, to leave room for others. */
const FEW_CONNECTIONS = 20;
/** The advisory lock of writing transactions; the numbers are those of postgres-lock.ts. */
const WRITE_LOCK = '1313167188, hashtext(current_schema())';
/** Lifts the idle limit of the present transaction, which waits for a reader or writer at the
 *  other end of a pipe. */
export const WAITS_FOR_PIPE = 'set local idle_in_transaction_session_timeout = 0';

/** The connections of a store to its server. */
interface PostgresServer {
  /** URL without credentials and parameters. */
  readonly name: string;
  readonly dialect: Dialect;
  /** See Backend.takeLock. */
  readonly takeLock: () => Promise<(() => Promise<void>) | null>;
  /** See Backend.listen. */
  readonly listen: (onPublished: () => void) => Promise<() => Promise<void>>;
  /** See ClusterWrites.announceNode. Nodes with the same configuration share one lock. */
  readonly announceNode: (hash: string) => Promise<() => Promise<void>>;
}

/** Prepares connections to a database. The first query opens the first one.
 *  @throws StoreError `store/unusable` at once when the URL is invalid. A query throws it when
 *  the server cannot be used. */
export function connectPostgres(url: string, mayWrite: boolean): PostgresServer {
  const name = toName(url);
  const state: LockState = { lost: null };
  const config: ClientConfig = { connectionString: url, types, fallback_application_name: 'newsfold', keepAlive: true };
  try {
    // Parses the URL without connecting.
    void new TimedClient(config);
  } catch (error) {
    throw unusable(name, 'the URL cannot be read: it should be postgres://USER@HOST/DATABASE', error);
  }
  const pool = new Pool({
    ...config,
    Client: TimedClient,
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: 60_000,
    onConnect: async (client) => {
      if ((await prepare(client, name, mayWrite)) < FEW_CONNECTIONS) pool.options.max = 1;
    },
  });
  // A broken connection fails its query. Without a listener the error event would also end the
  // process.
  pool.on('connect', (client) => client.on('error', ignore));
  pool.on('error', ignore);
  return {
    name,
    dialect: new SerialDialect({ pool: adaptPool(pool, name, state) }),
    takeLock: () => takeRunLock(config, name, state),
    listen: (onPublished) => keepSession(config, (client) => listen(client, onPublished)),
    announceNode: (hash) => announceNode(config, hash),
  };
}

/** Returns the URL without everything up to the last @, because a password may contain any
 *  character. Parameters go too, because they may contain a password. */
function toName(url: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/)(?:.*@)?/s, '$1').replace(/[?#].*$/s, '');
}

/** Reads int8 (instants, counts) as a number, in our own clients only. By default pg returns
 *  text. */
const types = new TypeOverrides();
const INT8 = 20;
types.setTypeParser(INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the store contains the number ${text}, which is too large to be read exactly`);
  return value;
});

/** Prepares a connection. Returns the number of connections that the server offers to its
 *  clients. */
async function prepare(client: ClientBase, name: string, mayWrite: boolean): Promise<number> {
  await client.query(PATIENCE);
  const { rows } = await client.query<{ encoding: string; room: number }>(
    `select current_setting('server_encoding') as encoding,
      current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as room
      ${mayWrite ? '' : ", set_config('default_transaction_read_only', 'on', false)"}`,
  );
  const { encoding, room } = rows[0] ?? { encoding: undefined, room: Infinity };
  if (encoding !== 'UTF8') {
    throw unusable(
      name,
      `its encoding is ${encoding}, which cannot hold every text: create the database with ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  return room;
}

/** Allows one writing transaction at a time, as in SQLite. Data that a transaction has read
 *  stays valid until it ends, in every process. So transactions never deadlock, and none meets a
 *  row that another has just inserted. Single reads and `read only` transactions never wait. */
class SerialDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode === 'read only') return super.beginTransaction(connection, settings);
    try {
      await connection.executeQuery(CompiledQuery.raw(`begin; select pg_advisory_xact_lock(${WRITE_LOCK})`));
    } catch (error) {
      // kysely rolls back only after a successful begin; here the begin succeeded and the lock
      // failed.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(ignore);
      throw error;
    }
  }
}

class SerialDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new SerialDriver(this.#config);
  }

  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new OwnTables(db);
  }
}

/** Lists our own tables, which is all that the migrator needs. kysely's version lists the tables
 *  of every schema, including those of other programs. */
class OwnTables extends PostgresIntrospector {
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    super(db);
    this.#db = db;
  }

  override async getTables(): Promise<TableMetadata[]> {
    const { rows } = await sql<{ name: string }>`select tablename::text as name from pg_tables where schemaname = current_schema()`.execute(
      this.#db,
    );
    return rows.map(({ name }) => ({ name, isView: false, isForeign: false, columns: [] }));
  }
}

function adaptPool(pool: Pool, name: string, state: LockState): PostgresPool {
  return {
    options: pool.options,
    async connect() {
      if (state.lost) throw unusable(name, 'the connection that held the run lock has ended, so another run may have started', state.lost);
      const client = await attempt(name, () => pool.connect());
      const query = (text: string, parameters: readonly unknown[]) => attempt(name, () => client.query(text, toParameters(parameters)));
      return { query: query as unknown as PostgresPoolClient['query'], release: (isBroken) => client.release(isBroken) };
    },
    end: () => pool.end(),
  };
}

/** Refuses values that the schema does not have. pg would turn a Date into local time, undefined
 *  into NULL and objects into JSON. */
function toParameters(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
    if (value instanceof Uint8Array) return value;
    throw new TypeError(`the store accepts text, numbers, bytes and null, not ${value instanceof Date ? 'a Date' : typeof value}`);
  });
}

/** Listens for publishing. A message that is missed without a connection is found by the regular
 *  check of `readMark`. */
async function listen(client: Client, onPublished: () => void): Promise<void> {
  client.on('notification', onPublished);
  await client.query(`listen ${PUBLISHED}`);
  onPublished();
}

/** Reports whether the server refuses writes to everybody: a standby, or a server that was set
 *  read-only. Settings of this connection itself do not count. */
export async function isReadOnly(db: Reader): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`select pg_is_in_recovery() or reset_val = 'on' as is from pg_settings
    where name = 'default_transaction_read_only'`.execute(db);
  return rows[0]?.is === true;
}
