import type { Readable } from 'node:stream';
import { hasUnknown, looksLikeText, readCodings, undoCodings } from './coding.ts';

/** The result of reading a body: its decoded bytes, or a refusal. */
type BodyResult = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | BodyRefusal;

/** The reason for not using a body. `too-large`: more than the limit, encoded or decoded. `pieces`:
 *  more pieces than MAX_PIECES. `truncated`: the body was incomplete. `encoding`: the
 *  Content-Encoding is unknown or false. `reason` continues a sentence that begins with the URL,
 *  without full stop: it says what the server did and what the owner can do. */
interface BodyRefusal {
  readonly kind: 'refused';
  readonly code: 'fetch/too-large' | 'fetch/pieces' | 'fetch/truncated' | 'fetch/encoding';
  readonly reason: string;
}

/** Most pieces of a body. Each costs a microsecond and a hundred bytes of memory, so ten megabytes
 *  in chunks of one byte would cost ten seconds. A server that flushes after every line of the
 *  largest document allowed stays below the limit. */
const MAX_PIECES = 200_000;
/** Most codings of a body: each costs work with each piece. Servers need two at most. */
const MOST_CODINGS = 5;
/** First size of the buffer, bytes; it is doubled as needed. */
const FIRST_ROOM = 65_536;

/** Fields of the answer about its body, as sent; null when absent. */
interface BodyFields {
  readonly contentEncoding: string | null;
  readonly contentLength: string | null;
}

/** Reads a response body and undoes its Content-Encoding, as far as its bytes have one (coding.ts).
 *  Known codings are gzip, br and deflate (RFC 9110 §8.4.1, docs/polling.md A14). Servers send
 *  deflate with and without the zlib header. An unknown coding is no fault if the body is plain
 *  text. More than `maxBytes`, in Content-Length, on the wire or inflated, ends the reading at
 *  once. The stream is destroyed, so that a zip bomb costs no more than the limit. Every error of
 *  the stream itself counts as a truncated body; the caller knows whether the deadline caused it.
 *  Never rejects. */
export async function readBody(body: Readable, fields: BodyFields, maxBytes: number): Promise<BodyResult> {
  const codings = readCodings(fields.contentEncoding);
  const name = codings.join(', ').slice(0, 40);
  if (codings.length > MOST_CODINGS) {
    drop(body);
    return toUnknown(name);
  }
  if (Number(fields.contentLength ?? 0) > maxBytes) {
    drop(body);
    return tooLarge(maxBytes);
  }
  const collected = new Collector();
  const bounded = (source: AsyncIterable<Buffer>) => limit(source, maxBytes);
  try {
    for await (const piece of bounded(undoCodings(bounded(body), codings, bounded))) collected.add(piece);
  } catch (error) {
    if (error instanceof OverLimit) return error.isOfPieces ? tooManyPieces : tooLarge(maxBytes);
    return isBadCoding(error)
      ? {
          kind: 'refused',
          code: 'fetch/encoding',
          reason: `${name === '' ? 'is compressed and damaged' : `says that it is encoded as ${name}, and is not`}; its publisher has to fix that`,
        }
      : { kind: 'refused', code: 'fetch/truncated', reason: 'was incomplete; it is requested again later' };
  }
  if (!hasUnknown(codings) || looksLikeText(collected.bytes)) return { kind: 'bytes', bytes: collected.bytes };
  return toUnknown(name);
}

function toUnknown(name: string): BodyRefusal {
  const reason = `is encoded as ${name}, but gzip, br or deflate was requested; its publisher has to fix that`;
  return { kind: 'refused', code: 'fetch/encoding', reason };
}

function tooLarge(maxBytes: number): BodyRefusal {
  const reason = `is larger than ${maxBytes} bytes; raise maxBytes of this source if it is meant to be`;
  return { kind: 'refused', code: 'fetch/too-large', reason };
}

const tooManyPieces: BodyRefusal = {
  kind: 'refused',
  code: 'fetch/pieces',
  reason: `comes in more than ${MAX_PIECES} pieces; its publisher has to fix that`,
};

/** Signals inside this file that a limit was passed. */
class OverLimit extends Error {
  readonly isOfPieces: boolean;

  constructor(isOfPieces: boolean) {
    super();
    this.isOfPieces = isOfPieces;
  }
}

/** Collects bytes in one buffer, however small the pieces are: a list of the pieces could take a
 *  hundred times the memory. */
class Collector {
  #room = Buffer.allocUnsafeSlow(FIRST_ROOM);
  #size = 0;

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#size);
  }

  add(piece: Buffer): void {
    const size = this.#size + piece.length;
    if (size > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size, this.#room.length * 2));
      this.#room.copy(larger, 0, 0, this.#size);
      this.#room = larger;
    }
    piece.copy(this.#room, this.#size);
    this.#size = size;
  }
}

async function* limit(source: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  let pieces = 0;
  for await (const piece of source) {
    size += piece.length;
    pieces++;
    if (size > maxBytes || pieces > MAX_PIECES) throw new OverLimit(size <= maxBytes);
    yield piece;
  }
}

/** zlib's own error codes, except Z_BUF_ERROR: input that ends too early is no fault of the
 *  coding. */
function isBadCoding(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_(?!BUF_ERROR)|ERR_+(BROTLI_|ERROR_FORMAT))/.test(code);
}

function drop(body: Readable): void {
  // Destroying an unread body emits an error, which concerns nobody any more.
  body.on('error', () => {}).destroy();
}
