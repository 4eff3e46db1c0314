import type { Problem } from '../model/errors.ts';

/** Text of a document, with what had to be guessed. */
export interface Decoded {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** Bytes to text by byte order mark, else HTTP charset, else the XML declaration, else UTF-8 if that is what they are, else
 *  windows-1252 (RFC 7303 §3, WHATWG Encoding labels). A charset that is unknown, or UTF-8 that is none, is a problem and the next
 *  rule decides. Never throws; a mark at the start is not part of the text. */
export function decode(bytes: Uint8Array, contentType: string | null): Decoded {
  const marked = byMark(bytes);
  if (marked !== null) {
    const text = decodeAs(bytes, marked);
    // One bad byte, or a document cut off inside a character, costs that character: the mark leaves no doubt about the rest.
    return text === null ? { text: new TextDecoder(marked).decode(bytes), problems: [toProblem(marked)] } : { text, problems: [] };
  }
  const problems: Problem[] = [];
  for (const label of [charsetOf(contentType), declared(bytes), 'utf-8']) {
    if (label === null) continue;
    const text = decodeAs(bytes, label);
    if (text !== null) return { text, problems };
    if (problems.length === 0)
      problems.push({
        code: 'decode/charset',
        message: `the text is not in the charset it claims (${label.slice(0, 40)}): read as another one`,
      });
  }
  return { text: new TextDecoder('windows-1252').decode(bytes), problems };
}

function toProblem(label: string): Problem {
  return { code: 'decode/charset', message: `the text is not in the charset it claims (${label.slice(0, 40)}): read as far as it goes` };
}

function byMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // "<" in UTF-16 without a mark (XML 1.0 appendix F).
  if (a === 0x3c && b === 0) return 'utf-16le';
  if (a === 0 && b === 0x3c) return 'utf-16be';
  return null;
}

function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? null;
}

function declared(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  return (
    /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']+)["']/i.exec(head)?.[1] ?? /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? null
  );
}

/** null when the label is unknown or the bytes are not valid in it. */
function decodeAs(bytes: Uint8Array, label: string): string | null {
  try {
    // A declaration that can be read byte by byte is not UTF-16, whatever it says.
    const sane = /^(utf-?16|ucs-?2|iso-10646)/i.test(label) && byMark(bytes) === null ? 'utf-8' : label.trim();
    return new TextDecoder(sane, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}
