/** Bytes 0x80 to 0x9f of windows-1252 by the code point of their character. Half of the pairs that
 *  double encoding produces contain one of them. */
const bytes = new Map(
  Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 128 }, (_, index) => 0x80 + index)), (character, index) => [
    character.charCodeAt(0),
    0x80 + index,
  ]),
);
/** Cheap first test: the start of a multi-byte UTF-8 character that was decoded as windows-1252. */
const TRACE = /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]/g;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Returns a function that reports whether a trace of double encoding lies between two offsets.
 *  Calls with rising offsets read the text only once. */
export function createTraceFinder(text: string): (from: number, to: number) => boolean {
  const search = new RegExp(TRACE);
  let next = 0;
  const advance = (from: number): void => {
    search.lastIndex = from;
    next = search.exec(text)?.index ?? Infinity;
  };
  advance(0);
  return (from, to) => {
    if (next < from) advance(from);
    return next < to;
  };
}

/** Letters from U+00C2 to U+00F4, plain, by number or by name: the first byte of a UTF-8 character
 *  decoded as windows-1252. */
const HALF =
  /[\u00c2-\u00f4]|&(?:#0*(?:19[4-9]|2[0-3]\d|24[0-4])|#x0*(?:c[2-9a-f]|[de][0-9a-f]|f[0-4])|[a-z]{1,2}(?:circ|tilde|uml|ring|lig|cedil|grave|acute|slash)|times|eth|thorn);/i;

/** Reports whether a text has a character reference that may be the first half of a doubly encoded
 *  letter. */
export function mayBeHalfEncoded(raw: string): boolean {
  return HALF.test(raw);
}

/** Repairs a text that was encoded twice ("Ã©" for "é"); returns any other text unchanged. Only a
 *  text that becomes valid UTF-8 as a whole is changed. One genuine "Ã", or one character outside
 *  windows-1252, shows that the text is correct. */
export function undoDoubleEncoding(text: string): string {
  let undone = '';
  let from = 0;
  for (const { 0: run, index } of text.matchAll(/[\u0080-\uffff]+/g)) {
    const letters = decodeRun(run);
    if (letters === null) return text;
    undone += text.slice(from, index) + letters;
    from = index + run.length;
  }
  return from === 0 ? text : undone + text.slice(from);
}

/** Decodes a run of non-ASCII characters a second time; null when that is no valid UTF-8. Nearly
 *  every correct text fails at its first character. */
function decodeRun(run: string): string | null {
  const encoded = new Uint8Array(run.length);
  let rest = 0;
  for (let at = 0; at < run.length; at++) {
    const code = run.charCodeAt(at);
    const byte = rest > 0 ? toByte(code) : code;
    if (rest > 0 ? byte < 0x80 || byte >= 0xc0 : byte < 0xc2 || byte > 0xf4) return null;
    rest = rest > 0 ? rest - 1 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    encoded[at] = byte;
  }
  try {
    return rest > 0 ? null : utf8.decode(encoded);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Returns the windows-1252 byte of a character; -1 when it has none. */
function toByte(code: number): number {
  return code < 0x80 ? code : (bytes.get(code) ?? (code < 0x100 ? code : -1));
}
