import { Agent, ProxyAgent, request as ask } from 'undici';
import type { HttpClient, HttpRequest, HttpResult } from '../../ports/http.ts';
import { addressIn, createLookup, isAllowedAddress, privateAddressError } from './private-network.ts';
import { Deadline } from './deadline.ts';
import type { FetchSettings } from './fetch.ts';
import { createInterimLimit, toProblem } from './fetch-problem.ts';
import { isExcepted } from './no-proxy.ts';
import { nameUrl } from '../../model/values/address.ts';

/** The fetcher settings that apply here too: the same addresses may be connected to
 *  (docs/polling.md A18), through the same proxy. */
type HttpSettings = Pick<FetchSettings, 'userAgent' | 'proxy' | 'noProxy' | 'allowPrivateAddresses'>;

/** Returns the HttpClient over undici. Redirects are ordinary answers: the caller decides whether
 *  to follow one. */
export function createHttpClient(settings: HttpSettings): HttpClient {
  const { userAgent, noProxy, allowPrivateAddresses: allow } = settings;
  const shared = { connections: null, headersTimeout: 0, bodyTimeout: 0, allowH2: false } as const;
  /** First address by host, for the hosts that were resolved last. */
  const found = new Map<string, string>();
  const note = (host: string, address: string) => {
    found.delete(host);
    found.set(host, address);
    const [oldest] = found.keys();
    if (found.size > MOST_FOUND && oldest !== undefined) found.delete(oldest);
  };
  const connectTo = (ranges: readonly string[]) =>
    new Agent({ ...shared, connect: { lookup: createLookup(ranges, undefined, note), timeout: CONNECT_MS } });
  const [direct, toPublic] = [connectTo(allow), connectTo([])];
  const proxy = settings.proxy === null ? null : new ProxyAgent({ ...shared, uri: settings.proxy, connectTimeout: CONNECT_MS });

  async function send({ method, url: given, headers, body, timeoutMs, maxBytes, publicOnly = false }: HttpRequest): Promise<HttpResult> {
    const url = URL.parse(given);
    if (url === null || !/^https?:$/.test(url.protocol))
      return { kind: 'failed', problem: { code: 'fetch/bad-url', message: `${nameUrl(given)} is no http:// or https:// address` } };
    const dispatcher = proxy !== null && !isExcepted(url, noProxy) ? proxy : publicOnly ? toPublic : direct;
    const deadline = new Deadline(timeoutMs);
    deadline.start();
    try {
      const address = addressIn(url.hostname);
      if (dispatcher !== proxy && address !== null && !isAllowedAddress(address, publicOnly ? [] : allow))
        throw privateAddressError(address, [address]);
      const options = { method, dispatcher, headers: { 'user-agent': userAgent, ...headers }, body, signal: deadline.signal };
      const answer = await deadline.race(() =>
        ask(`${url.origin}${url.pathname}${url.search}`, { ...options, onInfo: createInterimLimit() }),
      );
      const header = (name: string) => {
        const value = answer.headers[name];
        return (typeof value === 'string' ? value : value?.join(', ')) ?? null;
      };
      const read = await deadline.race(() => readAtMost(answer.body, maxBytes));
      const at = dispatcher === proxy ? null : (address ?? found.get(url.hostname) ?? null);
      return { kind: 'answer', status: answer.statusCode, header, body: read, address: at };
    } catch (error) {
      const isLate = deadline.signal.aborted;
      return { kind: 'failed', problem: toProblem(error, { url, timeoutMs, isLate, isProxied: dispatcher === proxy }) };
    } finally {
      deadline.pause();
    }
  }

  return {
    send,
    close: async () => {
      await Promise.all([direct.destroy(), toPublic.destroy(), proxy?.destroy()]);
    },
  };
}

const CONNECT_MS = 10_000;
/** Most hosts whose addresses are remembered. */
const MOST_FOUND = 20_000;

/** Reads the first bytes of a body; leaving the loop closes the connection of a longer one. */
async function readAtMost(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, maxBytes);
}
