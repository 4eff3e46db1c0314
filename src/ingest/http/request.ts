import type { FetchRequest } from '../../ports/fetcher.ts';

/** The wanted type comes first, then similar ones, then any: some servers answer 406 to a shorter
 *  list. */
const ACCEPT: Readonly<Record<FetchRequest['accept'], string>> = {
  feed: 'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.3, */*;q=0.1',
  page: 'text/html, application/xhtml+xml, application/xml;q=0.5, */*;q=0.1',
  text: 'text/plain, */*;q=0.1',
};
/** The codings that body.ts can undo (docs/polling.md A14). */
const ACCEPT_ENCODING = 'gzip, br, deflate';

/** The target of a request. */
export interface RequestTarget {
  /** Without userinfo and fragment. */
  readonly url: URL;
  /** The URL as configured, without userinfo: results name this one. */
  readonly address: string;
  /** Path and query as they are sent. */
  readonly path: string;
  /** Basic credentials that stood in the URL (RFC 3986 §3.2.1); null for none. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** Returns the target of a configured URL; null when it is no http(s) URL. Path and query are sent
 *  character by character as configured (docs/polling.md A13): the URL parser would drop an empty
 *  `?`, resolve dots and escape quotes. Only an address with characters that a request line must
 *  not contain is sent in the parser's spelling (RFC 9112 §3.2.1). Userinfo is removed from the URL
 *  and becomes credentials. */
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

/** Returns names and values of the fields of one request, alternating, for undici. Newsfold's
 *  user-agent, accept and accept-encoding come first; the owner's fields of the same name replace
 *  them. Then come the validators byte for byte, both if both are known (RFC 9110 §13.1,
 *  docs/polling.md A2, A3, A12, A13). No Cookie or Referer is sent. `trusted` is false once a
 *  redirect has led to another server, which gets neither the owner's fields nor credentials. */
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
  // If a source answers through a lasting redirect, the server behind it gave the validators:
  // without them every poll would bring the body (docs/polling.md A1).
  if (request.etag !== null) set('if-none-match', request.etag);
  if (request.lastModified !== null) set('if-modified-since', request.lastModified);
  if (asksForDelta(request)) set('a-im', 'feed');
  return [...fields.values()].flat();
}

/** Reports whether the request asks for a delta: only with an ETag, from which a delta is counted
 *  (RFC 3229 §10.5, docs/polling.md A16). */
export function asksForDelta(request: FetchRequest): boolean {
  return request.acceptsDelta && request.etag !== null;
}

/** UTF-8, the only charset that servers can ask for (RFC 7617 §2.1). */
function basic(credentials: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`;
}

/** Decodes a percent-encoded part of an address; returns text that cannot be decoded unchanged. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A lone % in a password stays as the owner wrote it.
    if (error instanceof URIError) return text;
    throw error;
  }
}
