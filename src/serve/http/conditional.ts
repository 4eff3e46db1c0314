import type { Document, Representation } from '../../model/feed.ts';
import type { Clock } from '../../ports/clock.ts';
import { acceptsFeed, chooseCoding, codings } from './accept.ts';
import type { Coding } from './accept.ts';
import { composeDelta, findBase, takesDelta } from './delta.ts';
import { parseHttpDate } from '../../model/values/http-date.ts';

/** The part of a request that an answer depends on, as plain values: a Request and its Headers
 *  cost more than the answer does. */
export interface RequestHead {
  readonly method: string;
  /** Returns a header by its name in lower case; null when it is absent. */
  readonly header: (name: string) => string | null;
}

/** The settings of an answer besides the request and the representation. */
interface AnswerOptions {
  /** Cache-Control of a complete answer; a delta has its own. */
  readonly cacheControl: string;
  readonly clock: Clock;
  /** Further headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers a GET or HEAD in the best coding that the client takes. A client that takes no coding
 *  or no feed gets 406. A client with the present version gets 304; If-None-Match wins over
 *  If-Modified-Since (RFC 9110 §13.2.2). A client with a known older version that asks for a
 *  delta gets 226 and the new entries (RFC 3229). All others get 200. The tag of any coding,
 *  weak or strong, identifies the version. A Range is ignored, as RFC 9110 §14.2 lets every
 *  server do. */
export async function answer(asked: RequestHead, representation: Representation | Document, options: AnswerOptions): Promise<Response> {
  const coding = codingFor(asked.header('accept-encoding'));
  if (coding === null || !isFeedTaken(asked.header('accept'))) return refuse(representation, options.headers);
  const document = 'history' in representation ? representation : null;
  const history = document?.history ?? null;
  const shared = headersOf(representation, coding, options);
  const match = asked.header('if-none-match');
  const tags = match === null ? [] : toTags(match);
  const isFresh = match === null ? isUnmodified(asked, representation, options.clock) : isPresent(match, tags, representation);
  if (isFresh) return new Response(null, { status: 304, headers: shared });
  const base = history && takesDelta(asked.header('a-im'), asked.header('user-agent')) ? findBase(history, tags) : null;
  const headers: Record<string, string> = { ...shared };
  if (base) {
    headers['im'] = 'feed';
    headers['delta-base'] = `"${base.tag}"`;
    // A cache that does not know deltas would serve this one as the whole document (RFC 3229
    // §10.8.1).
    headers['cache-control'] = 'no-store, im';
  } else headers['accept-ranges'] = 'none';
  const bytes = document && history && base ? await composeDelta(document, history, base, coding) : pickBytes(representation, coding);
  headers['content-type'] = representation.contentType;
  headers['content-length'] = String(bytes.length);
  if (coding !== 'identity') headers['content-encoding'] = coding.name;
  // The bytes are not copied, so that many slow clients share one document. They are never backed
  // by shared memory.
  const body = asked.method === 'HEAD' ? null : (bytes as Uint8Array<ArrayBuffer>);
  return new Response(body, { status: base ? 226 : 200, headers });
}

/** Returns the headers that 200, 226 and 304 share. It is a plain object, which the server
 *  writes out unchanged, made once for each coding and caching rule. */
function headersOf(
  representation: Representation | Document,
  coding: Coding | 'identity',
  { cacheControl, headers }: AnswerOptions,
): Readonly<Record<string, string>> {
  const known = made.get(representation) ?? new Map<string, Readonly<Record<string, string>>>();
  made.set(representation, known);
  const suffix = coding === 'identity' ? '' : coding.suffix;
  const way = cacheControl + suffix;
  const found = known.get(way) ?? {
    ...headers,
    etag: `"${representation.tag}${suffix}"`,
    'last-modified': representation.lastModified.toUTCString(),
    'cache-control': cacheControl,
    // Accept is left out: every client that is not refused gets the same bytes, and a 406 is not
    // stored.
    vary: 'history' in representation && representation.history ? 'A-IM, Accept-Encoding' : 'Accept-Encoding',
  };
  known.set(way, found);
  return found;
}

/** Keyed by representation, since a new one has new headers. A feed stays private or public
 *  while the server runs. */
const made = new WeakMap<Representation, Map<string, Readonly<Record<string, string>>>>();

/** Readers are few programs, which send the same few header texts again and again. */
const codingFor = remember(chooseCoding);
const isFeedTaken = remember(acceptsFeed);

/** Returns a function of a header that caches its last results. */
function remember<Result>(read: (header: string | null) => Result): (header: string | null) => Result {
  const known = new Map<string | null, { readonly result: Result }>();
  return (header) => {
    const found = known.get(header) ?? { result: read(header) };
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(header, found);
    return found.result;
  };
}

const MOST_REMEMBERED = 200;

function refuse({ contentType }: Representation, more: AnswerOptions['headers']): Response {
  const text = `Only ${contentType} is available here, plain or as ${codings.map(({ name }) => name).join(' or ')}.\n`;
  return new Response(text, {
    status: 406,
    headers: { ...more, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function isPresent(match: string, tags: readonly string[], { tag }: Representation): boolean {
  // A tag may itself end like a suffix, so no suffix is cut off the client's tag.
  const isKnown = (sent: string) => sent === tag || codings.some(({ suffix }) => sent === tag + suffix);
  return match.trim() === '*' || tags.some(isKnown);
}

/** An unreadable date is ignored (RFC 9110 §13.1.3). */
function isUnmodified(asked: RequestHead, { lastModified }: Representation, clock: Clock): boolean {
  const text = asked.header('if-modified-since');
  const since = text === null ? null : parseHttpDate(text, clock.now(), 'exact');
  return since !== null && lastModified.getTime() <= since.getTime();
}

/** Returns the opaque tags of an If-None-Match list (RFC 9110 §8.8.3). Comparison is weak: W/ is
 *  dropped. */
function toTags(list: string): string[] {
  // The list is nearly always the one tag that we sent.
  const only = /^(?:W\/)?"([^"]*)"$/.exec(list)?.[1];
  if (only !== undefined) return [only];
  return [...list.matchAll(/(?:W\/)?"([^"]*)"/g)].map((found) => found[1] ?? '');
}

function pickBytes(representation: Representation, coding: Coding | 'identity'): Uint8Array {
  if (coding === 'identity') return representation.bytes;
  return coding.name === 'br' ? representation.brotli : representation.gzip;
}
