import { CALENDAR_WORDS } from './number-words.ts';

/** Returns the hash of one lower-case word, unsigned 32-bit. Equal words have equal hashes in every
 *  process. The lowest bit marks a number, a weekday or a month. */
export function hashWord(word: string): number {
  const hash = toFnv(word);
  const isNumber = startsWithDigit(word) || (mayBeCalendar[hash & 4095] === 1 && CALENDAR_WORDS.has(word));
  return ((mix(hash) & ~1) | (isNumber ? 1 : 0)) >>> 0;
}

/** Reports whether a word's hash is that of a number, a weekday or a month. */
export function isNumberHash(hash: number): boolean {
  return (hash & 1) === 1;
}

/** Returns the hashes of every three words in a row, in order; of one or two words, one hash for
 *  all. */
export function toPhrases(words: Uint32Array): Uint32Array {
  if (words.length < 3) return words.length === 0 ? words : Uint32Array.of(words.reduce(join, 1));
  const phrases = new Uint32Array(words.length - 2);
  for (let at = 0; at < phrases.length; at++) phrases[at] = toPhrase(words, at);
  return phrases;
}

/** Returns the hash of the three words from an index on. */
export function toPhrase(words: Uint32Array, at: number): number {
  return mix(join(join(words[at] ?? 0, words[at + 1] ?? 0), words[at + 2] ?? 0));
}

/** Returns hashes sorted, each once. */
export function unique(hashes: Uint32Array): Uint32Array {
  const sorted = hashes.slice().sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at] ?? 0;
  return sorted.subarray(0, count);
}

/** Returns the hash of a list from the hash of its beginning and its next word. */
export function join(a: number, b: number): number {
  return Math.imul(a ^ (a >>> 15), 0x85_eb_ca_6b) ^ (b + 0x9e_37_79_b9);
}

/** Mixes a hash by the last steps of MurmurHash3: every bit of the result depends on every bit of
 *  the input. */
export function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Returns FNV-1a over UTF-16 code units. */
function toFnv(word: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01_00_01_93);
  return hash;
}

function startsWithDigit(word: string): boolean {
  const first = word.charCodeAt(0);
  return first < 128 ? first >= 48 && first <= 57 : /^\p{N}/u.test(word);
}

/** Marks the lowest bits of the hashes of weekdays and months. Few other words have them, so this
 *  look-up is the quick test. */
const mayBeCalendar = new Uint8Array(4096);
for (const word of CALENDAR_WORDS) mayBeCalendar[toFnv(word) & 4095] = 1;
