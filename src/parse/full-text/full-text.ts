import type { ExpectedArticle, PageText, SourceBytes } from '../../model/parsed.ts';
import { decodeText } from '../text/decode.ts';
import { openHtml } from './html-document.ts';
import type { HtmlDocument, HtmlElement } from './html-document.ts';
import { readBlocks } from './blocks.ts';
import { readContent } from './content.ts';
import { isDeclaredPaid } from './declared-paid.ts';
import { findPageFault } from './walls.ts';
import type { PageFacts, PageFault } from './walls.ts';
import { countPageWords } from './words.ts';
import { resolveHtml, resolveUrl } from '../text/resolve-url.ts';

/** Returns the article on the page that an entry links to, as HTML with absolute links and without
 *  a heading that repeats the title. Refuses a page that is not HTML, shows something else
 *  (findPageFault), or has little more text than the feed. The HTML is not sanitised. A hostile
 *  page takes quadratic time, so run this in a thread with a time limit. */
export function parseFullText(page: SourceBytes, expected: ExpectedArticle): PageText {
  const html = toHtml(page);
  if (html === null) return refuse('not-html');
  try {
    return read(html, page.url, expected);
  } catch (error) {
    // Readability recurses over the tree.
    if (error instanceof RangeError) return refuse('too-hard');
    throw error;
  }
}

function read(html: string, url: string, expected: ExpectedArticle): PageText {
  const document = openHtml(html);
  const facts = readFacts(document, url);
  const base = resolveUrl(document.querySelector('base[href]')?.getAttribute('href') ?? null, url) ?? url;
  const content = readContent(document, base, [expected.title, ...facts.titles]);
  const fault = findPageFault(facts, content, expected);
  if (fault !== null || content === null) return refuse(fault ?? 'no-text');
  const words = content.blocks.reduce((sum, { text }) => sum + countPageWords(text), 0);
  const given = countPageWords(expected.text);
  if (words < Math.max(given * MIN_GAIN, given + (given === 0 ? MIN_ALONE : MIN_MORE))) return refuse('no-gain');
  return { kind: 'text', html: resolveHtml(content.html, base) };
}

/** Least growth over the feed's text. A heading, a caption or a line of thanks is not more text. */
const MIN_GAIN = 1.2;
/** Least growth in words. A page with a sentence or two more is usually a teaser, or a player with
 *  a caption. */
const MIN_MORE = 30;
/** Least words when the feed has no text to compare: a few lines may be a teaser. */
const MIN_ALONE = 60;

function toHtml({ bytes, contentType }: SourceBytes): string | null {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && type !== 'text/html' && type !== 'application/xhtml+xml') return null;
  const { text } = decodeText(bytes, contentType);
  const start = text.slice(0, 20_000);
  // The content type may be wrong: the body may be a picture, a PDF file or data for a program.
  if (start.includes('\0') || /^\s*(?:%PDF-|[{[])/.test(start)) return null;
  const looksLikeHtml = /<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p|h1)[\s>/]/i;
  return looksLikeHtml.test(start) && !/^\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:rdf)[\s>]/i.test(start) ? text : null;
}

function readFacts(document: HtmlDocument, url: string): PageFacts {
  const body = document.body as HtmlElement;
  const metas = [...document.querySelectorAll('meta[property="og:title"],meta[name="twitter:title"]')].map((meta) =>
    meta.getAttribute('content'),
  );
  const headings = [...document.querySelectorAll('h1')].slice(0, 3).map((heading) => heading.textContent);
  const titles = [document.querySelector('title')?.textContent, ...metas, ...headings];
  const passwords: HtmlElement[] = [...document.querySelectorAll('input[type="password"]')];
  return {
    url,
    titles: titles.map((title) => (title ?? '').replace(/\s+/g, ' ').trim()).filter((title) => title !== ''),
    blocks: readBlocks(body),
    hasPassword: passwords.some((input) => !isInFrame(input)),
    isPaid: isDeclaredPaid(document, url),
  };
}

function isInFrame(element: HtmlElement): boolean {
  for (let node = element.parentNode; node !== null; node = node.parentNode)
    if (/^(?:header|nav|footer|aside|dialog)$/.test(node.localName)) return true;
  return false;
}

const REASONS: Readonly<Record<PageFault | 'not-html' | 'no-gain' | 'too-hard', string>> = {
  paywall: 'the linked page gives its text to subscribers only',
  login: 'the linked page asks readers to log in or register',
  consent: 'the linked page shows its text only after consent, an age check or switching off an ad blocker',
  'bot-check': 'the linked page is a robot check or denies access',
  'not-found': 'the linked page is gone: the site answers with an error page or its front page',
  'other-article': 'the linked page is not about the entry',
  'no-text': 'the linked page has no text without JavaScript',
  'not-html': 'the linked page is not HTML',
  'no-gain': 'the linked page has no more text than the feed',
  'too-hard': 'the linked page is nested too deeply to be read',
};

function refuse(code: keyof typeof REASONS): PageText {
  return { kind: 'refused', problem: { code: `page/${code}`, message: `${REASONS[code]}; the text of the feed is published instead` } };
}
