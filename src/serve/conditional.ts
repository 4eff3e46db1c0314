import type { Document, Representation } from '../model/feed.ts';
import { acceptsFeed, chooseCoding, codings } from './accept.ts';
import type { Coding } from './accept.ts';
import { composeDelta, findBase, takesDelta } from './delta.ts';
import { parseHttpDate } from './http-date.ts';

/** What an answer depends on beside the request and the representation. */
interface AnswerOptions {
  /** Cache-Control of the whole. */
  readonly cacheControl: string;
  readonly now: Date;
}

/** Answers a GET or HEAD in the best coding that the client takes: 406 when it takes none or no feed at all; 304 when it has the present
 *  version (If-None-Match wins over If-Modified-Since, RFC 9110 §13.2.2); 226 with what is new when it has an older one that is known and
 *  asks for a delta (RFC 3229); else 200. Any coding's tag, weak or strong, identifies the version. A Range is passed over, as RFC 9110
 *  §14.2 lets every server do. */
export async function answer(request: Request, representation: Representation | Document, options: AnswerOptions): Promise<Response> {
  const coding = chooseCoding(request.headers.get('accept-encoding'));
  if (coding === null || !acceptsFeed(request.headers.get('accept'))) return refuse(representation);
  const document = 'history' in representation ? representation : null;
  const history = document?.history ?? null;
  const headers = new Headers({
    etag: `"${representation.tag}${coding === 'identity' ? '' : coding.suffix}"`,
    'last-modified': representation.lastModified.toUTCString(),
    'cache-control': options.cacheControl,
    // Not Accept: whoever is not refused gets the same, and a 406 is not stored.
    vary: history ? 'A-IM, Accept-Encoding' : 'Accept-Encoding',
  });
  const match = request.headers.get('if-none-match');
  const tags = toTags(match ?? '');
  const isFresh = match === null ? isUnmodified(request.headers, representation, options.now) : isPresent(match, tags, representation);
  if (isFresh) return new Response(null, { status: 304, headers });
  const base = history && takesDelta(request.headers) ? findBase(history, tags) : null;
  if (base) {
    headers.set('im', 'feed');
    headers.set('delta-base', `"${base.tag}"`);
    // A cache that does not know deltas would give this one to others as the whole (RFC 3229 §10.8.1).
    headers.set('cache-control', 'no-store, im');
  } else headers.set('accept-ranges', 'none');
  const bytes = document && history && base ? await composeDelta(document, history, base, coding) : pickBytes(representation, coding);
  headers.set('content-type', representation.contentType);
  headers.set('content-length', String(bytes.length));
  if (coding !== 'identity') headers.set('content-encoding', coding.name);
  // Not copied: many clients that read slowly then share one document. It is never backed by shared memory.
  const body = request.method === 'HEAD' ? null : (bytes as Uint8Array<ArrayBuffer>);
  return new Response(body, { status: base ? 226 : 200, headers });
}

function refuse({ contentType }: Representation): Response {
  const text = `There is only ${contentType} here, plain or as ${codings.map(({ name }) => name).join(' or ')}.\n`;
  return new Response(text, { status: 406, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } });
}

function isPresent(match: string, tags: readonly string[], { tag }: Representation): boolean {
  // The tag itself may end like a suffix, so nothing is cut off what the client sends.
  const known = new Set(['', ...codings.map((coding) => coding.suffix)].map((suffix) => tag + suffix));
  return match.trim() === '*' || tags.some((sent) => known.has(sent));
}

/** RFC 9110 §13.1.3: a date that cannot be read is as none. */
function isUnmodified(headers: Headers, { lastModified }: Representation, now: Date): boolean {
  const since = parseHttpDate(headers.get('if-modified-since') ?? '', now);
  return since !== null && lastModified.getTime() <= since.getTime();
}

/** Opaque tags of an If-None-Match list (RFC 9110 §8.8.3), compared weakly: W/ is dropped. */
function toTags(list: string): string[] {
  return [...list.matchAll(/(?:W\/)?"([^"]*)"/g)].map((found) => found[1] ?? '');
}

function pickBytes(representation: Representation, coding: Coding | 'identity'): Uint8Array {
  if (coding === 'identity') return representation.bytes;
  return coding.name === 'br' ? representation.brotli : representation.gzip;
}
