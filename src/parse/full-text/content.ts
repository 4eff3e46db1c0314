import { Readability } from '@mozilla/readability';
import type { HtmlDocument, HtmlElement } from './html-document.ts';
import { isUnseen, namesOf, readBlocks } from './blocks.ts';
import type { PageBlock } from './blocks.ts';
import { countPageWords, toPlain } from './words.ts';

/** The part of a page that is its article. */
export interface PageContent {
  readonly html: string;
  readonly blocks: readonly PageBlock[];
}

/** Finds the main text of a page, by Readability, and leaves out a heading that repeats one of
 *  `titles`. Links and pictures are resolved against `base`; pictures that a script would have
 *  loaded are put in. Takes the document apart: what else is wanted of it is to be read before.
 *  null when the page has no main text.
 *  @throws RangeError on a page that nests deeper than Readability can follow. */
export function readContent(document: HtmlDocument, base: string, titles: readonly string[]): PageContent | null {
  setBase(document, base);
  for (const image of document.querySelectorAll('img,amp-img,source')) loadImage(document, image as HtmlElement);
  for (const element of document.querySelectorAll(ADVERTISING)) element.remove();
  removeBoxes(document.body as HtmlElement);
  const article = new Readability<unknown>(document, {
    charThreshold: CHAR_THRESHOLD,
    serializer: (node) => node,
    keepClasses: false,
  }).parse();
  const root = article?.content as HtmlElement | null | undefined;
  if (!root) return null;
  removeTitle(root, titles);
  for (const image of root.querySelectorAll('img')) for (const name of [...LAZY, ...LAZY_SET, 'data-old-src']) image.removeAttribute(name);
  const pages = [...root.querySelectorAll('[id^="readability-page-"]')];
  const html = (pages.length > 0 ? pages : [root])
    .map((page) => page.innerHTML.trim())
    .join('\n')
    .replace(SHOUTED, (tag) => tag.toLowerCase());
  return { html, blocks: readBlocks(root) };
}

/** Readability names the elements that it makes in capitals, and linkedom keeps them. */
const SHOUTED = /<\/?[A-Z]+(?=[\s>])/g;
const ADVERTISING = 'amp-ad,amp-sticky-ad,amp-embed,amp-analytics,amp-consent,ins.adsbygoogle';

/** Below this length Readability tries anew without its filters, and then takes sidebars for text.
 *  Its own 500 is longer than a short note, and than most articles in Chinese or Japanese would be
 *  if they said as much. */
const CHAR_THRESHOLD = 200;

/** Readability resolves against what linkedom takes for the base, which is the value of `<base
 *  href>` as it stands, or nothing. */
function setBase(document: HtmlDocument, base: string): void {
  for (const element of document.querySelectorAll('base')) element.remove();
  if (!/^https?:/i.test(base)) return;
  const element = document.createElement('base');
  element.setAttribute('href', base);
  const head = document.querySelector('head') ?? document.documentElement.insertBefore(document.createElement('head'), document.body);
  head.insertBefore(element, head.firstChild);
}

const LAZY = ['data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-original-src', 'data-hi-res-src', 'data-url'];
const LAZY_SET = ['data-srcset', 'data-lazy-srcset', 'data-original-set'];

/** The address that a script would have put in later; Readability knows only those that end in a
 *  picture's extension. */
function loadImage(document: HtmlDocument, image: HtmlElement): void {
  const source = LAZY.map((name) => image.getAttribute(name)).find(
    (value) => value !== null && /^[^\s{}]+$/.test(value) && !value.startsWith('data:'),
  );
  if (source !== undefined && source !== null && image.localName !== 'source') image.setAttribute('src', source);
  const set = LAZY_SET.map((name) => image.getAttribute(name)).find((value) => value !== null && value.trim() !== '');
  if (set !== undefined && set !== null) image.setAttribute('srcset', set);
  if (image.localName !== 'amp-img') return;
  const plain = document.createElement('img') as unknown as HtmlElement;
  for (const name of ['src', 'srcset', 'alt', 'width', 'height']) {
    const value = image.getAttribute(name);
    if (value !== null) plain.setAttribute(name, value);
  }
  image.replaceWith(plain);
}

/** Boxes that are no part of an article wherever they stand. */
const BOX =
  /[\s_-](?:cookies?-?(?:banner|consent|notice|bar|law|wall|popup|message|policy|overlay)|consent-?(?:banner|layer|modal|manager|box)|onetrust|didomi|usercentrics|cybot|qc-cmp\d?|truste|sp_message|cmp-?(?:box|banner|container|layer)|gdpr|newsletter|mailing-list|signup-box|most-read|related|recommend(?:ed|ations)|social-share|share-(?:bar|buttons|tools)|sharedaddy|comments?|comment-list|disqus_thread|author-bio|paywall-promo|contributions?|donat(?:e|ion)s?|donation-box|support-us|reader-revenue|subscribe-(?:box|banner|promo)|ad-slot|advert(?:isement)?)(?:[\s_-]|$)/i;
/** Elements of which such a box is made. */
const BOXES = 'div,section,aside,form,ul,ol,dialog,footer';

/** Takes out boxes that are small beside the page's text; on a page that is nothing else they stay,
 *  so that it is seen for what it is. */
function removeBoxes(body: HtmlElement): void {
  const boxes = [...body.querySelectorAll(BOXES)].filter(
    (element) =>
      (element.localName === 'dialog' || isModal(element) || BOX.test(namesOf(element))) &&
      element.querySelector('article,main,h1') === null,
  );
  if (boxes.length === 0) return;
  let left = countPageWords(seenText(body));
  for (const box of boxes) {
    const words = countPageWords(seenText(box));
    if (words > left * 0.6) continue;
    left -= words;
    box.remove();
  }
}

function isModal(element: HtmlElement): boolean {
  return element.getAttribute('aria-modal') === 'true' || /^(?:alert)?dialog$/.test(element.getAttribute('role') ?? '');
}

function seenText(element: HtmlElement): string {
  return isUnseen(element)
    ? ''
    : readBlocks(element)
        .map(({ text }) => text)
        .join('\n');
}

/** The first heading, or the first of two, where it says what the entry's title says. */
function removeTitle(root: HtmlElement, titles: readonly string[]): void {
  const known = new Set(titles.map(toLetters).filter((title) => title !== ''));
  let looked = 0;
  for (const heading of root.querySelectorAll('h1,h2,h3')) {
    looked += 1;
    if (looked > 2) return;
    if (!known.has(toLetters(heading.textContent))) continue;
    if (textBefore(root, heading) < MAX_LEAD) heading.remove();
    return;
  }
}

/** A kicker or a byline may stand above the title, a paragraph may not. */
const MAX_LEAD = 120;

function textBefore(root: HtmlElement, heading: HtmlElement): number {
  return root.textContent.trim().indexOf(heading.textContent.trim());
}

function toLetters(text: string): string {
  return toPlain(text).replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
