import { createFetcher, type FetchSettings } from '../../src/ingest/http/fetch.ts';
import type { RequestOptions } from '../../src/model/source.ts';
import type { FetchResult } from '../../src/ports/fetcher.ts';

/** The instant at which the fetcher's clock stands still. */
export const now = new Date('2026-03-01T12:00:00Z');

/** Differences from a plain first request. */
interface Ask {
  readonly etag?: string;
  readonly lastModified?: string;
  readonly options?: Partial<RequestOptions>;
}

/** The real fetcher, which may reach loopback addresses and whose clock stands still at `now`. Bind
 *  it with `await using`, which closes it. `ask` sends one request with only the given validators
 *  and options. */
export interface TestFetcher {
  ask(url: string, ask?: Ask): Promise<FetchResult>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Settings for requests to servers of the tests: loopback addresses, no delay, no proxy. */
export const loopbackSettings: FetchSettings = {
  userAgent: 'Newsfold/0.1 (+https://newsfold.example/bot)',
  perHost: 2,
  spacingMs: () => 0,
  timeoutMs: 5000,
  maxBytes: 1_000_000,
  proxy: null,
  noProxy: [],
  allowPrivateAddresses: ['127.0.0.0/8'],
};

/** Opens a TestFetcher with `loopbackSettings`: 5 s an exchange, one megabyte a body, two requests
 *  at once to a host, no proxy. Tests of the address check set allowPrivateAddresses to nothing. */
export function openFetcher(settings: Partial<FetchSettings> = {}): TestFetcher {
  const fetcher = createFetcher({ ...loopbackSettings, ...settings }, { now: () => now });
  return {
    ask: (
      url,
      {
        etag = null,
        lastModified = null,
        options = {},
      }: { etag?: string | null; lastModified?: string | null; options?: Partial<RequestOptions> } = {},
    ) =>
      fetcher.fetch({
        url,
        etag,
        lastModified,
        acceptsDelta: false,
        accept: 'feed',
        mayFollow: null,
        publicOnly: false,
        options: { headers: {}, auth: null, userAgent: null, timeoutMs: null, maxBytes: null, ...options },
      }),
    [Symbol.asyncDispose]: () => fetcher.close(),
  };
}

/** Returns the problem code of a failed result, and the kind of any other. */
export function codeOf(result: FetchResult): string {
  return result.kind === 'failed' ? result.problem.code : result.kind;
}

/** Returns the body of a result as UTF-8; null without a body. */
export function textOf(result: FetchResult): string | null {
  return result.kind === 'content' ? new TextDecoder().decode(result.content.bytes) : null;
}
