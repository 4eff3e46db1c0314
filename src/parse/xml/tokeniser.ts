import { endOfName, isSpace } from '../text/characters.ts';
import { createFinder } from '../text/finder.ts';
import type { Finder } from '../text/finder.ts';
import { readOpenTag } from './open-tag.ts';
import type { TokenHandler } from './tokens.ts';

/** Longest declaration or instruction in characters; a longer one has lost its end. */
const MAX_DECLARATION = 65_536;

/** Most tags read from a document: ten megabytes of the shortest items have fewer, and each piece
 *  of text costs memory. */
const MAX_TOKENS = 750_000;

/** Splits XML into tokens, as tolerantly as linear time permits. It repairs a stray `<`, an open
 *  tag without `>`, an attribute without a quote, an unclosed comment or CDATA section. The text
 *  behind a fault shows where the broken part must have ended. DTDs and processing instructions are
 *  skipped; entities are never expanded. */
export function tokeniseXml(text: string, handler: TokenHandler): void {
  const find = createFinder(text);
  let at = 0;
  for (let tokens = 0; at < text.length; tokens++) {
    if (tokens > MAX_TOKENS) {
      handler.repair('many');
      return;
    }
    const next = text.indexOf('<', at);
    if (next < 0) {
      handler.text(at, text.length);
      return;
    }
    if (next > at) handler.text(at, next);
    const code = text.charCodeAt(next + 1);
    at =
      code === SLASH
        ? readClose(text, next, handler)
        : code === BANG
          ? readDeclaration(text, next, handler, find)
          : code === QUESTION
            ? skipInstruction(text, next, handler, find)
            : readOpenTag(text, next, handler, find);
  }
}

const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const MORE = 62;

function readDeclaration(text: string, at: number, handler: TokenHandler, find: Finder): number {
  if (text.startsWith('[CDATA[', at + 2)) return readCdata(text, at + 9, handler, find);
  if (text.startsWith('--', at + 2)) return skipComment(text, at + 4, handler, find);
  const tag = find('>', at);
  const subset = find('[', at);
  // A document type and its internal subset are skipped unread, so no entity is ever declared.
  const end = subset >= 0 && subset < tag ? find(']>', subset) : -1;
  if (end >= 0 && end - at < MAX_DECLARATION && handler.current() === null) return end + 2;
  const other = find('<', at + 1);
  if (tag >= 0 && (other < 0 || tag < other || handler.current() === null) && tag - at < MAX_DECLARATION) return tag + 1;
  return keepStray(at, at + 2, handler);
}

/** Reads a CDATA section. One without its `]]>` would swallow the following ones, so it ends with
 *  the element around it. */
function readCdata(text: string, from: number, handler: TokenHandler, find: Finder): number {
  const end = find(']]>', from);
  const other = find('<![CDATA[', from);
  const name = handler.current();
  if (end >= 0 && (other < 0 || other > end || name === null)) {
    handler.cdata(from, end);
    return end + 3;
  }
  const close = find(name === null ? '<' : `</${name}`, from);
  if (end >= 0 && (close < 0 || close > end)) {
    handler.cdata(from, end);
    return end + 3;
  }
  handler.repair('cdata');
  const stop = close < 0 ? text.length : close;
  let last = stop;
  while (last > from && isSpace(text.charCodeAt(last - 1))) last--;
  handler.cdata(from, last - from >= 2 && text.startsWith(']]', last - 2) ? last - 2 : stop);
  return stop;
}

/** Skips a comment. One in which another comment begins was never closed: it ends with its line, or
 *  at the next tag. */
function skipComment(text: string, from: number, handler: TokenHandler, find: Finder): number {
  const end = find('-->', from);
  const other = find('<!--', from);
  if (end >= 0 && (other < 0 || other > end)) return end + 3;
  handler.repair('comment');
  const line = find('\n', from);
  const tag = find('<', from);
  return Math.min(line < 0 ? text.length : line, tag < 0 ? text.length : tag);
}

function skipInstruction(text: string, at: number, handler: TokenHandler, find: Finder): number {
  if (endOfName(text, at + 2) === at + 2) return keepStray(at, at + 2, handler);
  const end = find('?>', at);
  if (end >= 0 && end - at < MAX_DECLARATION) return end + 2;
  const tag = find('>', at);
  const other = find('<', at + 1);
  return tag >= 0 && (other < 0 || tag < other) ? tag + 1 : keepStray(at, at + 2, handler);
}

function readClose(text: string, at: number, handler: TokenHandler): number {
  const current = handler.current();
  if (current !== null && text.startsWith(current, at + 2)) {
    const end = at + 2 + current.length;
    if (text.charCodeAt(end) === MORE) {
      handler.close(current, at, end + 1);
      return end + 1;
    }
  }
  const endName = endOfName(text, at + 2);
  // `</>` closes nothing and is dropped.
  if (endName === at + 2) return text.charCodeAt(endName) === MORE ? endName + 1 : keepStray(at, at + 2, handler);
  let end = endName;
  while (isSpace(text.charCodeAt(end))) end++;
  const code = text.charCodeAt(end);
  if (code === MORE) end++;
  else if (end < text.length && text[end] !== '<') return keepStray(at, at + 2, handler);
  else handler.repair('close-tag');
  handler.close(text.slice(at + 2, endName), at, end);
  return end;
}

function keepStray(start: number, end: number, handler: TokenHandler): number {
  handler.repair('stray');
  handler.text(start, end);
  return end;
}
