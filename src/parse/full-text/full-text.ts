import type { ExpectedArticle, PageText, SourceBytes } from '../../model/parsed.ts';
import { decodeText } from '../text/decode.ts';
import { openHtml } from './html-document.ts';
import type { HtmlDocument, HtmlElement } from './html-document.ts';
import { readBlocks } from './blocks.ts';
import { readContent } from './content.ts';
import { isDeclaredPaid } from './declared.ts';
import { judgePage } from './walls.ts';
import type { PageFacts, PageFault } from './walls.ts';
import { countPageWords } from './words.ts';
import { resolveHtml, resolveUrl } from '../text/resolve-url.ts';

/** The text of the article on a page that an entry links to, as HTML with absolute links and
 *  without a heading that repeats the title. Refused, with the reason in words, when the page is no
 *  HTML, shows something else (see judgePage), or has little more than the feed gave. Unsanitised.
 *  Takes time that grows with the square of a hostile page's size: run it where it can be
 *  stopped. */
export function parseFullText(page: SourceBytes, expected: ExpectedArticle): PageText {
  const html = toHtml(page);
  if (html === null) return refuse('not-html');
  try {
    return read(html, page.url, expected);
  } catch (error) {
    // Readability follows the tree by recursion.
    if (error instanceof RangeError) return refuse('too-hard');
    throw error;
  }
}

function read(html: string, url: string, expected: ExpectedArticle): PageText {
  const document = openHtml(html);
  const facts = readFacts(document, url);
  const base = resolveUrl(document.querySelector('base[href]')?.getAttribute('href') ?? null, url) ?? url;
  const content = readContent(document, base, [expected.title, ...facts.titles]);
  const fault = judgePage(facts, content, expected);
  if (fault !== null || content === null) return refuse(fault ?? 'no-text');
  const words = content.blocks.reduce((sum, { text }) => sum + countPageWords(text), 0);
  const given = countPageWords(expected.text);
  if (words < Math.max(given * MIN_GAIN, given + (given === 0 ? MIN_ALONE : MIN_MORE))) return refuse('no-gain');
  return { kind: 'text', html: resolveHtml(content.html, base) };
}

/** Feeds and pages differ by a heading, a caption or a line of thanks without saying more. */
const MIN_GAIN = 1.2;
/** A page with a sentence or two more than the feed is more often a teaser, or a player with a line
 *  under it, than an article. */
const MIN_MORE = 30;
/** Nor can a few lines be told from a teaser when the feed gave nothing to compare them with. */
const MIN_ALONE = 60;

function toHtml({ bytes, contentType }: SourceBytes): string | null {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && type !== 'text/html' && type !== 'application/xhtml+xml') return null;
  const { text } = decodeText(bytes, contentType);
  const start = text.slice(0, 20_000);
  // What is served as HTML may be anything: a picture, a PDF file, an answer for a program.
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

const WHAT: Readonly<Record<PageFault | 'not-html' | 'no-gain' | 'too-hard', string>> = {
  paywall: 'the linked page gives its text to subscribers only',
  login: 'the linked page asks readers to log in or register',
  consent: 'the linked page asks for consent, an age or an ad blocker to be switched off before it shows its text',
  'bot-check': 'the linked page is a check for robots or a refusal of access',
  'not-found': 'the linked page is gone: the site answers with an error page or its front page',
  'other-article': 'the linked page is about something else than the entry',
  'no-text': 'the linked page has no text without its scripts',
  'not-html': 'the linked page is no HTML',
  'no-gain': 'the linked page says no more than the feed',
  'too-hard': 'the linked page is nested too deeply to be read',
};

function refuse(code: keyof typeof WHAT): PageText {
  return { kind: 'refused', problem: { code: `page/${code}`, message: `${WHAT[code]}; what the feed gave is published instead` } };
}
