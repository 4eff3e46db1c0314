import { startIn } from './cursor.ts';
import { dropFirstLineEnd, place } from './flow.ts';
import { resolvePageNames } from './names.ts';
import { findLayouts } from './table.ts';
import { findAll, makeElement, parseTree, writeTree } from './tree.ts';
import { sanitise } from '../sanitise.ts';

/** How a text is to stand in a page. */
interface PageTextOptions {
  /** Whether pictures may be loaded from their publishers; false asks nothing of any other host. */
  readonly images: boolean;
  /** Level of the text's first heading, 1 to 6. */
  readonly headingLevel: number;
}

/** An entry's HTML as it may stand inside a `div` of our page, whatever the entry sends: what
 *  `sanitise` leaves, in HTML's content model, with an outline that begins at `headingLevel`, links
 *  and images that have names, and tables that scroll by themselves. Text is never lost, only
 *  markup: elements deeper than 32 blocks, 8 indents, 6 inlines or 400 levels lose their tags. Time
 *  is linear in the length; the result is at most some ten times as long. It has no id, no style
 *  and one class, `wide`. `base` is the entry's own address, null when unknown. */
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
  // A link without a name has left its line ends.
  findAll(root.childNodes, 'pre').forEach(dropFirstLineEnd);
  return writeTree(root);
}
