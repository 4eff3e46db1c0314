/** Reports whether a UTF-16 code unit is XML white space (XML 1.0 §2.3). */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Returns the end of the name that begins at `from`; `from` itself when none begins there. Accepts
 *  more than XML 1.0 §2.3: any letter from U+00C0 on. */
export function endOfName(text: string, from: number): number {
  let at = from;
  let code = text.charCodeAt(at);
  if (!(code < 128 ? table[code] === START : code >= 0xc0)) return from;
  do code = text.charCodeAt(++at);
  while (code < 128 ? table[code] !== 0 : code >= 0xb7);
  return at;
}

const START = 1;
const PART = 2;
const table = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /[A-Za-z_:]/.test(character) ? START : /[\d.-]/.test(character) ? PART : 0;
});
