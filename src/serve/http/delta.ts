import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Document, DocumentHistory } from '../../model/feed.ts';
import { codings, parseWeights } from './accept.ts';
import type { Coding } from './accept.ts';

/** The version that a delta starts from. */
interface Base {
  /** Opaque tag as the client sent it, with the suffix of its coding. */
  readonly tag: string;
  readonly seq: number;
}

/** Reports whether a client takes deltas of feeds: `feed` in A-IM with a weight above 0 (RFC
 *  3229 §10.5.3). Clients that ask for deltas but cannot read them get none. */
export function takesDelta(wanted: string | null, userAgent: string | null): boolean {
  if (wanted === null || (parseWeights(wanted).get('feed') ?? 0) === 0) return false;
  return !UNABLE.test(userAgent ?? '');
}

/** rss2email 3.13 (Debian 12) takes 226 for an error and would never show a new entry again. It
 *  sends the name of feedparser 6, which sends A-IM without the knowledge of the program around
 *  it. A client with a name of its own is believed. */
const UNABLE = /^(rss2email|feedparser)\b/i;

/** Returns the newest known version among the tags of an If-None-Match, in any coding. Returns
 *  null when none is known, or when the document has no entries to cut. */
export function findBase(history: DocumentHistory, tags: readonly string[]): Base | null {
  if (history.parts.length === 0) return null;
  const known = readOnce(positions, history, toPositions);
  let base: Base | null = null;
  for (const tag of tags) {
    const seq = known.get(tag);
    if (seq !== undefined && (base === null || seq > base.seq)) base = { tag, seq };
  }
  return base;
}

/** Returns a document with only the entries that are newer than a version (RFC 3229 §10.1 lets
 *  the instance manipulation `feed` omit entries). Each set of entries is composed and
 *  compressed once a coding, off the server's thread. */
export function composeDelta(document: Document, history: DocumentHistory, base: Base, coding: Coding | 'identity'): Promise<Uint8Array> {
  const composed = readOnce(deltas, document, () => new Map<string, Promise<Uint8Array>>());
  // All versions between two parts have the same delta.
  const position = history.parts.reduce((newest, { seq }) => (seq <= base.seq ? Math.max(newest, seq) : newest), Number.NEGATIVE_INFINITY);
  const key = `${position} ${coding === 'identity' ? coding : coding.name}`;
  const known = composed.get(key);
  composed.delete(key);
  const delta = known ?? compress(cut(document.bytes, history, base), coding);
  composed.set(key, delta);
  const [oldest] = composed.keys();
  if (composed.size > MOST_DELTAS && oldest !== undefined) composed.delete(oldest);
  return delta;
}

/** Deltas kept of one document, the last used. Readers that ask hourly hold one of a few
 *  versions, while a feed of 10,000 stories could be cut in 10,000 ways. */
const MOST_DELTAS = 48;

const positions = new WeakMap<DocumentHistory, ReadonlyMap<string, number>>();
const deltas = new WeakMap<Document, Map<string, Promise<Uint8Array>>>();

/** Returns every tag that a client may hold, with the position of its version. A tag may itself end
 *  like a suffix, so suffixes are added here and never cut off the client's tag. If two versions
 *  share a tag, the older counts: a reader then gets entries twice rather than not at all. */
function toPositions({ versions }: DocumentHistory): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const [tag, seq] of versions) {
    for (const suffix of ['', ...codings.map((coding) => coding.suffix)]) {
      known.set(tag + suffix, Math.min(seq, known.get(tag + suffix) ?? seq));
    }
  }
  return known;
}

function cut(bytes: Uint8Array, { parts }: DocumentHistory, base: Base): Uint8Array {
  const newer = parts.filter(({ seq }) => seq > base.seq).map(({ start, end }) => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, parts[0]?.start), ...newer, bytes.subarray(parts.at(-1)?.end)]);
}

/** Compresses with the quality of the documents themselves (docs/design.md §86). */
async function compress(bytes: Uint8Array, coding: Coding | 'identity'): Promise<Uint8Array> {
  if (coding === 'identity') return bytes;
  if (coding.name === 'gzip') return promisify(gzip)(bytes);
  return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

function readOnce<Key extends object, Value>(cache: WeakMap<Key, Value>, key: Key, make: (key: Key) => Value): Value {
  const known = cache.get(key) ?? make(key);
  cache.set(key, known);
  return known;
}
