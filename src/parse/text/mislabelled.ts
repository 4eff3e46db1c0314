import { decodeMixed, toCharset } from './charsets.ts';

/** Decodes bytes as UTF-8 when they clearly are UTF-8 under another label. Returns null when they
 *  are not, or when the label may be right. Only labels of charsets with another meaning for bytes
 *  beyond ASCII are doubted. */
export function readMislabelled(bytes: Uint8Array, label: string): string | null {
  const charset = toCharset(label);
  if (charset === null || charset === 'utf-8' || charset.startsWith('utf-16')) return null;
  const whole = decodeWhole(bytes);
  if (whole !== null) return isIntended(whole, bytes.length, charset) ? whole : null;
  // Some bytes of another charset do not disprove UTF-8: by chance, few of its other characters
  // would be valid.
  const sample = decodeMixed(bytes.subarray(0, SAMPLE));
  return sample.share >= MOSTLY && sample.good >= LEAST_GOOD ? decodeMixed(bytes).text : null;
}

/** Length of the sample in bytes, for a text that is not fully valid. */
const SAMPLE = 65_536;
const MOSTLY = 0.9;
const LEAST_GOOD = 8;
/** Most two-byte characters that may be valid UTF-8 by chance. One Chinese or Korean character in
 *  seven looks like UTF-8, a Cyrillic or Greek one far more rarely. This many in a row are no
 *  coincidence. */
const LEAST_PAIRS = 5;

/** Decodes valid UTF-8 whose last character may be cut off; null for any other bytes. */
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

/** Reports whether valid UTF-8 is intended rather than a coincidence. Plain ASCII is equal in both
 *  charsets and follows the label. */
function isIntended(text: string, length: number, charset: string): boolean {
  if (text.length === length) return false;
  // In windows-1252, valid UTF-8 by chance would need accents in pairs with signs, which no
  // language has.
  if (charset === 'windows-1252') return true;
  const pairs = text.match(/[\u0080-\u07ff]/g) ?? [];
  // Three or more bytes of one character are no coincidence in any other charset.
  if (/[\u0800-\uffff]/.test(text.replace(/\ufffd$/, ''))) return true;
  if (pairs.length >= LEAST_PAIRS) return true;
  // One common Chinese, Korean or Japanese character may look like a UTF-8 letter, but hardly like
  // one inside a Latin word.
  if (/^(?:gb|big5|euc|shift)/.test(charset))
    return LATIN.test(pairs.join('')) && /[A-Za-z][\u00c0-\u017f]|[\u00c0-\u017f][A-Za-z]/.test(text);
  return [LATIN, ...SCRIPTS].some((script) => script.test(pairs.join('')));
}

/** A few characters are intended if they are of one script; by coincidence they are of several. */
const LATIN = /^[\u00a0-\u017f]+$/;
const SCRIPTS = [/^[\u0370-\u03ff]+$/, /^[\u0400-\u04ff]+$/, /^[\u0590-\u05ff]+$/, /^[\u0600-\u06ff]+$/];
