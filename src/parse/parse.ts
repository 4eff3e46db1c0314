import type { Problem } from '../model/errors.ts';
import type { ParsedFeed, ParseResult, SourceBytes } from '../model/parsed.ts';
import { decodeText } from './text/decode.ts';
import { parseJsonFeed } from './json/json-feed.ts';
import { emptyFeed, parseLocal } from './articles/articles.ts';
import type { OwnArticle } from './articles/articles.ts';
import { limitTexts } from './text/text-limit.ts';
import { parseXml } from './xml/feed.ts';

/** Reads one document in whatever feed format it is: RSS 0.9x, 1.0, 2.0, Atom, JSON Feed. Refused,
 *  with the reason in words, when it is none of them; a bad item or date costs only itself and is
 *  listed in `problems`. */
export async function parseFeed(source: SourceBytes): Promise<ParseResult> {
  const { text, problems } = decodeText(source.bytes, source.contentType);
  const start = text.slice(0, 2000).trimStart();
  if (start === '' && text.trim() === '')
    return refuse('feed/empty', 'the document is empty: a feed was expected; what was stored before stays published');
  const result = /^[{[]/.test(start) ? parseJsonFeed(text, source.url) : await parseXmlOrPage(text, source.url);
  if (result.kind === 'refused') return result;
  const { items, problems: tooLong } = limitTexts(result.feed.items);
  const links = source.url === '' ? toLinkProblems(result.feed) : [];
  return { kind: 'feed', feed: { ...result.feed, items, problems: [...problems, ...result.feed.problems, ...tooLong, ...links] } };
}

/** Links that stay relative because nobody knows what to. */
function toLinkProblems(feed: ParsedFeed): Problem[] {
  const isRelative = (link: string | null) => link !== null && !/^[a-z][a-z0-9+.-]*:/i.test(link);
  if (!isRelative(feed.homePage) && !feed.items.some((item) => isRelative(item.url))) return [];
  const message = 'links are relative and the document does not say to what: they stand as it has them; read it from its address';
  return [{ code: 'link/relative', message }];
}

/** The result of reading a local article: a feed of it alone, or the reason why it is refused.
 *  The feed has no item while the article is to wait or cannot be read for certain. `own` is the
 *  article in any case, with what it says of when it may be shown. */
type ArticleResult =
  | { readonly kind: 'feed'; readonly feed: ParsedFeed; readonly own: OwnArticle }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads one local article; see parse/local.ts for the forms. Whether its dates let it be shown is
 *  not for this stage to say. */
export function parseArticle(source: SourceBytes, location: string): ArticleResult {
  if (source.bytes.subarray(0, 8000).includes(0) && !isUtf16(source.bytes)) {
    return refuse('article/binary', `${location} is not text: only .txt, .md and .html articles are read`, location);
  }
  const { text, problems } = decodeText(source.bytes, null);
  if (text.trim() === '') return refuse('article/empty', `${location} is empty: an article needs a title line at least`, location);
  const own = parseLocal(text, location, source.url);
  const { draft, faults } = own.release;
  const told = faults.slice(0, 1).map(({ code, cause }) => ({ code, message: cause }));
  const isHeld = draft !== null || faults.length > 0;
  const all = [...problems, ...(draft !== null ? [] : isHeld ? told : own.problems)].map((problem) => ({ ...problem, entry: location }));
  return { kind: 'feed', feed: { ...emptyFeed, items: isHeld ? [] : [own.item], problems: all }, own };
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function refuse(code: string, message: string, entry?: string): { kind: 'refused'; problem: Problem } {
  return { kind: 'refused', problem: { code, message, ...(entry !== undefined && { entry }) } };
}

async function parseXmlOrPage(text: string, url: string): Promise<ParseResult> {
  const root = /<(?:[a-z][\w-]*:)?(rss|feed|rdf)[\s<>/]/i.exec(text.slice(0, 20_000));
  if (root) return parseXml(text, url);
  if (/<(!doctype\s+html|html|head|body)[\s>]/i.test(text.slice(0, 20_000))) {
    return refuse(
      'feed/html-page',
      'a web page came in place of a feed: look for the feed address on that page, or write `page:` in place of `feed:`, which looks for the feed; or check whether the site wants a login',
    );
  }
  return refuse('feed/unknown-format', 'this is no RSS, Atom or JSON feed: check the address');
}
