import { decodeMixed, toCharset } from './charsets.ts';

/** Text of bytes that are UTF-8 although their label says something else; null when they are not,
 *  or may well be what the label says. Only a label of a charset that has another use for bytes
 *  beyond ASCII is doubted. */
export function readMislabelled(bytes: Uint8Array, label: string): string | null {
  const charset = toCharset(label);
  if (charset === null || charset === 'utf-8' || charset.startsWith('utf-16')) return null;
  const whole = decodeWhole(bytes);
  if (whole !== null) return isMeant(whole, bytes.length, charset) ? whole : null;
  // A few bytes of another text make UTF-8 of no other charset: nearly none of its characters would
  // be valid by chance.
  const sample = decodeMixed(bytes.subarray(0, SAMPLE));
  return sample.share >= MOSTLY && sample.good >= LEAST_GOOD ? decodeMixed(bytes).text : null;
}

/** Bytes that are looked at where not all are valid. */
const SAMPLE = 65_536;
const MOSTLY = 0.9;
const LEAST_GOOD = 8;
/** A Chinese or Korean character in its own charset looks like a character of UTF-8 in one case
 *  of seven. One of Cyrillic or Greek does far more seldom. So many in a row, and nothing else,
 *  are no chance. */
const LEAST_PAIRS = 5;

/** Valid UTF-8, but for a character that the end cuts off; null for anything else. */
function decodeWhole(bytes: Uint8Array): string | null {
  for (const cut of [0, 1, 2, 3]) {
    if (cut > 0 && ((bytes[bytes.length - cut] ?? 0) & 0x80) === 0) return null;
    try {
      const text = strict.decode(bytes.subarray(0, bytes.length - cut));
      return cut === 0 ? text : `${text}\ufffd`;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return null;
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** Whether text that is valid UTF-8 is no chance. ASCII is the same in both, and so is left to the
 *  label. */
function isMeant(text: string, length: number, charset: string): boolean {
  if (text.length === length) return false;
  // No text of western Europe is by chance valid UTF-8: its accents would have to be pairs of
  // signs.
  if (charset === 'windows-1252') return true;
  const pairs = text.match(/[\u0080-\u07ff]/g) ?? [];
  // Three bytes that fit are no chance in any other charset, and four still less.
  if (/[\u0800-\uffff]/.test(text.replace(/\ufffd$/, ''))) return true;
  if (pairs.length >= LEAST_PAIRS) return true;
  // One common character of Chinese, Korean or Japanese in its own charset may look like any
  // letter, but hardly like one within a Latin word.
  if (/^(?:gb|big5|euc|shift)/.test(charset))
    return LATIN.test(pairs.join('')) && /[A-Za-z][\u00c0-\u017f]|[\u00c0-\u017f][A-Za-z]/.test(text);
  return [LATIN, ...SCRIPTS].some((script) => script.test(pairs.join('')));
}

/** Few characters are meant if they are of one script; by chance they are of several. */
const LATIN = /^[\u00a0-\u017f]+$/;
const SCRIPTS = [/^[\u0370-\u03ff]+$/, /^[\u0400-\u04ff]+$/, /^[\u0590-\u05ff]+$/, /^[\u0600-\u06ff]+$/];
