import type { Document, Representation } from '../../model/feed.ts';
import type { Clock } from '../../ports/clock.ts';
import { acceptsFeed, chooseCoding, codings } from './accept.ts';
import type { Coding } from './accept.ts';
import { composeDelta, findBase, takesDelta } from './delta.ts';
import { parseHttpDate } from '../../model/values/http-date.ts';

/** A request as far as an answer depends on it: plain values, since a Request and its Headers cost
 *  more than the answer does. */
export interface Asked {
  readonly method: string;
  /** A header by its name in lower case; null when there is none. */
  readonly header: (name: string) => string | null;
}

/** What an answer depends on beside the request and the representation. */
interface AnswerOptions {
  /** Cache-Control of the whole. */
  readonly cacheControl: string;
  readonly clock: Clock;
  /** What else every answer says. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers a GET or HEAD in the best coding that the client takes: 406 when it takes none or no
 *  feed at all; 304 when it has the present version (If-None-Match wins over If-Modified-Since, RFC
 *  9110 §13.2.2); 226 with what is new when it has an older one that is known and asks for a delta
 *  (RFC 3229); else 200. Any coding's tag, weak or strong, identifies the version. A Range is
 *  passed over, as RFC 9110 §14.2 lets every server do. */
export async function answer(asked: Asked, representation: Representation | Document, options: AnswerOptions): Promise<Response> {
  const coding = codingFor(asked.header('accept-encoding'));
  if (coding === null || !isFeedTaken(asked.header('accept'))) return refuse(representation, options.headers);
  const document = 'history' in representation ? representation : null;
  const history = document?.history ?? null;
  const said = headersOf(representation, coding, options);
  const match = asked.header('if-none-match');
  const tags = match === null ? [] : toTags(match);
  const isFresh = match === null ? isUnmodified(asked, representation, options.clock) : isPresent(match, tags, representation);
  if (isFresh) return new Response(null, { status: 304, headers: said });
  const base = history && takesDelta(asked.header('a-im'), asked.header('user-agent')) ? findBase(history, tags) : null;
  const headers: Record<string, string> = { ...said };
  if (base) {
    headers['im'] = 'feed';
    headers['delta-base'] = `"${base.tag}"`;
    // A cache that does not know deltas would give this one to others as the whole (RFC 3229
    // §10.8.1).
    headers['cache-control'] = 'no-store, im';
  } else headers['accept-ranges'] = 'none';
  const bytes = document && history && base ? await composeDelta(document, history, base, coding) : pickBytes(representation, coding);
  headers['content-type'] = representation.contentType;
  headers['content-length'] = String(bytes.length);
  if (coding !== 'identity') headers['content-encoding'] = coding.name;
  // Not copied: many clients that read slowly then share one document. It is never backed by shared
  // memory.
  const body = asked.method === 'HEAD' ? null : (bytes as Uint8Array<ArrayBuffer>);
  return new Response(body, { status: base ? 226 : 200, headers });
}

/** What 200, 226 and 304 have in common: a plain object, which the server writes out as it is, made
 *  once for each way to answer. */
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
    // Not Accept: whoever is not refused gets the same, and a 406 is not stored.
    vary: 'history' in representation && representation.history ? 'A-IM, Accept-Encoding' : 'Accept-Encoding',
  };
  known.set(way, found);
  return found;
}

/** By representation, since a new one has new headers; a feed is private or not for as long as the
 *  server runs. */
const made = new WeakMap<Representation, Map<string, Readonly<Record<string, string>>>>();

/** Readers are few programs: what they send is the same text again and again. */
const codingFor = remember(chooseCoding);
const isFeedTaken = remember(acceptsFeed);

/** A function of a header that keeps its last results. */
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
  const text = `There is only ${contentType} here, plain or as ${codings.map(({ name }) => name).join(' or ')}.\n`;
  return new Response(text, {
    status: 406,
    headers: { ...more, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function isPresent(match: string, tags: readonly string[], { tag }: Representation): boolean {
  // The tag itself may end like a suffix, so nothing is cut off what the client sends.
  const isKnown = (sent: string) => sent === tag || codings.some(({ suffix }) => sent === tag + suffix);
  return match.trim() === '*' || tags.some(isKnown);
}

/** RFC 9110 §13.1.3: a date that cannot be read is as none. */
function isUnmodified(asked: Asked, { lastModified }: Representation, clock: Clock): boolean {
  const text = asked.header('if-modified-since');
  const since = text === null ? null : parseHttpDate(text, clock.now(), 'exact');
  return since !== null && lastModified.getTime() <= since.getTime();
}

/** Opaque tags of an If-None-Match list (RFC 9110 §8.8.3), compared weakly: W/ is dropped. */
function toTags(list: string): string[] {
  // Nearly always it is the one tag that we sent.
  const only = /^(?:W\/)?"([^"]*)"$/.exec(list)?.[1];
  if (only !== undefined) return [only];
  return [...list.matchAll(/(?:W\/)?"([^"]*)"/g)].map((found) => found[1] ?? '');
}

function pickBytes(representation: Representation, coding: Coding | 'identity'): Uint8Array {
  if (coding === 'identity') return representation.bytes;
  return coding.name === 'br' ? representation.brotli : representation.gzip;
}
