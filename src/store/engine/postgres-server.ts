import { CompiledQuery, PostgresDialect, PostgresDriver, PostgresIntrospector, sql } from 'kysely';
import type { DatabaseConnection, DatabaseIntrospector, Dialect, Driver, Kysely, PostgresDialectConfig, PostgresPool } from 'kysely';
import type { PostgresPoolClient, TableMetadata, TransactionSettings } from 'kysely';
import { Client, Pool, TypeOverrides } from 'pg';
import type { ClientBase, ClientConfig } from 'pg';
import { StoreError } from '../../model/errors.ts';
import { PUBLISHED } from './published.ts';
import type { Reader } from './reader.ts';

/** Most connections per store. Writing transactions wait for each other anyway, and a server has
 *  a hundred connections for all its clients. */
const MAX_CONNECTIONS = 3;
/** A server with fewer connections than this gets one connection only, to leave room for others. */
const FEW_CONNECTIONS = 20;
/** Time to wait for a connection, in milliseconds; afterwards the server counts as unreachable. */
const CONNECT_TIMEOUT_MS = 10_000;
/** The advisory lock of a run. Such locks belong to one database and are named by two
 *  numbers. The first is one that other programs are unlikely to use, the second a hash of the
 *  schema. */
const RUN_LOCK = '1313167187, hashtext(current_schema())';
const WRITE_LOCK = '1313167188, hashtext(current_schema())';
const NODE_LOCK = '1313167189';
/** Settings of every session. The holder of a lock may lose power or hang while all others wait.
 *  Keepalives and unacknowledged data tell the server within a minute that a machine is gone
 *  (its default is two hours). A transaction that is idle for a minute is ended. */
export const PATIENCE = `set tcp_keepalives_idle = '30s'; set tcp_keepalives_interval = '10s'; set tcp_keepalives_count = 3; set tcp_user_timeout = '60s';
  set idle_in_transaction_session_timeout = '60s'`;
/** Lifts the idle limit of the present transaction, which waits for a reader or writer at the
 *  other end of a pipe. */
export const WAITS_FOR_PIPE = 'set local idle_in_transaction_session_timeout = 0';

/** The connections of a store to its server. */
export interface PostgresServer {
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
    announceNode: (hash) =>
      keepSession(config, (client) =>
        client.query(`select pg_advisory_lock_shared(${NODE_LOCK}, hashtext(current_schema() || $1::text))`, [hash]),
      ),
  };
}

/** Returns the URL without everything up to the last @, because a password may contain any
 *  character. Parameters go too, because they may contain a password. */
function toName(url: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/)(?:.*@)?/s, '$1').replace(/[?#].*$/s, '');
}

/** A client with a time limit for connecting. The pool's own setting of that name would also
 *  count the wait for a free connection. */
class TimedClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }
}

const ignore = () => undefined;

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

/** `lost`: reason why the connection with the run lock ended before the lock was released; null
 *  while it lives. */
interface LockState {
  lost: Error | null;
}

/** Takes a session-level advisory lock on a connection of its own. The server releases it when
 *  the connection ends, also after kill -9. */
async function takeRunLock(config: ClientConfig, name: string, state: LockState): Promise<(() => Promise<void>) | null> {
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

const SESSION_AGAIN_MS = 5000;

/** Starts something on a connection of its own and starts it again after the connection was
 *  lost. Resolves with a function that ends it. */
async function keepSession(config: ClientConfig, begin: (client: Client) => Promise<unknown>): Promise<() => Promise<void>> {
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

/** Reports whether any process holds the lock of nodes with this configuration. Trying to take
 *  the lock would make it look held to others. */
export async function hasNode(db: Reader, hash: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_locks where locktype = 'advisory' and classid = ${sql.raw(NODE_LOCK)} and objsubid = 2
    and objid = (hashtext(current_schema() || ${hash}::text)::int8 & 4294967295)::oid
    and database = (select oid from pg_database where datname = current_database()) limit 1`.execute(db);
  return rows.length > 0;
}

/** Wraps errors of the server; rethrows errors of a single statement. */
async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = toReason(error);
    throw reason === null ? error : unusable(name, reason, error);
  }
}

function unusable(name: string, reason: string, cause?: unknown): StoreError {
  return new StoreError('store/unusable', name, `the store ${name} cannot be used: ${reason}`, cause);
}

/** Returns the fault of the server as text for the owner; null for an error of a single
 *  statement. Codes of five characters are SQLSTATEs (PostgreSQL, appendix A), others are
 *  Node's. */
function toReason(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof StoreError || error instanceof TypeError) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Node tries every address of a host and reports the failures as one error with an empty message.
  const message = error instanceof AggregateError && error.message === '' ? String(error.errors[0]?.message) : error.message;
  const known = reasons.find(([pattern]) => pattern.test(code));
  if (known) return `${message}; ${known[1]}`;
  // pg gives no code for errors that it finds itself: timeouts, broken connections, a missing
  // password.
  const isStatement = code !== '' || error instanceof RangeError;
  return isStatement ? null : `${message}; check the server, the user and the password`;
}

const reasons: readonly (readonly [code: RegExp, advice: string])[] = [
  [/^ECONNREFUSED$|^ENOENT$/, 'check that PostgreSQL is running there, and that host and port are right'],
  [/^ENOTFOUND$|^EAI_AGAIN$/, 'check the name of the host'],
  [/^ETIMEDOUT$|^EHOSTUNREACH$|^ENETUNREACH$|^EACCES$|^EPERM$/, 'check host, port and firewall'],
  [/^ECONNRESET$|^EPIPE$|^08...$|^57P0.$/, 'the server has ended the connection, or is starting or stopping'],
  [/^28...$/, 'check the user, its password and pg_hba.conf'],
  [/^3D000$/, 'create the database (createdb), or correct its name'],
  [/^53...$/, 'the server is out of connections, memory or disk space'],
  [/^25006$/, 'the server or this connection is read-only'],
];
