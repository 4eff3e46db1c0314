import type { Problem } from '../model/errors.ts';

/** One HTTP exchange of WebSub: no redirect is followed, no validator is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** http(s) URL. Its userinfo is not sent. */
  readonly url: string;
  /** Header fields by lower-case name. The client adds User-Agent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Time limit of the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of the answer's body that are read; the rest is discarded. */
  readonly maxBytes: number;
  /** true: only addresses of the public internet are requested, whatever the configuration
   *  allows. Use it for URLs that were written by strangers. */
  readonly publicOnly?: boolean;
}

/** The outcome of an exchange. A failure is a value (`failed`), not an exception. */
export type HttpResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Returns a header field, its values joined by commas; null when absent. */
      readonly header: (name: string) => string | null;
      readonly body: Uint8Array;
      /** First IP address that the host name last resolved to; null when a proxy resolves it. */
      readonly address: string | null;
    }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Sends every request that is not a poll: pings, subscriptions, verifications and deliveries. */
export interface HttpClient {
  /** Sends one request. Never rejects because of what a server does. */
  readonly send: (request: HttpRequest) => Promise<HttpResult>;
  /** Aborts the exchanges that are under way and closes all connections. */
  readonly close: () => Promise<void>;
}
