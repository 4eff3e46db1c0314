import { createFinder } from './finder.ts';
import type { Finder } from './finder.ts';

/** Receives what the tokeniser finds, in document order. Offsets are into the text it was given. */
export interface TokenHandler {
  /** Name of the innermost open element as written; null outside the root: a lost `]]>` is looked for at its end. */
  current(): string | null;
  open(name: string, attributes: Readonly<Record<string, string>>, selfClosing: boolean, start: number, end: number): void;
  close(name: string, start: number, end: number): void;
  /** Character data, entities as written. */
  text(raw: string): void;
  /** Content of a CDATA section, taken literally. */
  cdata(text: string): void;
  /** Something had to be repaired; `what` is a short stable word. */
  repair(what: string): void;
}

/** Longest run of characters that can be a tag: what is longer is text with a stray `<`. */
const MAX_TAG = 65_536;
const NAME = /[A-Za-z_:\u00c0-\u{10ffff}][\w:.\-\u00b7-\u{10ffff}]*/uy;

/** Cuts XML into tokens as forgivingly as it can be done in linear time. What strict readers refuse is repaired: a `<` that starts no tag is
 *  text, an open tag that lost its `>`, an attribute that lost a quote, a comment or CDATA section that never ends, are ended where what
 *  follows shows that they must have ended. DTDs are passed over, processing instructions too; nothing is expanded. */
export function tokenise(text: string, handler: TokenHandler): void {
  const finder = createFinder(text);
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    if (next < 0) {
      handler.text(text.slice(at));
      return;
    }
    if (next > at) handler.text(text.slice(at, next));
    at = readMarkup(text, next, handler, finder);
  }
}

/** Reads what starts with the `<` at `at`; returns where to go on. */
function readMarkup(text: string, at: number, handler: TokenHandler, find: Finder): number {
  if (text.startsWith('<![CDATA[', at)) return readCdata(text, at + 9, handler, find);
  if (text.startsWith('<!--', at)) return skipComment(text, at + 4, handler, find);
  if (text[at + 1] === '!') return skipDeclaration(at, find);
  if (text[at + 1] === '?') {
    const end = find('?>', at);
    const tag = find('>', at);
    return end >= 0 && end - at < MAX_TAG ? end + 2 : tag < 0 ? text.length : tag + 1;
  }
  return text[at + 1] === '/' ? readClose(text, at, handler) : readOpen(text, at, handler, find);
}

/** A section that has lost its `]]>` would swallow the next ones: it ends with the element that it stands in. */
function readCdata(text: string, from: number, handler: TokenHandler, find: Finder): number {
  const end = find(']]>', from);
  const other = find('<![CDATA[', from);
  const name = handler.current();
  if (end >= 0 && (other < 0 || other > end || name === null)) {
    handler.cdata(text.slice(from, end));
    return end + 3;
  }
  const close = find(name === null ? '<' : `</${name}`, from);
  if (end >= 0 && (close < 0 || close > end)) {
    handler.cdata(text.slice(from, end));
    return end + 3;
  }
  handler.repair('cdata');
  const stop = close < 0 ? text.length : close;
  const inner = text.slice(from, stop);
  handler.cdata(inner.trimEnd().endsWith(']]') ? inner.trimEnd().slice(0, -2) : inner);
  return stop;
}

/** A comment in which another begins was never closed: only its line is dropped. */
function skipComment(text: string, from: number, handler: TokenHandler, find: Finder): number {
  const end = find('-->', from);
  const other = find('<!--', from);
  if (end >= 0 && (other < 0 || other > end)) return end + 3;
  handler.repair('comment');
  const line = find('\n', from);
  const tag = find('<', from);
  const stop = Math.min(line < 0 ? text.length : line, tag < 0 ? text.length : tag);
  return Math.max(stop, from);
}

/** A document type, with its internal subset, is passed over unread: entities are never declared here. */
function skipDeclaration(at: number, find: Finder): number {
  const tag = find('>', at);
  const subset = find('[', at);
  const end = subset >= 0 && subset < tag ? find(']>', subset) : -1;
  if (end >= 0 && end - at < MAX_TAG) return end + 2;
  return tag >= 0 && tag - at < MAX_TAG ? tag + 1 : at + 2;
}

function readClose(text: string, at: number, handler: TokenHandler): number {
  NAME.lastIndex = at + 2;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) {
    handler.repair('stray');
    // `</>` and the like close nothing.
    return text[at + 2] === '>' ? at + 3 : keepText(handler, '</', at);
  }
  let end = at + 2 + name.length;
  while (end < text.length && isSpace(text.charCodeAt(end))) end++;
  if (text[end] === '>') end++;
  else handler.repair('close-tag');
  handler.close(name, at, end);
  return end;
}

function keepText(handler: TokenHandler, raw: string, at: number): number {
  handler.text(raw);
  return at + raw.length;
}

function readOpen(text: string, at: number, handler: TokenHandler, find: Finder): number {
  NAME.lastIndex = at + 1;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) {
    handler.repair('stray');
    return keepText(handler, '<', at);
  }
  const attributes: Record<string, string> = {};
  let place = at + 1 + name.length;
  for (;;) {
    while (place < text.length && isSpace(text.charCodeAt(place))) place++;
    const character = text[place];
    if (character === '>') {
      handler.open(name, attributes, false, at, place + 1);
      return place + 1;
    }
    if (character === '/' && text[place + 1] === '>') {
      handler.open(name, attributes, true, at, place + 2);
      return place + 2;
    }
    if (character === undefined || character === '<' || place - at > MAX_TAG) return mendOpen(text, at, name, attributes, handler);
    place = readAttribute(text, place, attributes, handler, find);
  }
}

/** An open tag that runs into the next `<`: it has lost its `>`, if what closes next is its name or the beginning of it; else the `<` was text. */
function mendOpen(text: string, at: number, name: string, attributes: Readonly<Record<string, string>>, handler: TokenHandler): number {
  const next = text.indexOf('<', at + 1);
  const inside = text.slice(at + 1, next < 0 ? text.length : next);
  handler.repair('open-tag');
  const after = next < 0 ? '' : text.slice(next, next + 100);
  const closes = /^<\/([\w:.-]+)/.exec(after)?.[1];
  if (closes !== undefined && inside.startsWith(closes)) {
    const end = at + 1 + closes.length;
    // `<titleText</title>`: what follows the name is its text, attributes and all.
    handler.open(closes, {}, false, at, end);
    return end;
  }
  if (next >= 0 && (inside.trim() === name || Object.keys(attributes).length > 0) && !/\s[^=\s]+\s*$/.test(inside.slice(-200))) {
    handler.open(name, attributes, inside.trimEnd().endsWith('/'), at, next);
    return next;
  }
  return keepText(handler, '<', at);
}

/** One attribute; returns the place after it. */
function readAttribute(text: string, from: number, attributes: Record<string, string>, handler: TokenHandler, find: Finder): number {
  let place = from;
  while (place < text.length && !isSpace(text.charCodeAt(place)) && !'=/><'.includes(text[place] ?? '')) place++;
  const name = text.slice(from, place);
  // A lone sign that can start nothing is passed over.
  if (name === '') return from + 1;
  let value = place;
  while (value < text.length && isSpace(text.charCodeAt(value))) value++;
  if (text[value] !== '=') {
    attributes[name] ??= '';
    return place;
  }
  value++;
  while (value < text.length && isSpace(text.charCodeAt(value))) value++;
  const quote = text[value];
  if (quote === '"' || quote === "'") {
    const end = find(quote, value + 1);
    const tag = find('<', value + 1);
    const after = end < 0 ? undefined : text[end + 1];
    const endsWell = after === undefined || after === '>' || after === '/' || after === '?' || isSpace(after.charCodeAt(0));
    if (end >= 0 && (tag < 0 || end < tag) && (endsWell || !/=\s*$/.test(text.slice(Math.max(value, end - 60), end)))) {
      attributes[name] ??= text.slice(value + 1, end);
      return end + 1;
    }
    handler.repair('quote');
    value++;
  }
  let end = value;
  while (end < text.length && !isSpace(text.charCodeAt(end)) && text[end] !== '>' && text[end] !== '<') end++;
  if (text[end] === '>' && text[end - 1] === '/') end--;
  attributes[name] ??= text.slice(value, end).replace(/["']$/, '');
  return Math.max(end, from + 1);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
