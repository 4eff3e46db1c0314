/** Characters that windows-1252 has at 0x80 to 0x9f, by code point: half of what double encoding makes of a letter is one of them. */
const bytes = new Map(
  Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 128 }, (_, index) => 0x80 + index)), (character, index) => [
    character.charCodeAt(0),
    0x80 + index,
  ]),
);
/** What a letter of two or more bytes looks like once it was taken for windows-1252: cheap to look for. */
const TRACE = /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]/g;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Tells, asked at rising places of a text, whether a trace of double encoding stands between two of them: it reads the text once. */
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

/** Text that its publisher encoded twice ("Ã©" for "é") put right; any other text as it is. Only a text that becomes valid UTF-8 as a
 *  whole is touched: one true "Ã" in it, or one letter that windows-1252 has not, proves that it was meant. */
export function undoDoubleEncoding(text: string): string {
  if (!looksEncoded(text)) return text;
  const encoded = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) encoded[at] = toByte(text.charCodeAt(at));
  try {
    return utf8.decode(encoded);
  } catch (error) {
    if (error instanceof TypeError) return text;
    throw error;
  }
}

/** Whether every character beyond ASCII stands in a sequence of UTF-8, and there is one: nearly every text that was meant as it is fails at
 *  its first one. */
function looksEncoded(text: string): boolean {
  let isAscii = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    const length = code >= 0xf0 && code <= 0xf4 ? 4 : code >= 0xe0 && code < 0xf0 ? 3 : code >= 0xc2 && code < 0xe0 ? 2 : 0;
    if (length === 0) return false;
    for (let next = 1; next < length; next++) {
      const byte = toByte(text.charCodeAt(at + next));
      if (!(byte >= 0x80 && byte < 0xc0)) return false;
    }
    at += length - 1;
    isAscii = false;
  }
  return !isAscii;
}

/** The byte of windows-1252 that a character was read from; -1 for none. */
function toByte(code: number): number {
  return code < 0x80 ? code : (bytes.get(code) ?? (code < 0x100 ? code : -1));
}
