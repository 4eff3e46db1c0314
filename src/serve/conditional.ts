import type { Document } from '../model/feed.ts';

/** Codings a document is kept in, best first, with the suffix of their ETags (CHECKS B1: each coding has its own). */
const codings = [
  { name: 'br', suffix: '-br', bytes: (document: Document) => document.brotli },
  { name: 'gzip', suffix: '-gz', bytes: (document: Document) => document.gzip },
] as const;

/** Answers a GET or HEAD for a document: 304 when the client has it (If-None-Match wins over If-Modified-Since, RFC 9110 §13.2.2),
 *  else 200 in the best coding that it takes. Any coding's tag, weak or strong, identifies the version. */
export function answer(request: Request, document: Document, maxAgeSeconds: number, options: { readonly isPrivate: boolean }): Response {
  const coding = chooseCoding(request.headers.get('accept-encoding'));
  const headers = new Headers({
    etag: `"${document.tag}${coding?.suffix ?? ''}"`,
    'last-modified': document.lastModified.toUTCString(),
    'cache-control': `${options.isPrivate ? 'private' : 'public'}, max-age=${maxAgeSeconds}`,
    vary: 'Accept-Encoding',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  });
  if (isFresh(request.headers, document)) return new Response(null, { status: 304, headers });
  const bytes = coding ? coding.bytes(document) : document.bytes;
  headers.set('content-type', document.contentType);
  headers.set('content-length', String(bytes.length));
  if (coding) headers.set('content-encoding', coding.name);
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { headers });
}

function isFresh(headers: Headers, document: Document): boolean {
  const match = headers.get('if-none-match');
  if (match !== null) {
    // The tag itself may end like a suffix, so nothing is cut off what the client sends.
    const known = new Set(['', ...codings.map((coding) => coding.suffix)].map((suffix) => document.tag + suffix));
    return match.trim() === '*' || toTags(match).some((tag) => known.has(tag));
  }
  const since = headers.get('if-modified-since');
  const time = since === null ? Number.NaN : Date.parse(since);
  return !Number.isNaN(time) && document.lastModified.getTime() <= time;
}

/** Opaque tags of an If-None-Match list (RFC 9110 §8.8.3), compared weakly: W/ is dropped. */
function toTags(list: string): string[] {
  return [...list.matchAll(/(?:W\/)?"([^"]*)"/g)].map((found) => found[1] ?? '');
}

/** RFC 9110 §12.5.3: the best coding with a weight above 0; null for none. */
function chooseCoding(accepted: string | null): (typeof codings)[number] | null {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.map((text) => /^q=([\d.]+)$/.exec(text)?.[1]).find((text) => text !== undefined);
    if (name !== '') weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const weightOf = (name: string) => weights.get(name) ?? (name === 'gzip' ? weights.get('x-gzip') : undefined) ?? weights.get('*') ?? 0;
  const best = codings.toSorted((a, b) => weightOf(b.name) - weightOf(a.name))[0];
  const identity = weights.get('identity') ?? 0;
  return best && weightOf(best.name) > 0 && weightOf(best.name) >= identity ? best : null;
}
