import { isHtmlElement } from '../text/html-tag.ts';
import { isFeedElement } from './known-names.ts';
import type { OpenTag, TokenHandler } from './tokens.ts';

/** Repairs an open tag that runs into the next `<`, passes it to the handler, and returns the
 *  offset to continue at. It is a tag without its `>` if the next close tag has its name, or if its
 *  parent holds only tags. It is one too if it consists of complete attributes. Otherwise its `<`
 *  is text. */
export function mendOpenTag(text: string, tag: OpenTag, handler: TokenHandler): number {
  const { name, at, validEnd } = tag;
  handler.repair('open-tag');
  const next = text.indexOf('<', at + 1);
  // The document ends inside a tag.
  if (next < 0) return text.length;
  const isBlank = text.slice(validEnd, next).replaceAll('/', '').trim() === '';
  const open = (written: string, end: number): number => {
    const attributes = end >= validEnd ? tag.attributes.slice(0, tag.validCount) : [];
    handler.open(
      written,
      attributes.length === 0 ? null : attributes,
      isBlank &&
        text
          .slice(validEnd - 1, next)
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
    return open(closes, name === closes ? validEnd : at + 1 + closes.length);
  if (handler.isInContainer()) {
    // `<titleText <b>`: in a container, each `<` begins a tag.
    const written = isFeedElement(name) || isBlank ? name : prefixOf(name);
    if (written !== null) return open(written, written === name ? (isBlank ? next : validEnd) : at + 1 + written.length);
  } else if (isBlank && !isCurrent && !isInWord && (tag.validCount > 0 || isHtmlElement(name) || isFeedElement(name)))
    return open(name, next);
  else if (tag.validCount > 0 && !isBlank) return open(name, validEnd);
  handler.text(at, at + 1);
  return at + 1;
}

/** A `<` directly behind a letter is inside a word. */
const WORD = /\p{L}$/u;

/** Returns the longest prefix of a word that is the name of a feed element; null when there is
 *  none. */
function prefixOf(word: string): string | null {
  for (let length = Math.min(word.length - 1, 30); length > 1; length--) {
    const part = word.slice(0, length);
    if (isFeedElement(part)) return part;
  }
  return null;
}
