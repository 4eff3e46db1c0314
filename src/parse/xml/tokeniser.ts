import { endOfName, isSpace } from '../text/characters.ts';
import { createFinder } from '../text/finder.ts';
import type { Finder } from '../text/finder.ts';
import { readOpenTag } from './open-tag.ts';
import type { TokenHandler } from './tokens.ts';

/** Longest run of characters that can be a declaration or an instruction: what is longer has lost
 *  its end. */
const MAX_DECLARATION = 65_536;

/** Tags of a document that are read: ten megabytes of the shortest items have fewer, and each piece
 *  of text costs memory. */
const MAX_TOKENS = 750_000;

/** Cuts XML into tokens as forgivingly as it can be done in linear time. What strict readers refuse
 *  is repaired: a `<` that starts no tag is text, an open tag that lost its `>`, an attribute that
 *  lost a quote, a comment or CDATA section that never ends, are ended where what follows shows
 *  that they must have ended. DTDs are passed over, processing instructions too; nothing is
 *  expanded. */
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
  // A document type, with its internal subset, is passed over unread: entities are never declared
  // here.
  const end = subset >= 0 && subset < tag ? find(']>', subset) : -1;
  if (end >= 0 && end - at < MAX_DECLARATION && handler.current() === null) return end + 2;
  const other = find('<', at + 1);
  if (tag >= 0 && (other < 0 || tag < other || handler.current() === null) && tag - at < MAX_DECLARATION) return tag + 1;
  return keepStray(at, at + 2, handler);
}

/** A section that has lost its `]]>` would swallow the next ones: it ends with the element that it
 *  stands in. */
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

/** A comment in which another begins was never closed: it ends with its line, or where a tag
 *  begins. */
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
  // `</>` closes nothing.
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
