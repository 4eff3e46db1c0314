import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** What came of reading a body: its decoded bytes, or why there are none, as a problem code and the end of a sentence that begins with
 *  the URL. `too-large`: more than the limit, encoded or decoded; `truncated`: it ended before its own end; `encoding`: a
 *  Content-Encoding that is unknown, or that the bytes are not in. */
export type BodyResult = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | BodyRefusal;

/** A body that is not used, and why. `reason` says what the answer did and what the owner can do: no URL, no full stop. */
interface BodyRefusal {
  readonly kind: 'refused';
  readonly code: 'fetch/too-large' | 'fetch/truncated' | 'fetch/encoding';
  readonly reason: string;
}

/** What the answer's fields say of its body, as sent; null when absent. */
export interface BodyFields {
  readonly contentEncoding: string | null;
  readonly contentLength: string | null;
}

/** Reads a response body and undoes its Content-Encoding: gzip, br, deflate (with and without the zlib header: servers send both) or
 *  none (RFC 9110 §8.4.1, CHECKS A14). More than `maxBytes`, in Content-Length, on the wire or inflated, ends it at once and destroys
 *  the stream, so that a bomb costs no more than the limit. Every error of the stream itself counts as a body cut short: the caller,
 *  who knows of the deadline, says so where that was the reason. Never rejects. */
export async function readBody(body: Readable, fields: BodyFields, maxBytes: number): Promise<BodyResult> {
  const encodings = (fields.contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const [encoding = 'identity'] = encodings;
  if (encodings.length > 1 || !['identity', 'gzip', 'x-gzip', 'br', 'deflate'].includes(encoding)) {
    drop(body);
    return {
      kind: 'refused',
      code: 'fetch/encoding',
      reason: `is encoded as ${encodings.join(', ').slice(0, 40)}, where gzip, br or deflate was asked for`,
    };
  }
  const tooLarge: BodyRefusal = {
    kind: 'refused',
    code: 'fetch/too-large',
    reason: `is larger than ${maxBytes} bytes; raise maxBytes of this source if it is meant to be`,
  };
  if (Number(fields.contentLength ?? 0) > maxBytes) {
    drop(body);
    return tooLarge;
  }
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of limit(inflate(limit(body, maxBytes), encoding), maxBytes)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof OverLimit) return tooLarge;
    return isBadCoding(error)
      ? {
          kind: 'refused',
          code: 'fetch/encoding',
          reason: `says that it is encoded as ${encoding}, and is not; its publisher has to mend that`,
        }
      : { kind: 'refused', code: 'fetch/truncated', reason: 'was cut short before its end; it is asked for again later' };
  }
  return { kind: 'bytes', bytes: Buffer.concat(chunks) };
}

/** Signals that a limit was passed; never leaves this file. */
class OverLimit extends Error {}

async function* limit(source: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) throw new OverLimit();
    yield chunk;
  }
}

/** Whoever stops reading here stops the decoder, which stops the source, which closes the connection. */
async function* inflate(source: AsyncGenerator<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  if (encoding === 'identity') {
    yield* source;
    return;
  }
  const first = await source.next();
  if (first.done === true) return;
  const decoder = createDecoder(encoding, first.value);
  // An error of the source destroys the decoder with it, so that it is thrown below.
  pipeline(startWith(first.value, source), decoder, () => {});
  yield* decoder as AsyncIterable<Buffer>;
}

function createDecoder(encoding: string, first: Buffer): Transform {
  if (encoding === 'br') return createBrotliDecompress();
  if (encoding !== 'deflate') return createGunzip();
  // The low half of a zlib header's first byte is 8 (RFC 1950 §2.2); raw DEFLATE of text does not begin like that.
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

async function* startWith(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** zlib's own codes; Z_BUF_ERROR is its word for input that ends too early, which is no fault of the coding. */
function isBadCoding(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_(?!BUF_ERROR)|ERR_+(BROTLI_|ERROR_FORMAT))/.test(code);
}

function drop(body: Readable): void {
  // Destroying a body that was not read is an error event; there is nobody left whom it concerns.
  body.on('error', () => {}).destroy();
}
