import type { FetchRequest } from '../../ports/fetcher.ts';

/** What is wanted first, then its like, then anything: some servers answer 406 to less. */
const ACCEPT: Readonly<Record<FetchRequest['accept'], string>> = {
  feed: 'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.3, */*;q=0.1',
  page: 'text/html, application/xhtml+xml, application/xml;q=0.5, */*;q=0.1',
  text: 'text/plain, */*;q=0.1',
};
/** What body.ts can undo (docs/polling.md A14). */
const ACCEPT_ENCODING = 'gzip, br, deflate';

/** Where a request goes. */
export interface RequestTarget {
  /** Without userinfo and fragment. */
  readonly url: URL;
  /** The URL as configured, without userinfo: how results name it. */
  readonly address: string;
  /** Path and query as they are sent. */
  readonly path: string;
  /** Basic credentials that stood in the URL (RFC 3986 §3.2.1); null for none. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** What a configured URL asks for; null when it is no http(s) URL. Path and query go out character
 *  by character as configured (docs/polling.md A13), where the URL parser would drop an empty `?`,
 *  resolve dots and escape quotes; only an address with characters that may not stand in a request
 *  line is sent as the parser spells it (RFC 9112 §3.2.1). Userinfo leaves the URL and becomes
 *  credentials. */
export function parseTarget(configured: string): RequestTarget | null {
  const url = URL.parse(configured);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const credentials =
    url.username === '' && url.password === '' ? null : { user: decodePercent(url.username), password: decodePercent(url.password) };
  url.username = '';
  url.password = '';
  url.hash = '';
  const [, asWritten] = /^https?:\/\/[^/?#\\]+([^#\\]*)/i.exec(configured) ?? [];
  const isSendable = asWritten !== undefined && /^[\x21-\x7e]*$/.test(asWritten);
  return {
    url,
    address: credentials === null ? configured : url.href,
    path: isSendable ? asWritten.replace(/^(?!\/)/, '/') : url.pathname + url.search,
    credentials,
  };
}

/** Names and values of the fields of one request, in turn, for undici. Ours are user-agent, accept
 *  and accept-encoding, which the owner's own fields of the same name replace, then the validators
 *  byte for byte, both if both are known (RFC 9110 §13.1, docs/polling.md A2, A3, A12, A13): no
 *  Cookie, no Referer. `trusted` is false once a redirect has led to a stranger: he gets neither
 *  the owner's fields nor credentials. */
export function buildHeaders(request: FetchRequest, target: RequestTarget, userAgent: string, trusted: boolean): string[] {
  const { options } = request;
  const fields = new Map<string, readonly [name: string, value: string]>();
  const set = (name: string, value: string) => fields.set(name.toLowerCase(), [name, value]);
  set('user-agent', options.userAgent ?? userAgent);
  set('accept', ACCEPT[request.accept]);
  set('accept-encoding', ACCEPT_ENCODING);
  if (trusted) {
    const credentials = options.auth ?? target.credentials;
    if (credentials !== null) set('authorization', basic(credentials));
    for (const [name, value] of Object.entries(options.headers)) set(name, value);
  }
  // A source that answers through a lasting redirect gave its validators behind it: without them
  // every poll would bring the body (docs/polling.md A1).
  if (request.etag !== null) set('if-none-match', request.etag);
  if (request.lastModified !== null) set('if-modified-since', request.lastModified);
  if (asksForDelta(request)) set('a-im', 'feed');
  return [...fields.values()].flat();
}

/** Whether what is new alone is asked for: only against an ETag, which a delta is counted from (RFC
 *  3229 §10.5, docs/polling.md A16). */
export function asksForDelta(request: FetchRequest): boolean {
  return request.acceptsDelta && request.etag !== null;
}

/** RFC 7617 §2.1: UTF-8, since that is what servers that say anything ask for. */
function basic(credentials: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`;
}

/** What is percent-encoded in a part of an address; text that is not is itself. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A lone % in a password is the owner's: it stays as it was written.
    if (error instanceof URIError) return text;
    throw error;
  }
}
