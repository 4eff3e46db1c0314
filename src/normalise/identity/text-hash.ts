import { sha256Hex } from '../../model/values/hash.ts';
import { toBlocks } from '../text/blocks.ts';
import { dropVolatile } from '../text/change.ts';
import { toComparable, tokeniseText } from '../text/text.ts';

/** Most characters of markup in which lists of links are searched. Longer markup is costly to cut,
 *  and few sites publish it. */
const MAX_LENGTH = 200_000;
/** Least number of links in a list. */
const MIN_LINKS = 3;
/** Least share of a block's letters that are links, if the block is a list of other articles. */
const LINK_SHARE = 0.8;

/** Returns the SHA-256 of a title and a text in comparable form, hex. Equal hashes mean that no
 *  letter and no number has changed. Two things are left out: text that changes by itself
 *  (normalise/text/change.ts), and blocks of links to other articles, which rotate. `html` is the
 *  markup of the text; null for none. */
export function hashVersion(title: string, text: string, html: string | null): string {
  const prose = dropVolatile(dropLinkLists(html, text).text);
  return sha256Hex(`${toComparable(dropVolatile(title))}\n${toComparable(prose)}`);
}

/** Returns a text with its markup, without the blocks of links to other articles. */
export function dropLinkLists(html: string | null, text: string): { readonly html: string; readonly text: string } {
  if (html === null || html.length > MAX_LENGTH || (html.match(/<a\s/gi)?.length ?? 0) < MIN_LINKS) return { html: html ?? '', text };
  const blocks = toBlocks(html).filter(({ kind }) => kind !== 'frame');
  const kept = blocks.filter((block) => !isLinkList(block.html, block.text));
  // An article of nothing but links keeps them: the links are its content.
  if (kept.length === blocks.length || !kept.some((block) => block.text !== '')) return { html, text };
  return { html: kept.map((block) => block.html).join(''), text: kept.map((block) => block.text).join('\n\n') };
}

function isLinkList(html: string, text: string): boolean {
  let [links, letters, depth] = [0, 0, 0];
  for (const token of tokeniseText(html)) {
    if (token.kind === 'text') letters += depth > 0 ? toComparable(token.text).length : 0;
    else if (token.name === 'a') {
      if (token.kind === 'open') links++;
      // Links cannot be nested: an unclosed link ends where the next begins.
      depth = token.kind === 'open' ? 1 : 0;
    }
  }
  return links >= MIN_LINKS && letters >= LINK_SHARE * toComparable(text).length;
}
