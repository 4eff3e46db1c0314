import { sha256Hex } from '../../model/values/hash.ts';
import { toBlocks } from '../text/blocks.ts';
import { dropVolatile } from '../text/change.ts';
import { toComparable, tokeniseText } from '../text/text.ts';

/** Markup beyond this is not cut into blocks to look for lists of links: cutting costs, and few
 *  sites publish that much. */
const MAX_LENGTH = 200_000;
/** Fewer links are no list. */
const MIN_LINKS = 3;
/** A block whose letters are links to this share is a list of other articles. */
const LINK_SHARE = 0.8;

/** SHA-256 of a title and a text in comparable form, hex: equal hashes mean that no letter and no
 *  number has changed, but for what changes by itself (normalise/change.ts) and for blocks of links
 *  to other articles, which rotate. `html` is the markup of the text; null for none. */
export function hashVersion(title: string, text: string, html: string | null): string {
  const prose = dropVolatile(html === null ? text : dropLinkLists(html, text));
  return sha256Hex(`${toComparable(dropVolatile(title))}\n${toComparable(prose)}`);
}

function dropLinkLists(html: string, text: string): string {
  if (html.length > MAX_LENGTH || (html.match(/<a\s/gi)?.length ?? 0) < MIN_LINKS) return text;
  const blocks = toBlocks(html).filter(({ kind }) => kind !== 'frame');
  const kept = blocks.filter((block) => !isLinkList(block.html, block.text));
  // What is nothing but links is what it is: a list of links.
  return kept.length === blocks.length || !kept.some((block) => block.text !== '') ? text : kept.map((block) => block.text).join('\n\n');
}

function isLinkList(html: string, text: string): boolean {
  let [links, letters, depth] = [0, 0, 0];
  for (const token of tokeniseText(html)) {
    if (token.kind === 'text') letters += depth > 0 ? toComparable(token.text).length : 0;
    else if (token.name === 'a') {
      if (token.kind === 'open') links++;
      // A link cannot stand in a link: one that was not closed ends where the next begins.
      depth = token.kind === 'open' ? 1 : 0;
    }
  }
  return links >= MIN_LINKS && letters >= LINK_SHARE * toComparable(text).length;
}
