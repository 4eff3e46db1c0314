import { CompiledQuery, PostgresDialect, PostgresDriver, PostgresIntrospector, sql } from 'kysely';
import type { DatabaseConnection, DatabaseIntrospector, Dialect, Driver, Kysely, PostgresDialectConfig, PostgresPool } from 'kysely';
import type { PostgresPoolClient, TableMetadata, TransactionSettings } from 'kysely';
import { Client, Pool, TypeOverrides } from 'pg';
import type { ClientBase, ClientConfig } from 'pg';
import { StoreError } from '../../model/errors.ts';
import { PUBLISHED } from './published.ts';
import type { Reader } from './reader.ts';

/** Connections of one store: transactions wait for each other anyway, and a server has a hundred
 *  for all its clients. */
const MAX_CONNECTIONS = 3;
/** A server that has fewer than this for its clients is left room for others: one connection has to
 *  do. */
const FEW_CONNECTIONS = 20;
/** A server that has not answered by then is told as unreachable. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Advisory locks are the database's own and named by two numbers: one that others are unlikely to
 *  use, and the schema's. */
const RUN_LOCK = '1313167187, hashtext(current_schema())';
const WRITE_LOCK = '1313167188, hashtext(current_schema())';
const NODE_LOCK = '1313167189';
/** Of every session: whoever holds a lock may lose its power or stand still, and all others wait
 *  for it. Keepalives, or an answer that is not taken, tell the server within a minute that a
 *  machine is gone (its own default is two hours); a transaction in which nothing is asked for a
 *  minute is ended. */
export const PATIENCE = `set tcp_keepalives_idle = '30s'; set tcp_keepalives_interval = '10s'; set tcp_keepalives_count = 3; set tcp_user_timeout = '60s';
  set idle_in_transaction_session_timeout = '60s'`;
/** Lets the transaction at hand wait for who reads or writes at the other end of a pipe, as long as
 *  he takes. */
export const WAITS_FOR_PIPE = 'set local idle_in_transaction_session_timeout = 0';

/** A server as the store uses it. */
export interface PostgresServer {
  /** URL without credentials and parameters. */
  readonly name: string;
  readonly dialect: Dialect;
  /** See Backend.takeLock. */
  readonly takeLock: () => Promise<(() => Promise<void>) | null>;
  /** See Backend.listen. */
  readonly listen: (onPublished: () => void) => Promise<() => Promise<void>>;
  /** See Store.announceNode: a lock that nodes of one configuration share. */
  readonly announceNode: (hash: string) => Promise<() => Promise<void>>;
}

/** Readies connections to a database; the first query makes the first one.
 *  @throws StoreError `store/unusable` at once when the URL is none, at a query when the server
 *  cannot be used. */
export function connectPostgres(url: string, mayWrite: boolean): PostgresServer {
  const name = toName(url);
  const state: LockState = { lost: null };
  const config: ClientConfig = { connectionString: url, types, fallback_application_name: 'newsfold', keepAlive: true };
  try {
    // Reads the URL, connects to nothing.
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
  // A connection that breaks fails what is asked of it; without a listener it would end the process
  // as well.
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

/** Everything up to the last @ goes: a password may hold any character. So do parameters, which may
 *  hold one. */
function toName(url: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/)(?:.*@)?/s, '$1').replace(/[?#].*$/s, '');
}

/** A client that gives up. The pool's own setting of that name would also count the time that a
 *  query waits for a free connection. */
class TimedClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }
}

const ignore = () => undefined;

/** int8 as a number (instants, counts); pg itself gives text. Only our own clients read it so. */
const types = new TypeOverrides();
const INT8 = 20;
types.setTypeParser(INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the store holds the number ${text}, which is too large to be read exactly`);
  return value;
});

/** Readies a connection; gives back how many connections the server has for its clients. */
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

/** One transaction that writes at a time, as in SQLite: what one reads before it writes stays true
 *  until it ends, in every process. So no two deadlock, none meets a row that another has just
 *  made, and both stores are told the same story. Single reads and transactions that say `read
 *  only` never wait. */
class SerialDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode === 'read only') return super.beginTransaction(connection, settings);
    try {
      await connection.executeQuery(CompiledQuery.raw(`begin; select pg_advisory_xact_lock(${WRITE_LOCK})`));
    } catch (error) {
      // kysely ends only what has begun; this one has when its lock is what failed.
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

/** The names of our own tables, all that the migrator looks at. kysely's finds those of every
 *  schema, which are another program's. */
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
      if (state.lost) throw unusable(name, 'the connection that held its lock has ended, and another run may have begun', state.lost);
      const client = await attempt(name, () => pool.connect());
      const query = (text: string, parameters: readonly unknown[]) => attempt(name, () => client.query(text, toParameters(parameters)));
      return { query: query as unknown as PostgresPoolClient['query'], release: (isBroken) => client.release(isBroken) };
    },
    end: () => pool.end(),
  };
}

/** pg would turn a Date into local time, undefined into NULL and objects into JSON; what the schema
 *  does not know is refused here. */
function toParameters(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
    if (value instanceof Uint8Array) return value;
    throw new TypeError(`the store takes text, numbers, bytes and null, not ${value instanceof Date ? 'a Date' : typeof value}`);
  });
}

/** `lost`: why the connection that holds the run lock ended before it was released; null while all
 *  is well. */
interface LockState {
  lost: Error | null;
}

/** A session-level advisory lock on a connection of its own: it is the server that frees it when
 *  the connection ends, so with the process, kill -9 included. */
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
      // Freed before the caller goes on: the server ends a session when it gets to it.
      await client.query(`select pg_advisory_unlock(${RUN_LOCK})`).catch(ignore);
      await client.end();
    };
  });
}

const SESSION_AGAIN_MS = 5000;

/** Begins something on a connection of its own, made anew when it ends; resolves with what ends
 *  it. */
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

/** What is missed while there is no connection is seen by those who look every now and then. */
async function listen(client: Client, onPublished: () => void): Promise<void> {
  client.on('notification', onPublished);
  await client.query(`listen ${PUBLISHED}`);
  onPublished();
}

/** Whether the server lets nobody write: a standby, or one that its owner has set so. Settings
 *  that this connection has made for itself do not count. */
export async function isReadOnly(db: Reader): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`select pg_is_in_recovery() or reset_val = 'on' as is from pg_settings
    where name = 'default_transaction_read_only'`.execute(db);
  return rows[0]?.is === true;
}

/** Whether anybody has the lock of the nodes of a configuration; to try for it would keep others
 *  from seeing that nobody has it. */
export async function hasNode(db: Reader, hash: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_locks where locktype = 'advisory' and classid = ${sql.raw(NODE_LOCK)} and objsubid = 2
    and objid = (hashtext(current_schema() || ${hash}::text)::int8 & 4294967295)::oid
    and database = (select oid from pg_database where datname = current_database()) limit 1`.execute(db);
  return rows.length > 0;
}

/** Wraps what concerns the server; what concerns one statement is rethrown. */
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

/** What is wrong with the server, for the owner; null for an error of one statement.
 *  Five characters are an SQLSTATE (PostgreSQL, appendix A), others Node's. */
function toReason(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof StoreError || error instanceof TypeError) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Node tries every address of a name and reports the failures together, without words of its own.
  const message = error instanceof AggregateError && error.message === '' ? String(error.errors[0]?.message) : error.message;
  const known = reasons.find(([pattern]) => pattern.test(code));
  if (known) return `${message}; ${known[1]}`;
  // pg gives no code for what it finds itself: timeouts, broken connections, a missing password.
  const isStatement = code !== '' || error instanceof RangeError;
  return isStatement ? null : `${message}; check the server, the user and the password`;
}

const reasons: readonly (readonly [code: RegExp, advice: string])[] = [
  [/^ECONNREFUSED$|^ENOENT$/, 'is PostgreSQL running there, and are host and port right?'],
  [/^ENOTFOUND$|^EAI_AGAIN$/, 'check the name of the host'],
  [/^ETIMEDOUT$|^EHOSTUNREACH$|^ENETUNREACH$|^EACCES$|^EPERM$/, 'check host, port and firewall'],
  [/^ECONNRESET$|^EPIPE$|^08...$|^57P0.$/, 'the server has ended the connection, or is starting or stopping'],
  [/^28...$/, 'check the user, its password and pg_hba.conf'],
  [/^3D000$/, 'create the database (createdb), or correct its name'],
  [/^53...$/, 'the server is out of connections, memory or disk space'],
  [/^25006$/, 'the server or this connection only reads'],
];
