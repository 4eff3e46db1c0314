import type { Problem } from '../model/errors.ts';
import type { ParsedFeed, ParseResult, SourceBytes } from '../model/parsed.ts';
import { decodeText } from './text/decode.ts';
import { parseJsonFeed } from './json/json-feed.ts';
import { emptyFeed, parseLocal } from './articles/articles.ts';
import type { OwnArticle } from './articles/articles.ts';
import { limitTexts } from './text/text-limit.ts';
import { parseXml } from './xml/feed.ts';

/** Reads a feed document: RSS 0.9x, 1.0 or 2.0, Atom, or JSON Feed. A document in another format is
 *  refused with a reason. A bad item or date affects only itself and is listed in `problems`. */
export async function parseFeed(source: SourceBytes): Promise<ParseResult> {
  const { text, problems } = decodeText(source.bytes, source.contentType);
  const start = text.slice(0, 2000).trimStart();
  if (start === '' && text.trim() === '')
    return refuse('feed/empty', 'the document is empty, though a feed was expected; earlier entries stay published');
  const result = /^[{[]/.test(start) ? parseJsonFeed(text, source.url) : await parseXmlOrPage(text, source.url);
  if (result.kind === 'refused') return result;
  const { items, problems: tooLong } = limitTexts(result.feed.items);
  const links = source.url === '' ? toLinkProblems(result.feed) : [];
  return { kind: 'feed', feed: { ...result.feed, items, problems: [...problems, ...result.feed.problems, ...tooLong, ...links] } };
}

/** Returns a problem if links stay relative because the address of the document is unknown. */
function toLinkProblems(feed: ParsedFeed): Problem[] {
  const isRelative = (link: string | null) => link !== null && !/^[a-z][a-z0-9+.-]*:/i.test(link);
  if (!isRelative(feed.homePage) && !feed.items.some((item) => isRelative(item.url))) return [];
  const message = 'links are relative and the document names no base address, so they stay relative: read the feed from its web address';
  return [{ code: 'link/relative', message }];
}

/** The result of reading a local article: a feed of this article alone, or the reason for the
 *  refusal. The feed has no item while the article is held back. `own` is the article in any case,
 *  with its release dates. */
type ArticleResult =
  | { readonly kind: 'feed'; readonly feed: ParsedFeed; readonly own: OwnArticle }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads a local article; src/parse/articles/articles.ts has the formats. The caller decides by its
 *  dates whether it is shown now. */
export function parseArticle(source: SourceBytes, location: string): ArticleResult {
  if (source.bytes.subarray(0, 8000).includes(0) && !isUtf16(source.bytes)) {
    return refuse('article/binary', `${location} is not a text file: only .txt, .md and .html articles are read`, location);
  }
  const { text, problems } = decodeText(source.bytes, null);
  if (text.trim() === '') return refuse('article/empty', `${location} is empty: an article needs at least a title line`, location);
  const own = parseLocal(text, location, source.url);
  const { draft, faults } = own.release;
  const firstFault = faults.slice(0, 1).map(({ code, cause }) => ({ code, message: cause }));
  const isHeld = draft !== null || faults.length > 0;
  const all = [...problems, ...(draft !== null ? [] : isHeld ? firstFault : own.problems)].map((problem) => ({
    ...problem,
    entry: location,
  }));
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
      'the address returned a web page, not a feed: write `page:` in place of `feed:` so that Newsfold looks for the feed, or check whether the site asks for a login',
    );
  }
  return refuse('feed/unknown-format', 'this is not an RSS, Atom or JSON feed: check the address');
}
