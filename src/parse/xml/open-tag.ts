import { endOfName, isSpace } from '../text/characters.ts';
import type { Finder } from '../text/finder.ts';
import { mendOpenTag } from './mend-tag.ts';
import type { OpenTag, TokenHandler } from './tokens.ts';

/** Longest run of characters that can be a tag: what is longer is text with a stray `<`. */
const MAX_TAG = 65_536;
const [LESS, MORE, SLASH, EQUALS, DOUBLE, SINGLE] = [60, 62, 47, 61, 34, 39];

/** Reads the open tag that starts with the `<` at `at`, or finds that it starts none; returns where
 *  to go on. */
export function readOpenTag(text: string, at: number, handler: TokenHandler, find: Finder): number {
  const endName = endOfName(text, at + 1);
  if (endName === at + 1) {
    handler.repair('stray');
    handler.text(at, at + 1);
    return at + 1;
  }
  const name = text.slice(at + 1, endName);
  if (text.charCodeAt(endName) === MORE) {
    handler.open(name, null, false, at, endName + 1);
    return endName + 1;
  }
  const tag: OpenTag = { name, at, attributes: [], solid: endName, solidLength: 0 };
  let place = endName;
  let isSolid = true;
  while (place < text.length) {
    const code = text.charCodeAt(place);
    if (isSpace(code)) place++;
    else if (code === MORE || (code === SLASH && text.charCodeAt(place + 1) === MORE)) {
      const end = place + (code === MORE ? 1 : 2);
      handler.open(name, tag.attributes.length === 0 ? null : tag.attributes, code === SLASH, at, end);
      return end;
    } else if (code === LESS || place - at > MAX_TAG) break;
    else {
      isSolid &&= code === SLASH || isSpace(text.charCodeAt(place - 1));
      const end = readAttribute(text, place, tag, handler, find);
      const last = text.charCodeAt(end - 1);
      isSolid &&= code === SLASH || (isQuote(last) && tag.attributes.length === tag.solidLength + 2);
      if (isSolid) [tag.solid, tag.solidLength] = [end, tag.attributes.length];
      place = end;
    }
  }
  return mendOpenTag(text, tag, handler);
}

/** Reads one attribute into the tag's list; returns the place after it. */
function readAttribute(text: string, from: number, tag: OpenTag, handler: TokenHandler, find: Finder): number {
  const { attributes } = tag;
  let place = endOfName(text, from);
  if (place === from) {
    while (place < text.length && !isSpace(text.charCodeAt(place)) && !isEnd(text.charCodeAt(place)) && text.charCodeAt(place) !== SLASH)
      place++;
    // A lone sign that can start nothing is passed over.
    if (place === from) return from + 1;
  }
  const name = text.slice(from, place);
  let value = skipSpace(text, place);
  if (text.charCodeAt(value) !== EQUALS) {
    attributes.push(name, '');
    return place;
  }
  value = skipSpace(text, value + 1);
  const quote = text.charCodeAt(value);
  if (!isQuote(quote)) return readBare(text, value, name, tag, handler, find);
  let end = value + 1;
  for (let code = text.charCodeAt(end); code !== quote && code !== LESS && end < text.length; code = text.charCodeAt(end)) end++;
  if (text.charCodeAt(end) === quote) {
    // `href="a rel="b"`: what looks like the last quote of one is the first of the next.
    const runOn = endsWell(text.charCodeAt(end + 1)) ? null : /\s[^\s=]{1,40}\s*=\s*$/.exec(text.slice(Math.max(value, end - 60), end));
    if (runOn === null) {
      attributes.push(name, text.slice(value + 1, end));
      return end + 1;
    }
    const cut = end - (Math.min(end - value, 60) - runOn.index);
    const more = find('>', value + 1);
    if (more < 0 || more > cut) {
      handler.repair('quote');
      attributes.push(name, text.slice(value + 1, cut));
      return cut;
    }
  }
  const more = find('>', value + 1);
  if (more < 0 || end < more) return readBare(text, value + 1, name, tag, handler, find);
  handler.repair('quote');
  // No quote before the end of the tag: all of it is the value.
  const stop = isSelfClosing(text, more, tag, find) ? more - 1 : more;
  attributes.push(name, text.slice(value + 1, stop));
  return stop;
}

/** A value without quotes, or with the last one alone, which then says where it ends. */
function readBare(text: string, from: number, name: string, tag: OpenTag, handler: TokenHandler, find: Finder): number {
  const { attributes } = tag;
  handler.repair('quote');
  let quote = from;
  while (quote < text.length && quote - from < 1000 && !isQuote(text.charCodeAt(quote)) && !isEnd(text.charCodeAt(quote))) quote++;
  if (isQuote(text.charCodeAt(quote)) && quote > from && endsWell(text.charCodeAt(quote + 1))) {
    attributes.push(name, text.slice(from, quote));
    return quote + 1;
  }
  let end = from;
  while (end < text.length && !isSpace(text.charCodeAt(end)) && text.charCodeAt(end) !== MORE && text.charCodeAt(end) !== LESS) end++;
  if (text.charCodeAt(end) === MORE && end > from && isSelfClosing(text, end, tag, find)) end--;
  attributes.push(name, text.slice(from, end > from && isQuote(text.charCodeAt(end - 1)) ? end - 1 : end));
  return end;
}

/** Whether the slash before the `>` at `more` ends the tag, and not an address that lost its quote:
 *  then a close tag follows. */
function isSelfClosing(text: string, more: number, { name }: OpenTag, find: Finder): boolean {
  if (text.charCodeAt(more - 1) !== SLASH) return false;
  const close = find(`</${name}`, more);
  const open = find(`<${name}`, more);
  return close < 0 || (open >= 0 && open < close);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isQuote(code: number): boolean {
  return code === DOUBLE || code === SINGLE;
}

function isEnd(code: number): boolean {
  return code === EQUALS || code === MORE || code === LESS;
}

/** Whether this can follow the last quote of an attribute (NaN: the end of the text). */
function endsWell(code: number): boolean {
  return Number.isNaN(code) || code === MORE || code === SLASH || code === QUESTION || isSpace(code);
}

const QUESTION = 63;
