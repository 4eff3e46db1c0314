import { startIn } from './cursor.ts';
import { dropFirstLineEnd, place } from './flow.ts';
import { resolvePageNames } from './names.ts';
import { findLayouts } from './table.ts';
import { findAll, makeElement, parseTree, writeTree } from './tree.ts';
import { sanitise } from '../sanitise.ts';

/** Settings for a text in a page. */
interface PageTextOptions {
  /** true: images may be loaded from their publishers. false: no other host is contacted. */
  readonly images: boolean;
  /** Level of the text's first heading, 1 to 6. */
  readonly headingLevel: number;
}

/** Returns an entry's HTML for a `div` of our page, whatever the entry contains. It is sanitised
 *  and follows HTML's content model. Headings begin at `headingLevel`, links and images have names,
 *  and tables scroll by themselves. It has no id, no style and one class, `wide`.
 *  No text is lost, only markup: elements deeper than 32 blocks, 8 indents, 6 inlines or 400 levels
 *  lose their tags. Time is linear in the length; the result is at most some ten times as long.
 *  `base` is the entry's own address, null when unknown. */
export function toPageText(html: string, base: string | null, options: PageTextOptions): string {
  const nodes = parseTree(sanitise(html, base));
  const root = makeElement('div', {});
  const context = {
    images: options.images,
    inlines: [],
    blocks: 0,
    indents: 0,
    level: 0,
    isPlain: false,
    hasControls: true,
    layouts: findLayouts(nodes),
    place,
  };
  place(nodes, startIn(root, 'flow'), context);
  resolvePageNames(root, options.headingLevel);
  // Line ends may remain at the beginning of a `pre` where a link without a name was removed.
  findAll(root.childNodes, 'pre').forEach(dropFirstLineEnd);
  return writeTree(root);
}
