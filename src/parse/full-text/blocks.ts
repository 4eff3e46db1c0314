import type { HtmlElement, HtmlNode } from './html-document.ts';
import { isSignUpAddress } from './final-address.ts';

/** A separate piece of a page's text, such as a paragraph, a heading or the label of a button. */
export interface PageBlock {
  /** Text with white space collapsed. */
  readonly text: string;
  /** Region of the page. `frame`: navigation, header and footer, equal on all pages of a site.
   *  `box`: a sidebar, links, comments or advertising for the site itself. `dialog`: a layer over
   *  the page, shown or hidden. `quote`: a quotation, code, or a caption. An element with a wall's
   *  name always counts as `main`. */
  readonly region: 'main' | 'frame' | 'box' | 'dialog' | 'quote';
  /** True inside an element with a wall's name (`paywall`, `regwall`). */
  readonly isWall: boolean;
  /** True for a heading (`h1` to `h6`). */
  readonly isHeading: boolean;
  /** Number of characters that are links. */
  readonly linked: number;
  /** True when it has a link to a page for subscribing, joining or logging in. */
  readonly isOffer: boolean;
}

/** Returns the text that a browser shows, in the order of the page. Leaves out elements hidden by
 *  attribute or style, scripts, form fields and `noscript`. Works without recursion, because pages
 *  may nest to any depth. */
export function readBlocks(root: HtmlElement): readonly PageBlock[] {
  const blocks: PageBlock[] = [];
  const around = { frame: 0, box: 0, dialog: 0, quote: 0, wall: 0, heading: 0, link: 0 };
  const entered: Entered[] = [];
  let text = '';
  let linked = 0;
  let offers = false;
  const flush = () => {
    const folded = text.replace(/\s+/g, ' ').trim();
    if (folded !== '') {
      const region =
        around.wall > 0
          ? 'main'
          : around.frame > 0
            ? 'frame'
            : around.dialog > 0
              ? 'dialog'
              : around.box > 0
                ? 'box'
                : around.quote > 0
                  ? 'quote'
                  : 'main';
      blocks.push({ text: folded, region, isWall: around.wall > 0, isHeading: around.heading > 0, linked, isOffer: offers });
    }
    text = '';
    linked = 0;
    offers = false;
  };
  const enter = (element: HtmlElement) => {
    const kind = classify(element);
    if (kind.isBlock) flush();
    entered.push(kind);
    for (const name of kind.names) around[name] += 1;
    if (element.localName === 'a' && isSignUpAddress(element.getAttribute('href') ?? '')) offers = true;
  };
  const leave = () => {
    const kind = entered.pop();
    if (kind?.isBlock) flush();
    for (const name of kind?.names ?? []) around[name] -= 1;
  };
  let node: HtmlNode | null = root.firstChild;
  while (node !== null) {
    if (node.nodeType === 3) {
      const value = node.nodeValue ?? '';
      text += value;
      if (around.link > 0) linked += value.trim().length;
    }
    const element = node.nodeType === 1 ? (node as HtmlElement) : null;
    if (element?.localName === 'br' || element?.localName === 'td') text += ' ';
    if (element && element.firstChild !== null && !isHidden(element)) {
      enter(element);
      node = element.firstChild;
      continue;
    }
    while (node !== null && node.nextSibling === null) {
      node = node.parentNode === root ? null : node.parentNode;
      if (node !== null) leave();
    }
    node = node?.nextSibling ?? null;
  }
  flush();
  return blocks;
}

/** Returns the class and id of an element, with a space before, between and after them. */
export function namesOf(element: HtmlElement): string {
  return ` ${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''} `;
}

/** Class names and ids of paywall software and its users. Free pages have them too, for a wall that
 *  is not shown. */
const WALL_NAME =
  /[\s_-](?:pay-?wall|reg-?wall|meter-?wall|piano|tp-(?:container|modal|backdrop)|poool|subscri(?:be|ber|ption)s?-(?:only|wall|gate|required|prompt|offer)|premium-(?:gate|wall|teaser)|content-gate|article-gate|gate(?:way)?-content|locked(?:-content)?|gate|barrier|abo-?(?:wall|schranke|hinweis)|registration-wall|login-wall)(?:[\s_-]|$)|pay-?wall/i;

interface Entered {
  readonly isBlock: boolean;
  readonly names: readonly ('frame' | 'box' | 'dialog' | 'quote' | 'wall' | 'heading' | 'link')[];
}

const BLOCK = new Set(
  (
    'address amp-story article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr label legend li main menu nav ol p pre section summary table tbody tfoot thead tr ul'
  ).split(' '),
);
const FRAME = new Set(['nav', 'footer', 'menu']);
const QUOTE = new Set(['blockquote', 'q', 'pre', 'code', 'figcaption', 'kbd', 'samp']);
const HIDDEN = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'object',
  'svg',
  'math',
  'select',
  'textarea',
  'option',
  'head',
  'title',
]);
const FRAME_ROLE = /^(?:navigation|contentinfo|banner|search|menu|menubar)$/i;
const DIALOG_ROLE = /^(?:dialog|alertdialog)$/i;
const DIALOG_NAME = /[\s_-](?:modal|popup|overlay|lightbox)(?:[\s_-]|$)/i;
const FRAME_NAME = /[\s_-](?:footer|colophon|nav|navbar|navigation|menu|masthead|breadcrumbs?|toolbar|topbar)(?:[\s_-]|$)/i;
const BOX_NAME =
  /[\s_-](?:sidebar|side-bar|related|recommend(?:ed|ations)?|newsletter|subscribe-(?:box|banner|promo|form|widget|block|footer|cta)|comments?|share|sharing|social|promo|sponsor(?:ed)?|cookies?|consent|gdpr|banner|teasers?|widget|most-read)(?:[\s_-]|$)/i;
/** Elements that hold the whole page; their class names describe other parts of it. */
const WHOLE = new Set(['body', 'html', 'main', 'article']);

function classify(element: HtmlElement): Entered {
  const localName = element.localName.toLowerCase();
  const names: Entered['names'][number][] = [];
  const called = namesOf(element);
  const role = element.getAttribute('role') ?? '';
  const isNamed = !WHOLE.has(localName) && called.length > 3;
  const isCalled = (pattern: RegExp) => isNamed && pattern.test(called) && !holdsMost(element);
  if (
    FRAME.has(localName) ||
    FRAME_ROLE.test(role) ||
    (localName === 'header' && element.querySelector('h1') === null) ||
    isCalled(FRAME_NAME)
  )
    names.push('frame');
  if (localName === 'dialog' || DIALOG_ROLE.test(role) || isCalled(DIALOG_NAME)) names.push('dialog');
  if (localName === 'aside' || role === 'complementary' || isCalled(BOX_NAME)) names.push('box');
  if (QUOTE.has(localName)) names.push('quote');
  if (isCalled(WALL_NAME)) names.push('wall');
  if (/^h[1-6]$/.test(localName)) names.push('heading');
  if (localName === 'a' || localName === 'button') names.push('link');
  return { isBlock: BLOCK.has(localName), names };
}

/** Reports whether an element holds the article: its name then describes only a part
 *  (`has-sidebar`, `page-with-paywall`). */
function holdsMost(element: HtmlElement): boolean {
  return element.querySelector('article,main') !== null;
}

/** Reports whether a browser hides an element. */
export function isHidden(element: HtmlElement): boolean {
  if (HIDDEN.has(element.localName.toLowerCase()) || element.hasAttribute('hidden')) return true;
  const style = element.getAttribute('style');
  return style !== null && /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style);
}
