/** Formats of front matter that can be read. */
export type FrontForm = 'yaml' | 'toml' | 'json';

/** A block at the top of a file that may be front matter. */
export interface FrontBlock {
  /** null for a fence of an unknown format. */
  readonly form: FrontForm | null;
  /** The line that opens the block, trimmed. */
  readonly fence: string;
  /** The text between the fences; without a closing fence, its first paragraph. */
  readonly text: string;
  /** Line of the file on which `text` begins, counted from 1. */
  readonly line: number;
  /** The text below the block; null when the block is not closed. */
  readonly body: string | null;
}

/** A line of at least three equal signs, with or without a word behind them. */
const ANY_FENCE = /^([-+=~`*_#;%.:|])\1{2,}[ \t]*[\w-]{0,20}$/;

/** Returns the fenced block at the top of a text with `\n` line ends; null when none opens there.
 *  Fences as in Jekyll, Hugo, Zola and Eleventy: `---` (YAML, or the format named behind it), `+++`
 *  (TOML), `;;;` and bare `{` … `}` (JSON). */
export function findFrontBlock(text: string): FrontBlock | null {
  const top = skipAbove(text);
  // The indentation of the first line is part of the block.
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

/** Returns the offset of the first text below a byte order mark, blank lines and comments. */
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

/** Returns the lines of a text up to the first empty line; the whole text when there is none. */
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

/** Returns the JSON object that begins at `start`, up to its closing brace. */
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
