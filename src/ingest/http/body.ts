import type { Readable } from 'node:stream';
import { hasUnknown, looksLikeText, readCodings, undoCodings } from './coding.ts';

/** What came of reading a body: its decoded bytes, or why there are none, as a problem code and the
 *  end of a sentence that begins with the URL. `too-large`: more than the limit, encoded or
 *  decoded; `pieces`: more pieces than MAX_PIECES; `truncated`: it ended before its own end;
 *  `encoding`: a Content-Encoding that is unknown, or that the bytes are not in. */
type BodyResult = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | BodyRefusal;

/** A body that is not used, and why. `reason` says what the answer did and what the owner can do:
 *  no URL, no full stop. */
interface BodyRefusal {
  readonly kind: 'refused';
  readonly code: 'fetch/too-large' | 'fetch/pieces' | 'fetch/truncated' | 'fetch/encoding';
  readonly reason: string;
}

/** Most pieces that a body may come in. Each costs a microsecond and a hundred bytes of our memory,
 *  so that ten megabytes in chunks of one byte would cost ten seconds; a server that flushes after
 *  every line of the largest document allowed stays below it. */
const MAX_PIECES = 200_000;
/** Each coding costs work with each piece; two are more than servers need. */
const MOST_CODINGS = 5;
/** Room for a body before its length is known; it is doubled as needed. */
const FIRST_ROOM = 65_536;

/** What the answer's fields say of its body, as sent; null when absent. */
interface BodyFields {
  readonly contentEncoding: string | null;
  readonly contentLength: string | null;
}

/** Reads a response body and undoes its Content-Encoding, as far as its bytes have one (coding.ts).
 *  Known ones are gzip, br and deflate (RFC 9110 §8.4.1, docs/polling.md A14). Servers send deflate
 *  with and without the zlib header. A coding that is unknown is no fault of a body that is text
 *  without it. More than `maxBytes`, in Content-Length, on the wire or inflated, ends it at once.
 *  The stream is destroyed, so that a bomb costs no more than the limit. Every error of the stream
 *  itself counts as a body cut short. The caller knows of the deadline, and says so where that was
 *  the reason. Never rejects. */
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
          reason: `${name === '' ? 'is compressed, and damaged' : `says that it is encoded as ${name}, and is not`}; its publisher has to mend that`,
        }
      : { kind: 'refused', code: 'fetch/truncated', reason: 'was cut short before its end; it is asked for again later' };
  }
  if (!hasUnknown(codings) || looksLikeText(collected.bytes)) return { kind: 'bytes', bytes: collected.bytes };
  return toUnknown(name);
}

function toUnknown(name: string): BodyRefusal {
  const reason = `is encoded as ${name}, where gzip, br or deflate was asked for; its publisher has to mend that`;
  return { kind: 'refused', code: 'fetch/encoding', reason };
}

function tooLarge(maxBytes: number): BodyRefusal {
  const reason = `is larger than ${maxBytes} bytes; raise maxBytes of this source if it is meant to be`;
  return { kind: 'refused', code: 'fetch/too-large', reason };
}

const tooManyPieces: BodyRefusal = {
  kind: 'refused',
  code: 'fetch/pieces',
  reason: `comes in more than ${MAX_PIECES} pieces; its publisher has to mend that`,
};

/** Signals that a limit was passed; never leaves this file. */
class OverLimit extends Error {
  readonly isOfPieces: boolean;

  constructor(isOfPieces: boolean) {
    super();
    this.isOfPieces = isOfPieces;
  }
}

/** Bytes in one buffer, however small the pieces were in which they came: a list of the pieces
 *  could be a hundred times as large. */
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

/** zlib's own codes; Z_BUF_ERROR is its word for input that ends too early, which is no fault of
 *  the coding. */
function isBadCoding(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_(?!BUF_ERROR)|ERR_+(BROTLI_|ERROR_FORMAT))/.test(code);
}

function drop(body: Readable): void {
  // Destroying a body that was not read is an error event; there is nobody left whom it concerns.
  body.on('error', () => {}).destroy();
}
