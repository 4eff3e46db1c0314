/** Forms of front matter that are read. */
export type FrontForm = 'yaml' | 'toml' | 'json';

/** A block on top of a file that may be front matter, as it stands. */
export interface FrontBlock {
  /** null for a fence that is none of those that are read. */
  readonly form: FrontForm | null;
  /** The line that opens it, trimmed. */
  readonly fence: string;
  /** The text between the fences; where none closes it, its first paragraph. */
  readonly text: string;
  /** Line of the file, from 1, on which `text` begins. */
  readonly line: number;
  /** The text that follows; null when nothing closes the block. */
  readonly body: string | null;
}

/** A line of at least three of one sign, with or without a word behind it. */
const ANY_FENCE = /^([-+=~`*_#;%.:|])\1{2,}[ \t]*[\w-]{0,20}$/;

/** The block between fences on top of a text whose lines end in `\n`; null when none opens there.
 *  Fences: `---` (YAML; TOML or JSON where the word stands behind it), `+++` (TOML), `;;;` and a
 *  bare `{` … `}` (JSON), as Jekyll, Hugo, Zola and Eleventy have them. */
export function findFrontBlock(text: string): FrontBlock | null {
  const top = skipAbove(text);
  // The indentation of the first line belongs to it.
  const start = top === 0 ? 0 : text.lastIndexOf('\n', top - 1) + 1;
  const above = countLines(text, start);
  const end = endOfLine(text, start);
  const first = text
    .slice(start, end)
    .replace(/^[\u200b\ufeff\s]+/, '')
    .trimEnd();
  if (first.startsWith('{')) return findObject(text, text.indexOf('{', start), above);
  const form = formOf(first);
  if (form === null && !ANY_FENCE.test(first)) return null;
  const sign = first.charAt(0);
  const closes = (line: string) =>
    form === null ? line.length > 2 && line === sign.repeat(line.length) : line === first.slice(0, 3) || (sign === '-' && line === '...');
  const below = Math.min(end + 1, text.length);
  for (let at = below; at < text.length;) {
    const lineEnd = endOfLine(text, at);
    if (lineEnd - at < 200 && closes(text.slice(at, lineEnd).trim()))
      return { form, fence: first, text: text.slice(below, at), line: above + 2, body: text.slice(lineEnd + 1) };
    at = lineEnd + 1;
  }
  return { form, fence: first, text: firstParagraph(text, below), line: above + 2, body: null };
}

/** The place at which a text begins, below a byte order mark, blank lines and comments. */
function skipAbove(text: string): number {
  const blank = /[\s\u200b\ufeff]*/y;
  for (let at = 0; ;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    const end = text.startsWith('<!--', at) ? text.indexOf('-->', at) : -1;
    if (end < 0) return at;
    at = end + 3;
  }
}

/** The first lines of a text down to the first that is empty; the whole where none is. */
export function firstParagraph(text: string, start = 0): string {
  const blank = /\n[ \t]*(?:\n|$)/g;
  blank.lastIndex = start;
  return text.slice(start, blank.exec(text)?.index ?? text.length);
}

function formOf(line: string): FrontForm | null {
  const word = /^(?:---[ \t]*(yaml|yml|toml|json)?|---[ \t]+#.*|(\+\+\+)|(;;;))$/i.exec(line);
  if (!word) return null;
  const [, named = '', toml, json] = word;
  if (toml !== undefined) return 'toml';
  if (json !== undefined) return 'json';
  const name = named.toLowerCase();
  return name === 'toml' || name === 'json' ? name : 'yaml';
}

/** An object of JSON that begins at `start`, down to the brace that closes it. */
function findObject(text: string, start: number, above: number): FrontBlock {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const sign = text.charAt(at);
    if (isQuoted) {
      if (sign === '\\') at++;
      else if (sign === '"') isQuoted = false;
    } else if (sign === '"') isQuoted = true;
    else if (sign === '{') depth++;
    else if (sign === '}' && --depth === 0)
      return {
        form: 'json',
        fence: '{',
        text: text.slice(start, at + 1),
        line: above + 1,
        body: text.slice(at + 1).replace(/^[ \t]*\n/, ''),
      };
  }
  return { form: 'json', fence: '{', text: firstParagraph(text, start), line: above + 1, body: null };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
