import type { Problem } from '../../model/errors.ts';
import { decodeMixed, decodeUtf32, toCharset } from './charsets.ts';
import { readMislabelled } from './mislabelled.ts';

/** Text of a document, with what had to be guessed. */
interface Decoded {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** Bytes to text by byte order mark, else HTTP charset, else XML declaration, else UTF-8 if
 *  valid, else windows-1252 (RFC 7303 §3, WHATWG Encoding). A charset that is unknown, or one
 *  that the bytes are not in, is a problem, and the next rule decides. Bytes that are UTF-8
 *  under another label are read as UTF-8 (mislabelled.ts). If none fits, bytes that are mostly
 *  UTF-8 are read as such and cost their bad bytes alone. The same holds for a declared charset
 *  of many bytes a character. Never throws; a mark at the start is not part of the text. */
export function decodeText(bytes: Uint8Array, contentType: string | null): Decoded {
  const marked = byMark(bytes);
  if (marked === 'utf-32le' || marked === 'utf-32be') return { text: decodeUtf32(bytes, marked === 'utf-32le'), problems: [] };
  if (marked !== null) {
    const text = decodeAs(bytes, marked);
    // One bad byte, or a document cut off inside a character, costs that character: the mark leaves
    // no doubt about the rest.
    return text === null
      ? { text: new TextDecoder(marked).decode(bytes), problems: [toProblem(marked, 'as far as it goes')] }
      : { text, problems: [] };
  }
  const labels = [charsetOf(contentType), declared(bytes), 'utf-8'].filter((label) => label !== null);
  for (const [index, label] of labels.entries()) {
    const utf8 = readMislabelled(bytes, label);
    if (utf8 !== null) return { text: utf8, problems: [toProblem(label, 'as UTF-8')] };
    const text = decodeAs(bytes, label);
    if (text !== null)
      return { text, problems: index === 0 || labels[0] === label ? [] : [toProblem(labels[0] ?? label, 'as another one')] };
  }
  const problems = [toProblem(labels[0] ?? 'utf-8', 'as another one')];
  const mixed = decodeMixed(bytes);
  if (mixed.share >= 0.5) return { text: mixed.text, problems: [toProblem('utf-8', 'with its bad bytes as windows-1252')] };
  const multibyte = labels.map(toCharset).find((charset) => charset !== null && MULTIBYTE.test(charset));
  const text = multibyte === undefined || multibyte === null ? null : new TextDecoder(multibyte).decode(bytes);
  // In the right charset few characters are bad.
  if (text !== null && text.split('\ufffd').length - 1 < text.length / 50 + 1) return { text, problems };
  return { text: new TextDecoder('windows-1252').decode(bytes), problems };
}

/** Charsets that a bad byte can fail; those of one byte have a character for nearly each. */
const MULTIBYTE = /^(?:gb|big5|euc|shift|iso-2022)/;

function toProblem(label: string, reading: string): Problem {
  return { code: 'decode/charset', message: `the text is not in the charset it claims (${label.slice(0, 40)}): read ${reading}` };
}

function byMark(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  const isStart = (byte: number | undefined) => byte === 0x3c || byte === 0x0a || byte === 0x0d || byte === 0x20;
  // The mark of UTF-32 is that of UTF-16 with a character of zero after it, which no document has.
  if (a === 0xff && b === 0xfe && c === 0 && d === 0 && isStart(bytes[4])) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // "<" in UTF-32 and UTF-16 without a mark (XML 1.0 appendix F), perhaps after a line end or a
  // space.
  if (isStart(a) && b === 0 && c === 0 && d === 0) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0 && isStart(d)) return 'utf-32be';
  if (isStart(a) && b === 0) return 'utf-16le';
  if (a === 0 && isStart(b)) return 'utf-16be';
  return null;
}

function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? null;
}

function declared(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  return (
    /<\?xml[^>]*?\bencoding\s*=\s*["']([^"']+)["']/i.exec(head)?.[1] ?? /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? null
  );
}

/** null when the label is unknown or the bytes are not valid in it. */
function decodeAs(bytes: Uint8Array, label: string): string | null {
  // A declaration that can be read byte by byte is not UTF-16, whatever it says.
  const isWide = /^(?:utf-?16|ucs-?[24]|utf-?32|iso-10646)/i.test(label.trim()) && byMark(bytes) === null;
  const charset = isWide ? 'utf-8' : toCharset(label);
  if (charset === null) return null;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}
