import type { Problem } from '../../model/errors.ts';
import { decodeMixed, decodeUtf32, toCharset } from './charsets.ts';
import { readMislabelled } from './mislabelled.ts';

/** Text of a document, with a problem if its charset had to be guessed. */
interface Decoded {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** Decodes a document. The charset is, in this order, that of the byte order mark, of HTTP or of
 *  the XML declaration. Without these it is UTF-8 if valid, else windows-1252 (RFC 7303 §3, WHATWG
 *  Encoding). An unknown charset, or one in which the bytes are invalid, is a problem, and the next
 *  rule decides. UTF-8 under another label is read as UTF-8 (mislabelled.ts). If no charset fits,
 *  mostly valid UTF-8 or a declared multi-byte charset is still used, and only the bad bytes are
 *  lost. Never throws; the byte order mark is not part of the text. */
export function decodeText(bytes: Uint8Array, contentType: string | null): Decoded {
  const marked = byMark(bytes);
  if (marked === 'utf-32le' || marked === 'utf-32be') return { text: decodeUtf32(bytes, marked === 'utf-32le'), problems: [] };
  if (marked !== null) {
    const text = decodeAs(bytes, marked);
    // A byte order mark leaves no doubt about the charset: a bad byte, or a cut in a character,
    // loses only that character.
    return text === null
      ? { text: new TextDecoder(marked).decode(bytes), problems: [toProblem(marked, 'with its bad bytes replaced')] }
      : { text, problems: [] };
  }
  const labels = [charsetOf(contentType), declared(bytes), 'utf-8'].filter((label) => label !== null);
  for (const [index, label] of labels.entries()) {
    const utf8 = readMislabelled(bytes, label);
    if (utf8 !== null) return { text: utf8, problems: [toProblem(label, 'as UTF-8')] };
    const text = decodeAs(bytes, label);
    if (text !== null)
      return { text, problems: index === 0 || labels[0] === label ? [] : [toProblem(labels[0] ?? label, 'in another charset')] };
  }
  const problems = [toProblem(labels[0] ?? 'utf-8', 'in another charset')];
  const mixed = decodeMixed(bytes);
  if (mixed.share >= 0.5) return { text: mixed.text, problems: [toProblem('utf-8', 'with its bad bytes as windows-1252')] };
  const multibyte = labels.map(toCharset).find((charset) => charset !== null && MULTIBYTE.test(charset));
  const text = multibyte === undefined || multibyte === null ? null : new TextDecoder(multibyte).decode(bytes);
  // Few characters are invalid in the right charset.
  if (text !== null && text.split('\ufffd').length - 1 < text.length / 50 + 1) return { text, problems };
  return { text: new TextDecoder('windows-1252').decode(bytes), problems };
}

/** Multi-byte charsets, in which bytes can be invalid; single-byte charsets accept nearly every
 *  byte. */
const MULTIBYTE = /^(?:gb|big5|euc|shift|iso-2022)/;

function toProblem(label: string, reading: string): Problem {
  return { code: 'decode/charset', message: `the text is not in the expected charset (${label.slice(0, 40)}) and was read ${reading}` };
}

function byMark(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  const isStart = (byte: number | undefined) => byte === 0x3c || byte === 0x0a || byte === 0x0d || byte === 0x20;
  // The UTF-32 mark is the UTF-16 mark and a zero character, with which no document begins.
  if (a === 0xff && b === 0xfe && c === 0 && d === 0 && isStart(bytes[4])) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // Without a mark: "<" or white space in UTF-32 or UTF-16 (XML 1.0 appendix F).
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

/** Decodes bytes by a label; null when the label is unknown or the bytes are invalid in it. */
function decodeAs(bytes: Uint8Array, label: string): string | null {
  // A declaration that is readable byte by byte cannot be in UTF-16 or UTF-32, whatever it claims.
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
