import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Problem } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Fetcher, FetchRequest, FetchResult, PollHints } from '../../ports/fetcher.ts';
import { addressIn, createLookup, isAllowedAddress, privateAddressError } from './private-network.ts';
import { readBody } from './body.ts';
import { Deadline } from './deadline.ts';
import { createInterimLimit, toProblem, toStatusProblem } from './fetch-problem.ts';
import { HostLimit } from './host-limit.ts';
import type { HostTurns } from './host-limit.ts';
import { isExcepted } from './no-proxy.ts';
import { readFreshUntil, readRetryAfter } from './poll-hints.ts';
import { RedirectTrail } from './redirects.ts';
import { asksForDelta, buildHeaders, parseTarget, type RequestTarget } from './request.ts';
import { nameUrl } from '../../model/values/address.ts';

/** Request settings of every source without options of its own (docs/configuration.md#fetch). */
export interface FetchSettings {
  /** `Newsfold/x.y (+URL)` (docs/polling.md A12). */
  readonly userAgent: string;
  /** Most requests at once to one host (docs/polling.md A15). */
  readonly perHost: number;
  /** Least time between the starts of two exchanges with a host, milliseconds (docs/polling.md
   *  A15). */
  readonly spacingMs: (hostname: string) => number;
  /** Milliseconds for the whole exchange, with redirects, without waiting for a busy host. */
  readonly timeoutMs: number;
  /** Largest body in bytes, encoded and decoded. */
  readonly maxBytes: number;
  /** http(s) URL of the proxy, which then checks addresses itself; null for none. */
  readonly proxy: string | null;
  /** Hosts that are requested without the proxy, as in NO_PROXY. */
  readonly noProxy: readonly string[];
  /** CIDR ranges outside the public internet that may be connected to (docs/polling.md A18). */
  readonly allowPrivateAddresses: readonly string[];
}

/** Most bytes of a redirect's or an error's body that are read to keep the connection. */
const MAX_DISCARDED_BYTES = 16_384;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Statuses whose freshness counts (docs/polling.md A6): a 404 that may be cached for a year says
 *  nothing of the feed. */
const WITH_FRESHNESS: ReadonlySet<number> = new Set([200, 226, 304, 429]);

/** Returns the Fetcher over HTTP. It sends conditional GETs through undici with validators byte for
 *  byte, and follows redirects by hand, checking every hop. One deadline bounds the exchange, and
 *  one limit the inflated body. At most `perHost` exchanges with one host run at once
 *  (docs/polling.md A2, A3, A6, A7, A10 to A15, A18; RFC 9110 §13, §15). It never rejects: a
 *  failure is a `failed` result with a problem. Validators are null in a result when the answer has
 *  none. `turns` are shared with other processes, and closed with the fetcher. close() waits for
 *  exchanges under way; afterwards every request fails with `fetch/network`. */
export function createFetcher(settings: FetchSettings, clock: Clock, turns: HostTurns | null = null): Fetcher {
  const context: Context = {
    settings,
    clock,
    dispatchers: createDispatchers(settings),
    hosts: new HostLimit(settings.perHost, settings.spacingMs, turns),
  };
  const running = new Set<Promise<FetchResult>>();
  return {
    fetch: async (request) => {
      const exchange = fetchDocument(context, request);
      running.add(exchange);
      try {
        return await exchange;
      } finally {
        running.delete(exchange);
      }
    },
    close: async () => {
      // A caller that waits for its turn continues without it.
      const closing = turns?.close();
      await Promise.allSettled(running);
      // destroy() instead of close(), which waits for connections that are still being made for
      // requests given up long ago.
      await Promise.all(Object.values(context.dispatchers).map((dispatcher) => dispatcher?.destroy()));
      await closing;
    },
  };
}

interface Context {
  readonly settings: FetchSettings;
  readonly clock: Clock;
  readonly dispatchers: Dispatchers;
  readonly hosts: HostLimit;
}

/** The state of one call of fetch(). */
interface Exchange {
  readonly request: FetchRequest;
  readonly target: RequestTarget;
  readonly trail: RedirectTrail;
  readonly deadline: Deadline;
  readonly timeoutMs: number;
}

type Answer = Dispatcher.ResponseData;

/** Connections by their permission: to allowed private addresses too, to public addresses alone,
 *  and through the proxy. */
interface Dispatchers {
  readonly direct: Dispatcher;
  readonly publicOnly: Dispatcher;
  readonly proxy: Dispatcher | null;
}

function createDispatchers(settings: FetchSettings): Dispatchers {
  const shared = {
    // HostLimit limits the connections instead. A request must not queue behind a connection that
    // never gets made.
    connections: null,
    // The deadline replaces these timeouts, which would only cut a longer timeout of one source.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A feed is one request an hour: HTTP/2 gains nothing, and its streams would evade the limit of
    // connections.
    allowH2: false,
  };
  const connectTo = (allow: readonly string[]) =>
    new Agent({ ...shared, connect: { lookup: createLookup(allow), timeout: settings.timeoutMs } });
  return {
    direct: connectTo(settings.allowPrivateAddresses),
    publicOnly: connectTo([]),
    proxy: settings.proxy === null ? null : new ProxyAgent({ ...shared, uri: settings.proxy, connectTimeout: settings.timeoutMs }),
  };
}

/** Returns the connections for a request, and the ranges outside the public internet that it may
 *  reach. A proxy checks addresses itself. */
function choose({ dispatchers, settings }: Context, url: URL, { publicOnly }: FetchRequest) {
  if (dispatchers.proxy !== null && !isExcepted(url, settings.noProxy)) return { dispatcher: dispatchers.proxy, allow: null };
  return publicOnly
    ? { dispatcher: dispatchers.publicOnly, allow: [] }
    : { dispatcher: dispatchers.direct, allow: settings.allowPrivateAddresses };
}

async function fetchDocument(context: Context, request: FetchRequest): Promise<FetchResult> {
  const target = parseTarget(request.url);
  if (target === null) {
    const message = `${nameUrl(request.url)} is no http:// or https:// address; correct the source`;
    return { kind: 'failed', problem: { code: 'fetch/bad-url', message }, gone: false, hints: noAnswer(request.url) };
  }
  const timeoutMs = request.options.timeoutMs ?? context.settings.timeoutMs;
  const exchange: Exchange = { request, target, trail: new RedirectTrail(target.url), deadline: new Deadline(timeoutMs), timeoutMs };
  let release = await context.hosts.enter(target.url.hostname);
  try {
    for (let hints = noAnswer(target.address); ;) {
      const { url } = exchange.trail;
      exchange.deadline.start();
      const answer = await ask(context, exchange);
      if ('code' in answer) return { kind: 'failed', problem: answer, gone: false, hints: { ...hints, status: null } };
      hints = readHints(context, exchange, answer);
      if (!REDIRECTS.has(answer.statusCode)) return await conclude(context, exchange, answer, hints);
      await discard(answer, exchange.deadline.signal);
      const problem = exchange.trail.follow(answer.statusCode, field(answer, 'location'));
      if (problem !== null) return { kind: 'failed', problem, gone: false, hints };
      const next = exchange.trail.url;
      const isElsewhere = next.origin !== url.origin;
      if (next.hostname === url.hostname && !(isElsewhere && request.mayFollow)) continue;
      exchange.deadline.pause();
      // The turn is given back first: checking whether the redirect may be followed takes a turn of
      // its own.
      release();
      const refusal = isElsewhere && request.mayFollow ? await request.mayFollow(next) : null;
      if (refusal !== null) return { kind: 'failed', problem: refusal, gone: false, hints };
      release = await context.hosts.enter(exchange.trail.url.hostname);
    }
  } finally {
    exchange.deadline.pause();
    release();
  }
}

/** Sends one request; returns a Problem when no answer came. */
async function ask(context: Context, exchange: Exchange): Promise<Answer | Problem> {
  const { settings } = context;
  const { trail, target, request, deadline } = exchange;
  const { url } = trail;
  try {
    const address = addressIn(url.hostname);
    const { dispatcher, allow } = choose(context, url, request);
    if (allow !== null && address !== null && !isAllowedAddress(address, allow)) throw privateAddressError(address, [address]);
    const options = {
      origin: url.origin,
      path: trail.hasMoved ? url.pathname + url.search : target.path,
      method: 'GET' as const,
      headers: buildHeaders(request, target, settings.userAgent, trail.isTrusted),
      signal: deadline.signal,
      onInfo: createInterimLimit(),
    };
    // undici obeys the signal only once the connection is made.
    return await deadline.race(() => dispatcher.request(options));
  } catch (error) {
    return failure(context, exchange, error);
  }
}

/** Makes the result from the last answer. */
async function conclude(context: Context, exchange: Exchange, answer: Answer, hints: PollHints): Promise<FetchResult> {
  const { request, trail, deadline } = exchange;
  const validators = { etag: field(answer, 'etag'), lastModified: field(answer, 'last-modified') };
  const isConditional = request.etag !== null || request.lastModified !== null;
  if (answer.statusCode === 304 && isConditional) {
    await discard(answer, deadline.signal);
    return { kind: 'notModified', link: joined(answer, 'link'), ...validators, hints: { ...hints, movedTo: trail.movedTo } };
  }
  const isDelta = answer.statusCode === 226 && asksForDelta(request) && /\bfeed\b/i.test(joined(answer, 'im') ?? '');
  if (answer.statusCode !== 200 && !isDelta) {
    await discard(answer, deadline.signal);
    const problem = toStatusProblem(answer.statusCode, trail.url);
    return { kind: 'failed', problem, gone: answer.statusCode === 410, hints };
  }
  const fields = { contentEncoding: joined(answer, 'content-encoding'), contentLength: field(answer, 'content-length') };
  const body = await readBody(answer.body, fields, request.options.maxBytes ?? context.settings.maxBytes);
  if (body.kind === 'refused') {
    const isLate = body.code === 'fetch/truncated' && deadline.signal.aborted;
    const problem = isLate ? failure(context, exchange, null) : { code: body.code, message: `${nameUrl(trail.url)} ${body.reason}` };
    return { kind: 'failed', problem, gone: false, hints };
  }
  const content = { bytes: body.bytes, contentType: field(answer, 'content-type'), url: hints.finalUrl };
  const link = joined(answer, 'link');
  return { kind: 'content', content, link, isDelta, ...validators, hints: { ...hints, movedTo: trail.movedTo } };
}

function failure(context: Context, exchange: Exchange, error: unknown): Problem {
  return toProblem(error, {
    url: exchange.trail.url,
    timeoutMs: exchange.timeoutMs,
    isLate: exchange.deadline.signal.aborted,
    isProxied: choose(context, exchange.trail.url, exchange.request).allow === null,
  });
}

/** movedTo stays null here: only a usable answer proves a move (docs/polling.md A10). */
function readHints(context: Context, exchange: Exchange, answer: Answer): PollHints {
  const now = context.clock.now();
  const status = answer.statusCode;
  const fields = {
    cacheControl: joined(answer, 'cache-control'),
    expires: field(answer, 'expires'),
    date: field(answer, 'date'),
    age: field(answer, 'age'),
  };
  return {
    status,
    retryAfter: status === 429 || status === 503 ? readRetryAfter(field(answer, 'retry-after'), now) : null,
    freshUntil: WITH_FRESHNESS.has(status) ? readFreshUntil(fields, now) : null,
    finalUrl: exchange.trail.hasMoved ? exchange.trail.url.href : exchange.target.address,
    movedTo: null,
  };
}

function noAnswer(url: string): PollHints {
  return { status: null, retryAfter: null, freshUntil: null, finalUrl: url, movedTo: null };
}

/** Reads a small body to its end, so that the connection can be used again; closes the connection
 *  of a larger one. */
async function discard(answer: Answer, signal: AbortSignal): Promise<void> {
  // A failure changes nothing here: if the deadline caused it, the next step fails too.
  await answer.body.dump({ limit: MAX_DISCARDED_BYTES, signal }).catch(() => {});
}

function field(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? null;
}

function joined(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  return (typeof value === 'string' ? value : value?.join(', ')) ?? null;
}
