import { pipeline, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** Bounds a stream of pieces: beyond the limit the stream ends with an error. */
type Limit = (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>;

/** Names of codings that are undone here (RFC 9110 §8.4.1). */
const KNOWN: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'br', 'deflate']);
/** Most layers of gzip that no field names: some servers compress compressed bytes again. */
const MOST_UNNAMED = 2;
/** First bytes by which the coding of a stream is found. Compressed data has a control character
 *  among this many, except one stream in two thousand. */
const PEEKED = 64;
/** Fewer bytes than these may look like text by chance, if nothing else tells the coding. */
const LEAST_TEXT = 32;

/** Returns the codings of a Content-Encoding field in the order of their application, in lower
 *  case, without `identity`. */
export function readCodings(field: string | null): readonly string[] {
  const names = (field ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== 'identity');
}

/** Reports whether a field names a coding that is not undone here. `aws-chunked` and `utf-8` are
 *  the usual ones, with unchanged bytes. */
export function hasUnknown(codings: readonly string[]): boolean {
  return codings.some((name) => !KNOWN.has(name));
}

/** Undoes the codings of a body, the last one first. The bytes decide; the field counts only where
 *  they leave a doubt. Servers and proxies name codings that they did not apply, apply codings that
 *  they do not name, or gzip twice. A layer that is text already is not decoded further. Each layer
 *  is bounded by `limit`; errors of zlib are passed on. */
export function undoCodings(body: AsyncGenerator<Buffer>, codings: readonly string[], limit: Limit): AsyncGenerator<Buffer> {
  let layer = body;
  for (const name of codings.toReversed())
    layer = name === 'aws-chunked' ? unframe(layer) : KNOWN.has(name) ? limit(undo(layer, name)) : layer;
  return undoUnnamed(layer, limit, MOST_UNNAMED);
}

/** Reports whether bytes may be text in any charset: they begin without control characters. UTF-16
 *  is known by its byte order mark or its first character. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, PEEKED);
  if (/^(?:\xff\xfe|\xfe\xff|<\0|\0<)/.test(Buffer.from(head).toString('latin1'))) return true;
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x0c);
}

async function* undo(source: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Buffer> {
  const first = await peek(source);
  if (first.length === 0) return;
  yield* through(first, source, toDecoder(name, first));
}

async function* undoUnnamed(source: AsyncGenerator<Buffer>, limit: Limit, layers: number): AsyncGenerator<Buffer> {
  const first = await peek(source);
  if (first.length === 0) return;
  if (layers > 0 && isGzip(first)) yield* undoUnnamed(limit(through(first, source, createGunzip())), limit, layers - 1);
  else yield* through(first, source, null);
}

/** Returns the decoder of a layer; null when the bytes are not encoded, whatever the field says. */
function toDecoder(name: string, first: Buffer): Transform | null {
  if (isGzip(first)) return createGunzip();
  const isGzipNamed = name === 'gzip' || name === 'x-gzip';
  if (looksLikeText(first) && (isGzipNamed || (first.length >= LEAST_TEXT && isMarkup(first)))) return null;
  if (name === 'br') return createBrotliDecompress();
  // The low half of a zlib header's first byte is 8, and both bytes together are a multiple of 31
  // (RFC 1950 §2.2).
  const [low = 0, high = 0] = first;
  const isZlib = (low & 0x0f) === 8 && (low * 256 + high) % 31 === 0;
  if (isGzipNamed) return isZlib ? createInflate() : createGunzip();
  // Servers send DEFLATE with and without that header; without the header, text cannot begin like
  // that.
  return (low & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

/** RFC 1952 §2.3.1; 8 is the only method defined. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Reports whether bytes begin as XML, HTML or JSON, perhaps after a UTF-8 byte order mark and
 *  white space. */
function isMarkup(bytes: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*[<{[]/.test(Buffer.from(bytes).toString('latin1'));
}

/** Reads the first PEEKED bytes, or fewer when the stream is shorter. */
async function peek(source: AsyncGenerator<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let size = 0; size < PEEKED;) {
    const next = await source.next();
    if (next.done === true) break;
    pieces.push(next.value);
    size += next.value.length;
  }
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

/** A reader that stops here stops the decoder, which stops the source, which closes the
 *  connection. */
async function* through(first: Buffer, rest: AsyncGenerator<Buffer>, decoder: Transform | null): AsyncGenerator<Buffer> {
  if (decoder === null) {
    yield* startWith(first, rest);
    return;
  }
  // An error of the source destroys the decoder with it, and is thrown below.
  pipeline(startWith(first, rest), decoder, () => {});
  yield* decoder as AsyncIterable<Buffer>;
}

async function* startWith(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** Undoes the chunks of S3 clients, which some stores serve as they were uploaded (AWS Signature
 *  Version 4, "Transferring a payload in multiple chunks"). A body without such chunks, the usual
 *  case, stays unchanged. The whole body is held in memory, bounded by the limit before this
 *  step. */
async function* unframe(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  const chunks = readChunks(whole);
  if (chunks === null) yield whole;
  else for (const chunk of chunks) if (chunk.length > 0) yield chunk;
}

function readChunks(whole: Buffer): readonly Buffer[] | null {
  const chunks: Buffer[] = [];
  for (let at = 0; at < whole.length;) {
    const end = whole.indexOf('\r\n', at);
    const [, size] = /^([0-9a-f]{1,8})(?:;[\w=:./+-]{0,200})?$/i.exec(whole.toString('latin1', at, Math.min(end, at + 220))) ?? [];
    if (end < 0 || size === undefined) return null;
    const from = end + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) return chunks;
    if (from + length > whole.length) return null;
    chunks.push(whole.subarray(from, from + length));
    at = from + length + 2;
  }
  return null;
}
