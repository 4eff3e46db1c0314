import { hashWord, join, mix, toPhrase, toPhrases, unique } from './hashes.ts';
import { dropBoilerplate, toWordList } from './words.ts';

/** First words of the body that are compared word by word. Later differences decide nothing. */
const COMPARED = 260;
/** First words of the body whose triples make the sketch of a text's lead. */
const LEAD = 40;
const SKETCH = 12;
/** Most words of a title. A longer one is a text without line ends. */
const MAX_TITLE = 40;
/** Numbers before the lists in a packed profile: the lengths of the four lists, the words of the
 *  body, the phrases. */
const HEAD = 6;

/** A text as folding compares it: hashes of words and of three words in a row, unsigned 32-bit, in
 *  one list as stored. The lowest bit of a word's hash marks a number, a weekday or a month. About
 *  1.4 kB for a text of 300 words. */
export class Profile {
  readonly packed: Uint32Array;

  constructor(packed: Uint32Array) {
    this.packed = packed;
  }

  /** Words of the title, in order. */
  get title(): Uint32Array {
    return this.#list(0);
  }

  /** First words of the body, in order. */
  get body(): Uint32Array {
    return this.#list(1);
  }

  /** Hashes by which the entry is found: pairs of title words, the whole title, and the smallest
   *  triples of the lead and of the whole text. */
  get sketch(): Uint32Array {
    return this.#list(3);
  }

  /** Number of all words of the body. */
  get bodyCount(): number {
    return this.packed[4] ?? 0;
  }

  /** Number of phrases. */
  get phraseCount(): number {
    return this.packed[5] ?? 0;
  }

  /** Returns the hashes of three words in a row, of title and body, sorted, each once. The lowest
   *  bit marks a phrase of the body. The list is computed at each call, since most of it follows
   *  from the words. */
  toPhrases(): Uint32Array {
    return joinPhrases(this.title, this.body, this.#list(2));
  }

  /** Calls `visit` with every phrase without its lowest bit, in any order; some phrases come more
   *  than once. */
  forEachPhrase(visit: (phrase: number) => void): void {
    const { packed } = this;
    const [titleLength = 0, bodyLength = 0, tailLength = 0] = packed;
    const end = HEAD + titleLength + bodyLength;
    // The last phrases of a title reach two words into the body, which follows the title in this
    // list.
    if (titleLength === 0 || bodyLength < 3) this.toPhrases().forEach((phrase) => visit(phrase >>> 1));
    else for (let at = HEAD; at + 2 < end; at++) visit(toPhrase(packed, at) >>> 1);
    for (let at = end; at < end + tailLength; at++) visit((packed[at] ?? 0) >>> 1);
  }

  #list(number: number): Uint32Array {
    const { packed } = this;
    let from = HEAD;
    for (let before = 0; before < number; before++) from += packed[before] ?? 0;
    return packed.subarray(from, from + (packed[number] ?? 0));
  }
}

/** Prepares the text of an entry for comparison: plain text in, hashes out. The time is linear in
 *  the text, and bounded. */
export function toProfile(title: string, text: string): Profile {
  const titleWords = toHashes(toWordList(title, MAX_TITLE));
  const all = toHashes(toWordList(dropBoilerplate(text)));
  const body = all.subarray(0, COMPARED);
  const ofBody = unique(toBodyPhrases(body));
  const later = all.length > COMPARED ? unique(toBodyPhrases(all.subarray(COMPARED - 2))) : all.subarray(0, 0);
  const tail = without(later, ofBody);
  const ofTitle = unique(toTitlePhrases(titleWords, body).map((phrase) => phrase | 1));
  const sketch = toSketch(titleWords, all, [...ofBody.subarray(0, SKETCH), ...tail.subarray(0, SKETCH)]);
  const lists = [titleWords, body, tail, sketch];
  const packed = new Uint32Array(HEAD + lists.reduce((sum, list) => sum + list.length, 0));
  packed.set([
    ...lists.map((list) => list.length),
    all.length,
    ofBody.length + tail.length + without(without(ofTitle, ofBody), tail).length,
  ]);
  lists.reduce((at, list) => (packed.set(list, at), at + list.length), HEAD);
  return new Profile(packed);
}

/** Returns a profile as bytes, for the store. */
export function packProfile({ packed }: Profile): Uint8Array {
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
}

/** Returns the profile that packProfile has packed. */
export function unpackProfile(bytes: Uint8Array): Profile {
  // Copied, because the bytes of a database row need not start at a multiple of four, and slice()
  // of a Buffer copies nothing.
  return new Profile(new Uint32Array(new Uint8Array(bytes).buffer));
}

/** Returns every phrase of title and body once, sorted. A phrase in both is marked as one of the
 *  body. */
function joinPhrases(title: Uint32Array, body: Uint32Array, tail: Uint32Array): Uint32Array {
  const ofBody = toBodyPhrases(body);
  const ofTitle = toTitlePhrases(title, body);
  const phrases = new Uint32Array(ofBody.length + ofTitle.length + tail.length);
  phrases.set(ofBody);
  phrases.set(ofTitle, ofBody.length);
  phrases.set(tail, ofBody.length + ofTitle.length);
  phrases.sort();
  let count = 0;
  for (const phrase of phrases) {
    if (count > 0 && ((phrases[count - 1] ?? 0) ^ phrase) >>> 1 === 0) phrases[count - 1] = phrase;
    else phrases[count++] = phrase;
  }
  return phrases.subarray(0, count);
}

function toBodyPhrases(words: Uint32Array): Uint32Array {
  const phrases = toPhrases(words);
  for (let at = 0; at < phrases.length; at++) phrases[at] = (phrases[at] ?? 0) | 1;
  return phrases;
}

/** Returns the phrases of the title, and the phrases that reach from it into the body. */
function toTitlePhrases(title: Uint32Array, body: Uint32Array): Uint32Array {
  const words = new Uint32Array(title.length + Math.min(2, body.length));
  words.set(title);
  words.set(body.subarray(0, 2), title.length);
  return toPhrases(words).map((phrase) => phrase & ~1);
}

/** Returns the hashes of a sorted list that another sorted list does not contain. */
function without(hashes: Uint32Array, others: Uint32Array): Uint32Array {
  let at = 0;
  return hashes.filter((hash) => {
    while (at < others.length && (others[at] ?? 0) < hash) at++;
    return others[at] !== hash;
  });
}

function toHashes(words: readonly string[]): Uint32Array {
  const hashes = new Uint32Array(words.length);
  for (let at = 0; at < hashes.length; at++) hashes[at] = hashWord(words[at] ?? '');
  return hashes;
}

function toSketch(title: Uint32Array, body: Uint32Array, smallest: readonly number[]): Uint32Array {
  const pairs = title.subarray(1).map((word, at) => mix(join(title[at] ?? 0, word) ^ 0x5b_d1_e9_95));
  const whole = title.length === 0 ? [] : [mix(title.reduce(join, 0x2c_1b_3c_6d))];
  const lead = unique(toBodyPhrases(body.subarray(0, LEAD))).subarray(0, SKETCH);
  const ofWhole = unique(Uint32Array.from(smallest)).subarray(0, SKETCH);
  return unique(Uint32Array.from([...pairs, ...whole, ...lead, ...ofWhole]));
}
