import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { StoreError } from '../../model/errors.ts';

/** Time to wait for a connection, in milliseconds; afterwards the server counts as unreachable. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Settings of every session. The holder of a lock may lose power or hang while all others wait.
 *  Keepalives and unacknowledged data tell the server within a minute that a machine is gone
 *  (its default is two hours). A transaction that is idle for a minute is ended. */
export const PATIENCE = `set tcp_keepalives_idle = '30s'; set tcp_keepalives_interval = '10s'; set tcp_keepalives_count = 3; set tcp_user_timeout = '60s';
  set idle_in_transaction_session_timeout = '60s'`;

/** A client with a time limit for connecting. The pool's own setting of that name would also
 *  count the wait for a free connection. */
export class TimedClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }
}

/** Takes an event or error that another place reports. */
export const ignore = (): undefined => undefined;

/** Wraps errors of the server; rethrows errors of a single statement. */
export async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = toReason(error);
    throw reason === null ? error : unusable(name, reason, error);
  }
}

/** Makes the error of a server that cannot be used. */
export function unusable(name: string, reason: string, cause?: unknown): StoreError {
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
