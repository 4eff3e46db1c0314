/** Charset names in use that the WHATWG Encoding standard does not list, in lower case. */
const aliases: Readonly<Record<string, string>> = {
  utf8mb4: 'utf-8',
  utf_8: 'utf-8',
  'utf-8n': 'utf-8',
  'utf-8-sig': 'utf-8',
  cp932: 'shift_jis',
  'shift-jis-2004': 'shift_jis',
  cp936: 'gbk',
  'gbk-2312': 'gbk',
  'gb-2312': 'gbk',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  cp950: 'big5',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  'latin-1': 'iso-8859-1',
  'latin-9': 'iso-8859-15',
  macroman: 'macintosh',
  'mac-roman': 'macintosh',
  maccyrillic: 'x-mac-cyrillic',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
};

/** Returns the name by which TextDecoder knows a charset; null when it is unknown. The label may be
 *  in any case, in quotes, or with `_` for `-`. */
export function toCharset(label: string): string | null {
  const name = label
    .trim()
    // Labels come from publishers and may have any length; no charset name is longer.
    .slice(0, 100)
    .toLowerCase()
    .replace(/^["']|["';,]+$/g, '');
  for (const candidate of [name, aliases[name], name.replaceAll('_', '-'), name.replace(/^cp-?(?=125\d$)/, 'windows-')]) {
    if (candidate === undefined) continue;
    try {
      return new TextDecoder(candidate).encoding;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return null;
}

/** Decodes UTF-8 with bytes of windows-1252 among it, as when one text was pasted into another. A
 *  byte that is not valid UTF-8 is read as windows-1252. A character that is cut off at the end
 *  becomes U+FFFD. `good` counts the valid characters beyond ASCII. `share` is their share of all
 *  that is not ASCII, 0 to 1: below a half, the text is probably in another charset. */
export function decodeMixed(bytes: Uint8Array): { readonly text: string; readonly share: number; readonly good: number } {
  const parts: string[] = [];
  let [from, good, bad] = [0, 0, 0];
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    if (length > 0) {
      if (length > 1) good++;
      at += length;
      continue;
    }
    parts.push(utf8.decode(bytes.subarray(from, at)));
    const isCut = length < 0 && at + 4 > bytes.length;
    parts.push(isCut ? '\ufffd' : windows1252.decode(bytes.subarray(at, at + 1)));
    at = isCut ? bytes.length : at + 1;
    from = at;
    bad++;
  }
  parts.push(utf8.decode(bytes.subarray(from)));
  return { text: parts.join(''), share: good / Math.max(1, good + bad), good };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

/** Returns the length of the UTF-8 character at an offset (RFC 3629 §4); 0 when none begins there;
 *  -1 when the bytes end inside it. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  for (let next = 1; next < length; next++) {
    const byte = bytes[at + next];
    if (byte === undefined) return -1;
    const [low, high] =
      next > 1
        ? [0x80, 0xbf]
        : first === 0xe0
          ? [0xa0, 0xbf]
          : first === 0xed
            ? [0x80, 0x9f]
            : first === 0xf0
              ? [0x90, 0xbf]
              : first === 0xf4
                ? [0x80, 0x8f]
                : [0x80, 0xbf];
    if (byte < low || byte > high) return 0;
  }
  return length;
}

/** Decodes UTF-32, which TextDecoder lacks. Invalid code points become U+FFFD. A byte order mark is
 *  left out. */
export function decodeUtf32(bytes: Uint8Array, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, isLittle);
    if (at === 0 && code === 0xfeff) continue;
    parts.push(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code));
  }
  return parts.join('');
}
