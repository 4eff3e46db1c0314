import { endOfName, isSpace } from './characters.ts';
import type { Finder } from './finder.ts';
import { mendOpenTag } from './mend-tag.ts';
import type { OpenTag, TokenHandler } from './tokens.ts';

/** Longest run of characters that can be a tag: what is longer is text with a stray `<`. */
const MAX_TAG = 65_536;
const [LESS, MORE, SLASH, EQUALS, DOUBLE, SINGLE] = [60, 62, 47, 61, 34, 39];

/** Reads the open tag that starts with the `<` at `at`, or finds that it starts none; returns where to go on. */
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
      const end = readAttribute(text, place, tag.attributes, handler, find);
      const last = text.charCodeAt(end - 1);
      isSolid &&= code === SLASH || ((last === DOUBLE || last === SINGLE) && tag.attributes.length === tag.solidLength + 2);
      if (isSolid) [tag.solid, tag.solidLength] = [end, tag.attributes.length];
      place = end;
    }
  }
  return mendOpenTag(text, tag, handler);
}

/** Reads one attribute into the list; returns the place after it. */
function readAttribute(text: string, from: number, attributes: string[], handler: TokenHandler, find: Finder): number {
  let place = endOfName(text, from);
  if (place === from) {
    while (place < text.length && !isSpace(text.charCodeAt(place)) && !isDelimiter(text.charCodeAt(place))) place++;
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
  if (quote !== DOUBLE && quote !== SINGLE) return readBare(text, value, name, attributes);
  const end = find(quote === DOUBLE ? '"' : "'", value + 1);
  const tag = find('<', value + 1);
  if (end >= 0 && (tag < 0 || end < tag)) {
    // `href="a rel="b"`: what looks like the last quote of one is the first of the next.
    const runOn = endsWell(text.charCodeAt(end + 1)) ? null : /\s[^\s=]{1,40}\s*=\s*$/.exec(text.slice(Math.max(value, end - 60), end));
    if (runOn === null) {
      attributes.push(name, text.slice(value + 1, end));
      return end + 1;
    }
    handler.repair('quote');
    const cut = end - (Math.min(end - value, 60) - runOn.index);
    attributes.push(name, text.slice(value + 1, cut));
    return cut;
  }
  handler.repair('quote');
  const more = find('>', value + 1);
  if (more < 0 || (tag >= 0 && tag < more)) return readBare(text, value + 1, name, attributes);
  // No quote before the end of the tag: all of it is the value.
  const stop = text.charCodeAt(more - 1) === SLASH ? more - 1 : more;
  attributes.push(name, text.slice(value + 1, stop));
  return stop;
}

/** A value without quotes, or with the last one alone. */
function readBare(text: string, from: number, name: string, attributes: string[]): number {
  let end = from;
  while (end < text.length && !isSpace(text.charCodeAt(end)) && text.charCodeAt(end) !== MORE && text.charCodeAt(end) !== LESS) end++;
  if (text.charCodeAt(end) === MORE && text.charCodeAt(end - 1) === SLASH && end > from) end--;
  const last = text.charCodeAt(end - 1);
  attributes.push(name, text.slice(from, end > from && (last === DOUBLE || last === SINGLE) ? end - 1 : end));
  return end;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isDelimiter(code: number): boolean {
  return code === EQUALS || code === SLASH || code === MORE || code === LESS;
}

/** Whether this can follow the last quote of an attribute (NaN: the end of the text). */
function endsWell(code: number): boolean {
  return Number.isNaN(code) || code === MORE || code === SLASH || code === QUESTION || isSpace(code);
}

const QUESTION = 63;
