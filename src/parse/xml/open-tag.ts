import { endOfName, isSpace } from '../text/characters.ts';
import type { Finder } from '../text/finder.ts';
import { mendOpenTag } from './mend-open-tag.ts';
import type { OpenTag, TokenHandler } from './tokens.ts';

/** Longest tag in characters; a longer one is text with a stray `<`. */
const MAX_TAG = 65_536;
const [LESS, MORE, SLASH, EQUALS, DOUBLE, SINGLE] = [60, 62, 47, 61, 34, 39];

/** Reads the open tag at `at`, or treats its `<` as text. Returns the offset to continue at. */
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
  const tag: OpenTag = { name, at, attributes: [], validEnd: endName, validCount: 0 };
  let position = endName;
  let isValid = true;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (isSpace(code)) position++;
    else if (code === MORE || (code === SLASH && text.charCodeAt(position + 1) === MORE)) {
      const end = position + (code === MORE ? 1 : 2);
      handler.open(name, tag.attributes.length === 0 ? null : tag.attributes, code === SLASH, at, end);
      return end;
    } else if (code === LESS || position - at > MAX_TAG) break;
    else {
      isValid &&= code === SLASH || isSpace(text.charCodeAt(position - 1));
      const end = readAttribute(text, position, tag, handler, find);
      const last = text.charCodeAt(end - 1);
      isValid &&= code === SLASH || (isQuote(last) && tag.attributes.length === tag.validCount + 2);
      if (isValid) [tag.validEnd, tag.validCount] = [end, tag.attributes.length];
      position = end;
    }
  }
  return mendOpenTag(text, tag, handler);
}

/** Reads one attribute into the tag's list; returns the offset behind it. */
function readAttribute(text: string, from: number, tag: OpenTag, handler: TokenHandler, find: Finder): number {
  const { attributes } = tag;
  let nameEnd = endOfName(text, from);
  if (nameEnd === from) {
    while (
      nameEnd < text.length &&
      !isSpace(text.charCodeAt(nameEnd)) &&
      !isEnd(text.charCodeAt(nameEnd)) &&
      text.charCodeAt(nameEnd) !== SLASH
    )
      nameEnd++;
    // A lone character that cannot start a name is skipped.
    if (nameEnd === from) return from + 1;
  }
  const name = text.slice(from, nameEnd);
  let value = skipSpace(text, nameEnd);
  if (text.charCodeAt(value) !== EQUALS) {
    attributes.push(name, '');
    return nameEnd;
  }
  value = skipSpace(text, value + 1);
  const quote = text.charCodeAt(value);
  if (!isQuote(quote)) return readBare(text, value, name, tag, handler, find);
  let end = value + 1;
  for (let code = text.charCodeAt(end); code !== quote && code !== LESS && end < text.length; code = text.charCodeAt(end)) end++;
  if (text.charCodeAt(end) === quote) {
    // `href="a rel="b"`: the apparent last quote of one attribute is the first quote of the next.
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
  // Without a quote before the end of the tag, the value extends to that end.
  const stop = isSelfClosing(text, more, tag, find) ? more - 1 : more;
  attributes.push(name, text.slice(value + 1, stop));
  return stop;
}

/** Reads a value without quotes, or with only its last quote, which then ends it. */
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

/** Reports whether the slash before the `>` at `more` closes the tag. If a close tag follows, the
 *  slash belongs to an address without its last quote. */
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

/** Reports whether a character can follow the last quote of an attribute (NaN: the end of the
 *  text). */
function endsWell(code: number): boolean {
  return Number.isNaN(code) || code === MORE || code === SLASH || code === QUESTION || isSpace(code);
}

const QUESTION = 63;
