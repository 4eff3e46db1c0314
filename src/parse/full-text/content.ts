import { Readability } from '@mozilla/readability';
import type { HtmlDocument, HtmlElement } from './html-document.ts';
import { isHidden, namesOf, readBlocks } from './blocks.ts';
import type { PageBlock } from './blocks.ts';
import { countPageWords, toPlain } from './words.ts';

/** The article of a page. */
export interface PageContent {
  readonly html: string;
  readonly blocks: readonly PageBlock[];
}

/** Finds the main text of a page by Readability, without a heading that repeats one of `titles`.
 *  Links and pictures are resolved against `base`; lazily loaded pictures are included. Modifies
 *  the document, so other facts must be read before. Returns null when the page has no main text.
 *  @throws RangeError on a page too deeply nested for Readability. */
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

/** Readability creates elements with names in capitals, which linkedom keeps. */
const SHOUTED = /<\/?[A-Z]+(?=[\s>])/g;
const ADVERTISING = 'amp-ad,amp-sticky-ad,amp-embed,amp-analytics,amp-consent,ins.adsbygoogle';

/** Below this length Readability tries again without its filters and takes sidebars for text. Its
 *  default of 500 is longer than many short notes and most articles in Chinese or Japanese. */
const CHAR_THRESHOLD = 200;

/** Sets an absolute base address: linkedom takes the value of `<base href>` unresolved, and
 *  Readability resolves links against it. */
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

/** Sets the address that a script would set later. Readability recognises only addresses that end
 *  in a picture's extension. */
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

/** Class names of boxes that are never part of an article. */
const BOX =
  /[\s_-](?:cookies?-?(?:banner|consent|notice|bar|law|wall|popup|message|policy|overlay)|consent-?(?:banner|layer|modal|manager|box)|onetrust|didomi|usercentrics|cybot|qc-cmp\d?|truste|sp_message|cmp-?(?:box|banner|container|layer)|gdpr|newsletter|mailing-list|signup-box|most-read|related|recommend(?:ed|ations)|social-share|share-(?:bar|buttons|tools)|sharedaddy|comments?|comment-list|disqus_thread|author-bio|paywall-promo|contributions?|donat(?:e|ion)s?|donation-box|support-us|reader-revenue|subscribe-(?:box|banner|promo)|ad-slot|advert(?:isement)?)(?:[\s_-]|$)/i;
/** Elements that may be such a box. */
const BOXES = 'div,section,aside,form,ul,ol,dialog,footer';

/** Removes boxes that are small compared with the page's text. On a page with nothing else they
 *  stay, so that the page is judged by them. */
function removeBoxes(body: HtmlElement): void {
  const boxes = [...body.querySelectorAll(BOXES)].filter(
    (element) =>
      (element.localName === 'dialog' || isModal(element) || BOX.test(namesOf(element))) &&
      element.querySelector('article,main,h1') === null,
  );
  if (boxes.length === 0) return;
  let remaining = countPageWords(visibleText(body));
  for (const box of boxes) {
    const words = countPageWords(visibleText(box));
    if (words > remaining * 0.6) continue;
    remaining -= words;
    box.remove();
  }
}

function isModal(element: HtmlElement): boolean {
  return element.getAttribute('aria-modal') === 'true' || /^(?:alert)?dialog$/.test(element.getAttribute('role') ?? '');
}

function visibleText(element: HtmlElement): string {
  return isHidden(element)
    ? ''
    : readBlocks(element)
        .map(({ text }) => text)
        .join('\n');
}

/** Removes the first or second heading if it repeats the entry's title. */
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

/** Most characters above the title: a kicker or a byline, but no paragraph. */
const MAX_LEAD = 120;

function textBefore(root: HtmlElement, heading: HtmlElement): number {
  return root.textContent.trim().indexOf(heading.textContent.trim());
}

function toLetters(text: string): string {
  return toPlain(text).replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
