import { isNumberWord } from './number-words.ts';
import { dropBoilerplate, toWordList } from './words.ts';

/** Words of title and body that a comparison word by word looks at: the part that leads (METHODS: later differences decide nothing). */
const COMPARED = 260;
/** Body words whose triples make the sketch of a text's lead. */
const LEAD = 40;
const SKETCH = 12;
/** Titles have fewer words; a text without line ends taken for one has more. */
const MAX_TITLE = 40;

/** What folding looks at instead of the text: hashes of words and of three words in a row. Numbers are unsigned 32-bit; the lowest bit of a
 *  word's hash says that it is a number, a weekday or a month. Some 1.2 kB for a text of 200 words. */
export interface Profile {
  /** Words of the title, in order. */
  readonly title: Uint32Array;
  /** First words of the body, in order. */
  readonly body: Uint32Array;
  /** Words of the body in all. */
  readonly bodyCount: number;
  /** Hashes of three words in a row, of title and body, sorted, each once; the lowest bit says that it stands in the body. */
  readonly triples: Uint32Array;
  /** Hashes under which the entry is found: title pairs, the smallest triples of the lead and of the whole, the whole title. */
  readonly sketch: Uint32Array;
}

/** Prepares the text of an entry for comparison: plain text in, hashes out. Linear in the text, and bounded. */
export function toProfile(title: string, text: string): Profile {
  const titleWords = toHashes(toWordList(title, MAX_TITLE));
  const bodyWords = toHashes(toWordList(dropBoilerplate(text)));
  const inBody = unique(toTriples(bodyWords).map((triple) => triple | 1));
  const across = toTriples(concat(titleWords, bodyWords.subarray(0, 2))).map((triple) => triple & ~1);
  const known = new Set(inBody);
  const triples = unique(
    concat(
      inBody,
      across.filter((triple) => !known.has((triple | 1) >>> 0)),
    ),
  );
  return {
    title: titleWords,
    body: bodyWords.slice(0, COMPARED),
    bodyCount: bodyWords.length,
    triples,
    sketch: toSketch(titleWords, bodyWords),
  };
}

/** Hash of one word; equal words have equal hashes, in every process. */
export function hashWord(word: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01_00_01_93);
  return ((mix(hash) & ~1) | (isNumberWord(word) ? 1 : 0)) >>> 0;
}

/** Whether a word's hash is that of a number, a weekday or a month. */
export function isNumberHash(hash: number): boolean {
  return (hash & 1) === 1;
}

/** A profile as bytes, for the store. */
export function packProfile({ title, body, bodyCount, triples, sketch }: Profile): Uint8Array {
  const parts = [title, body, triples, sketch];
  const packed = new Uint32Array(5 + parts.reduce((sum, part) => sum + part.length, 0));
  packed.set([...parts.map((part) => part.length), bodyCount]);
  parts.reduce((at, part) => (packed.set(part, at), at + part.length), 5);
  return new Uint8Array(packed.buffer);
}

/** What packProfile packed. */
export function unpackProfile(bytes: Uint8Array): Profile {
  // A copy: the bytes of a database row need not start where a number may, and slice() of a Buffer copies nothing.
  const packed = new Uint32Array(new Uint8Array(bytes).buffer);
  let at = 5;
  const take = (length = 0) => packed.subarray(at, (at += length));
  const [titleLength, bodyLength, triplesLength, sketchLength, bodyCount = 0] = packed;
  return { title: take(titleLength), body: take(bodyLength), triples: take(triplesLength), sketch: take(sketchLength), bodyCount };
}

function toHashes(words: readonly string[]): Uint32Array {
  return Uint32Array.from(words, hashWord);
}

function toTriples(words: Uint32Array): Uint32Array {
  if (words.length < 3) return words.length === 0 ? words : Uint32Array.of(words.reduce(join, 1));
  const triples = new Uint32Array(words.length - 2);
  for (let at = 0; at < triples.length; at++) triples[at] = mix(join(join(words[at] ?? 0, words[at + 1] ?? 0), words[at + 2] ?? 0));
  return triples;
}

function toSketch(title: Uint32Array, body: Uint32Array): Uint32Array {
  const pairs = title.subarray(1).map((word, at) => mix(join(title[at] ?? 0, word) ^ 0x5b_d1_e9_95));
  const whole = title.length === 0 ? [] : [mix(title.reduce(join, 0x2c_1b_3c_6d))];
  const all = toTriples(body);
  const lead = unique(all.slice(0, LEAD - 2)).subarray(0, SKETCH);
  return unique(Uint32Array.from([...pairs, ...whole, ...lead, ...unique(all).subarray(0, SKETCH)]));
}

function unique(hashes: Uint32Array): Uint32Array {
  const sorted = hashes.slice().sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at] ?? 0;
  return sorted.slice(0, count);
}

function concat(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function join(a: number, b: number): number {
  return Math.imul(a ^ (a >>> 15), 0x85_eb_ca_6b) ^ (b + 0x9e_37_79_b9);
}

/** Last steps of MurmurHash3: every bit of the result depends on every bit of the input. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
