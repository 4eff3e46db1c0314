import { STATUS_CODES } from 'node:http';
import type { Problem } from '../../model/errors.ts';
import { NewsfoldError } from '../../model/errors.ts';
import { nameUrl } from '../../model/values/address.ts';

/** The exchange that failed. */
interface FailedExchange {
  /** The URL of the last request. */
  readonly url: URL;
  readonly timeoutMs: number;
  /** true when the deadline ended the exchange, whatever the error says. */
  readonly isLate: boolean;
  readonly isProxied: boolean;
}

/** Returns the problem of an exchange without an answer. The error of undici, the resolver, TLS or
 *  the address check is known by its `code`, or its cause's. Of several errors the first counts
 *  (net.connect gives one for each address). Unknown errors become `fetch/network` with their own
 *  words. */
export function toProblem(error: unknown, exchange: FailedExchange): Problem {
  const name = nameUrl(exchange.url);
  const late = {
    code: 'fetch/timeout',
    message: `${name} did not answer in full within ${exchange.timeoutMs} ms; it is tried again later; if that recurs, give this source a longer timeout`,
  };
  if (exchange.isLate) return late;
  const known = toErrors(error).find((candidate) => candidate instanceof NewsfoldError);
  if (known !== undefined) return { code: known.code, message: `${name} was not requested: ${known.message}` };
  const codes = toErrors(error).map((candidate) => ('code' in candidate ? String(candidate.code) : ''));
  const has = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  const prefix = exchange.isProxied ? 'the proxy for ' : '';
  if (has(/^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/)) return late;
  if (has(/^(ENOTFOUND|ENODATA|ESERVFAIL|EAI_\w+)$/)) {
    return {
      code: 'fetch/unknown-host',
      message: `the host of ${prefix}${name} is unknown to DNS; check its spelling, or whether this machine is online`,
    };
  }
  if (has(/^ECONNREFUSED$/)) {
    return { code: 'fetch/refused', message: `${prefix}${name} refused the connection; check host and port, or whether its server is up` };
  }
  if (has(/^(UND_ERR_PRX_TLS|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$)/)) {
    return {
      code: 'fetch/tls',
      message: `${prefix}${name} could not be reached over TLS: ${wordsOf(error)}; its publisher has to fix that`,
    };
  }
  const fault = toErrors(error)
    .map(readProtocolFault)
    .find((found) => found !== null);
  if (fault !== undefined) {
    return {
      code: 'fetch/protocol',
      message: `${prefix}${name} violates HTTP (${fault}); its publisher has to fix that`,
    };
  }
  if (has(/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/) && !exchange.isProxied) {
    return {
      code: 'fetch/bad-header',
      message: `${name} was not requested: ${wordsOf(error)}; check headers and userAgent of this source`,
    };
  }
  return { code: 'fetch/network', message: `${prefix}${name} gave no answer: ${wordsOf(error)}; it is tried again later` };
}

/** Thrown into an exchange whose server sends more interim answers (1xx) than MAX_INTERIM. */
class InterimFlood extends Error {}

/** Most interim answers. More than one 103 is rare, more than this an attack: each costs work, and
 *  none is progress. */
const MAX_INTERIM = 20;

/** Returns the handler for the interim answers (RFC 9110 §15.2) of one request. It ignores up to
 *  MAX_INTERIM of them.
 *  @throws InterimFlood beyond that; toProblem knows it. */
export function createInterimLimit(): () => void {
  let count = 0;
  return () => {
    if (++count > MAX_INTERIM) throw new InterimFlood(`more than ${MAX_INTERIM} interim answers`);
  };
}

/** Returns the problem of an answer whose status brings no feed: the status in words (RFC 9110 §15)
 *  and the owner's remedy. The code is `fetch/gone` for 410 (docs/polling.md A11), else
 *  `fetch/status`. */
export function toStatusProblem(status: number, url: URL): Problem {
  const code = status === 410 ? 'fetch/gone' : 'fetch/status';
  return {
    code,
    message: `${nameUrl(url)} answered ${status} ${(STATUS_CODES[status] ?? 'unknown status').toLowerCase()}; ${adviceOn(status)}`,
  };
}

function adviceOn(status: number): string {
  if (status === 410) return 'the feed is gone for good and is not requested again: remove the source or give it a new address';
  if (status === 401 || status === 407) return 'set auth or headers of this source';
  if (status === 403 || status === 451) return 'its publisher refuses: ask them, or set auth or headers of this source';
  if (status === 404) return 'check the address; it is tried again ever more rarely';
  if (status === 429) return 'too many requests were sent, so there is a pause now: give this source a longer interval';
  if (status >= 500) return "the publisher's server is failing; it is tried again later";
  return '200 with a feed was expected; open the address in a browser to see why';
}

/** Returns the server's violation of RFC 9112, in words; null when the error is of another kind. */
function readProtocolFault(error: Error): string | null {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'the head of its answer is larger than 16 kB';
  if (error instanceof InterimFlood) return error.message;
  // undici asserts that a server cannot do certain things, such as answering with status 000.
  if (code === 'ERR_ASSERTION') return 'an impossible status';
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)$/.test(error.message))
    return 'it switches to a protocol that was not requested';
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'its content-length is wrong';
  // The error's code is of no use: undici 8 leaves it undefined.
  if (error.name !== 'HTTPParserError') return null;
  return /\((.+)\)$/.exec(error.message.slice(-1000))?.[1]?.slice(0, 100).toLowerCase() ?? 'this is not HTTP';
}

function toErrors(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...inner, error.cause].filter((candidate): candidate is Error => candidate instanceof Error);
}

/** OpenSSL's lines are its file names and numbers around one reason in words:
 *  `40C3…:error:0A00010B:SSL routines:f:wrong version number:…`. */
const OPENSSL = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/;

/** Returns the error's own words as part of a sentence, up to a line end or Node's advice to
 *  programmers. */
function wordsOf(error: unknown): string {
  const [first] = toErrors(error);
  const message = first?.message ?? String(error);
  const line = OPENSSL.exec(message)?.[1] ?? message.split(/[\n;]/)[0] ?? '';
  return (line === '' ? 'unknown error' : line.slice(0, 1000)).replace(/[.;\s]+$/, '').slice(0, 160);
}
