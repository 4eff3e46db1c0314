import type { Problem } from '../model/errors.ts';

/** One exchange of the WebSub protocol: nothing is followed, nothing is conditional. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** http(s) URL; userinfo is not sent. */
  readonly url: string;
  /** By lower-case name; the user agent is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
  /** Bytes of the answer's body that are read; the rest is left. */
  readonly maxBytes: number;
  /** true: never to an address outside the public internet, whatever the owner allows; so are
   *  addresses asked that others have written. */
  readonly publicOnly?: boolean;
}

/** What came of it; never rejects on what a server does. */
export type HttpResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** A field of the answer, joined by commas; null when absent. */
      readonly header: (name: string) => string | null;
      readonly body: Uint8Array;
      /** The first address that its host was last found at; null where a proxy looks for it. */
      readonly address: string | null;
    }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Sends what is not a poll: pings, subscriptions, verifications, deliveries. */
export interface HttpClient {
  readonly send: (request: HttpRequest) => Promise<HttpResult>;
  /** Ends what is under way and all connections. */
  readonly close: () => Promise<void>;
}
