import { isHtmlElement } from '../discovery/html-tag.ts';
import { isFeedElement } from './known-names.ts';
import type { OpenTag, TokenHandler } from './tokens.ts';

/** Decides what an open tag was that runs into the next `<`, hands it on, and returns where to go
 *  on. It has lost its `>` if what closes next is its name, if it stands where only tags can stand,
 *  or if nothing but whole attributes are in it; else its `<` was text. */
export function mendOpenTag(text: string, tag: OpenTag, handler: TokenHandler): number {
  const { name, at, solid } = tag;
  handler.repair('open-tag');
  const next = text.indexOf('<', at + 1);
  // The document is cut off inside a tag.
  if (next < 0) return text.length;
  const isBlank = text.slice(solid, next).replaceAll('/', '').trim() === '';
  const open = (written: string, end: number): number => {
    const attributes = end >= solid ? tag.attributes.slice(0, tag.solidLength) : [];
    handler.open(
      written,
      attributes.length === 0 ? null : attributes,
      isBlank &&
        text
          .slice(solid - 1, next)
          .trimEnd()
          .endsWith('/'),
      at,
      end,
    );
    return end;
  };
  const closes = /^<\/([\w:.-]+)/.exec(text.slice(next, next + 100))?.[1];
  const isCurrent = closes !== undefined && closes === handler.current();
  const isInWord = !handler.isInContainer() && WORD.test(text.slice(Math.max(0, at - 2), at));
  if (closes !== undefined && !isCurrent && !isInWord && text.startsWith(closes, at + 1))
    return open(closes, name === closes ? solid : at + 1 + closes.length);
  if (handler.isInContainer()) {
    // `<titleText <b>`: no `<` stands in a container but that of a tag.
    const written = isFeedElement(name) || isBlank ? name : prefixOf(name);
    if (written !== null) return open(written, written === name ? (isBlank ? next : solid) : at + 1 + written.length);
  } else if (isBlank && !isCurrent && !isInWord && (tag.solidLength > 0 || isHtmlElement(name) || isFeedElement(name)))
    return open(name, next);
  else if (tag.solidLength > 0 && !isBlank) return open(name, solid);
  handler.text(at, at + 1);
  return at + 1;
}

/** A letter just before a `<`: it stands in a word. */
const WORD = /\p{L}$/u;

/** The longest beginning of a word that is the name of an element of feeds; null when there is
 *  none. */
function prefixOf(word: string): string | null {
  for (let length = Math.min(word.length - 1, 30); length > 1; length--) {
    const part = word.slice(0, length);
    if (isFeedElement(part)) return part;
  }
  return null;
}
