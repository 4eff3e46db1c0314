/** Characters that windows-1252 has at 0x80 to 0x9f, by code point: half of what double encoding makes of a letter is one of them. */
const bytes = new Map(
  Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 128 }, (_, index) => 0x80 + index)), (character, index) => [
    character.charCodeAt(0),
    0x80 + index,
  ]),
);
/** What a letter of two or more bytes looks like once it was taken for windows-1252: cheap to look for. */
const TRACE = /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether there may be something for `undoDoubleEncoding` to put right: asked of a whole document, it saves asking of each of its texts. */
export function isDoublyEncoded(text: string): boolean {
  return TRACE.test(text);
}

/** Text that its publisher encoded twice ("Ã©" for "é") put right; any other text as it is. Only a text that becomes valid UTF-8 as a
 *  whole is touched: one true "Ã" in it, or one letter that windows-1252 has not, proves that it was meant. */
export function undoDoubleEncoding(text: string): string {
  if (!TRACE.test(text)) return text;
  const encoded = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const byte = code < 0x80 ? code : (bytes.get(code) ?? (code < 0x100 ? code : undefined));
    if (byte === undefined) return text;
    encoded[at] = byte;
  }
  try {
    return utf8.decode(encoded);
  } catch (error) {
    if (error instanceof TypeError) return text;
    throw error;
  }
}
