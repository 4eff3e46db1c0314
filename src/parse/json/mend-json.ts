/** JSON that was put right. */
interface MendedJson {
  readonly text: string;
  /** true when its end was missing. */
  readonly isCut: boolean;
  /** true when it ended inside an item, of which a part is there. */
  readonly isItemOpen: boolean;
}

/** JSON with what publishers get wrong in it put right: control characters in strings, commas
 *  before a closing bracket, an end that is missing (what was begun after the last whole value is
 *  left out), words before and after. null when nothing can be made of it. Reads the text once. */
export function mendJson(text: string): MendedJson | null {
  const parts: string[] = [];
  const open: string[] = [];
  // The last place at which everything before it was whole: how many parts, and how many brackets
  // were open.
  let whole = { parts: 0, open: 0 };
  // The name of the list or object that was begun last at the top.
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

/** Place after the quote that ends the string beginning at `from`; -1 when none does. */
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
