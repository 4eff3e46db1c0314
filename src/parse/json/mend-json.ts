/** The result of repairing JSON. */
interface MendedJson {
  readonly text: string;
  /** True when the end was missing. */
  readonly isCut: boolean;
  /** True when the text ended inside an item, whose first part was kept. */
  readonly isItemOpen: boolean;
}

/** Repairs common faults of published JSON: control characters in strings, commas before a closing
 *  bracket, a missing end, text before or after. At a missing end, the last incomplete value is
 *  dropped. Returns null when the text cannot be repaired. Reads the text once. */
export function mendJson(text: string): MendedJson | null {
  const parts: string[] = [];
  const open: string[] = [];
  // State at the last offset where everything before was complete: the number of parts and of open
  // brackets.
  let whole = { parts: 0, open: 0 };
  // Key of the list or object that was opened last at the top level.
  let topName: string | undefined;
  let at = text.indexOf('{');
  if (at < 0) return null;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '"') {
      const end = endOfString(text, at);
      if (end < 0) break;
      parts.push(text.slice(at, end).replace(/\p{Cc}/gu, toEscape));
      at = end;
      continue;
    }
    if (character === ',') whole = { parts: parts.length, open: open.length };
    if (open.length === 1 && (character === '{' || character === '[')) topName = parts.findLast((part) => part.startsWith('"'));
    if (character === '{' || character === '[') open.push(character === '{' ? '}' : ']');
    if (character === '}' || character === ']') {
      if (open.pop() !== character) return null;
      while (/^[\s,]$/.test(parts.at(-1) ?? '')) parts.pop();
    }
    parts.push(character);
    at++;
    if (open.length === 0) return { text: parts.join(''), isCut: false, isItemOpen: false };
    if (character === '}' || character === ']') whole = { parts: parts.length, open: open.length };
  }
  if (whole.parts === 0) return null;
  const mended = parts.slice(0, whole.parts).join('') + open.slice(0, whole.open).toReversed().join('');
  return { text: mended, isCut: true, isItemOpen: topName === '"items"' && whole.open > 2 };
}

/** Returns the offset behind the quote that ends the string at `from`; -1 when none ends it. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function toEscape(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
