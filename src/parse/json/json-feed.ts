import { parseJsonFeed as parseWithFeedsmith } from 'feedsmith';
import type { Enclosure, ParsedFeed, ParsedItem, ParseResult, Person } from '../../model/parsed.ts';
import { mendJson } from './mend-json.ts';
import { limitItems } from '../text/item-limit.ts';
import { resolveUrl } from '../text/resolve-url.ts';

type JsonFeed = ReturnType<typeof parseWithFeedsmith<string>>;
type JsonItem = NonNullable<JsonFeed['items']>[number];

/** Reads a JSON Feed 1.0 or 1.1 (jsonfeed.org/version/1.1). Invalid JSON is repaired as far as
 *  possible. Refuses a text that is not JSON or not a feed; never throws. */
export function parseJsonFeed(text: string, url: string): ParseResult {
  const read = readFeed(text);
  if (!(read instanceof Error)) return { kind: 'feed', feed: toParsedFeed(read, url) };
  const mended = isJson(text) ? null : mendJson(text);
  const feed = mended === null ? read : readFeed(mended.text);
  if (feed instanceof Error) {
    const message = `this is not a JSON Feed (${read.message}): check the address`;
    return { kind: 'refused', problem: { code: 'feed/not-json-feed', message } };
  }
  const message = 'the JSON was repaired: it had control characters in a text, an extra comma, or no end';
  const mendedFeed = toParsedFeed(feed, url);
  const openItem = mended?.isItemOpen === true ? (mendedFeed.items.at(-1) ?? null) : null;
  const problems = [{ code: 'json/repaired', message }, ...mendedFeed.problems];
  return { kind: 'feed', feed: { ...mendedFeed, isCut: mended?.isCut ?? false, openItem, problems } };
}

function readFeed(text: string): JsonFeed | Error {
  try {
    return parseWithFeedsmith(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    return false;
  }
}

function toParsedFeed(feed: JsonFeed, url: string): ParsedFeed {
  const homePage = resolveUrl(feed.home_page_url ?? null, url);
  const base = homePage ?? url;
  const { items, problems } = limitItems(feed.items ?? []);
  return {
    format: 'json',
    title: feed.title ?? null,
    // The format says plain text, but many titles contain entities.
    titleType: 'unknown',
    description: feed.description ?? null,
    homePage,
    feedId: null,
    selfUrl: resolveUrl(feed.feed_url ?? null, base),
    hubUrls: (feed.hubs ?? []).filter((hub) => isWebSub(hub.type)).flatMap((hub) => resolveUrl(hub.url ?? null, null) ?? []),
    language: feed.language ?? null,
    icon: resolveUrl(feed.favicon ?? null, base),
    image: resolveUrl(feed.icon ?? null, base),
    ttlMinutes: null,
    skipHours: [],
    skipDays: [],
    updateIntervalMs: null,
    updateBase: null,
    nextPageUrl: resolveUrl(feed.next_url ?? null, url),
    prevArchiveUrl: null,
    nextArchiveUrl: null,
    rights: null,
    changed: [],
    isExpired: feed.expired ?? false,
    items: items.map((item) => toParsedItem(item, base, toPeople(feed.authors))),
    isCut: false,
    openItem: null,
    withdrawals: [],
    problems,
  };
}

function toParsedItem(item: JsonItem, base: string, feedAuthors: readonly Person[]): ParsedItem {
  const authors = toPeople(item.authors);
  const plain = item.content_text === undefined ? null : toHtml(item.content_text);
  return {
    guid: item.id ?? null,
    url: resolveUrl(item.url ?? null, base) ?? resolveUrl(item.external_url ?? null, base),
    title: item.title ?? '',
    titleType: 'unknown',
    html: item.content_html?.trim() ? item.content_html : plain,
    summary: item.summary === undefined ? null : toHtml(item.summary),
    published: item.date_published ?? null,
    updated: item.date_modified ?? null,
    spareDates: null,
    authors: authors.length > 0 ? authors : feedAuthors,
    categories: item.tags ?? [],
    enclosures: (item.attachments ?? []).flatMap((attachment): Enclosure[] => {
      const address = resolveUrl(attachment.url ?? null, base);
      return address === null ? [] : [{ url: address, type: attachment.mime_type ?? null, length: toSize(attachment.size_in_bytes) }];
    }),
    image: resolveUrl(item.image ?? null, base) ?? resolveUrl(item.banner_image ?? null, base),
    language: item.language ?? null,
    origin: null,
    rights: null,
    originalUrl: null,
    commentsUrl: null,
    location: null,
  };
}

function toPeople(authors: JsonFeed['authors']): Person[] {
  return (authors ?? []).flatMap((author) => (author.name ? [{ name: author.name, url: author.url ?? null, email: null }] : []));
}

/** Returns a size in bytes; null when it is no valid size. */
function toSize(size: number | undefined): number | null {
  return size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : null;
}

/** Returns plain text as escaped HTML; blank lines separate paragraphs. */
function toHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${paragraph.trim().replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}

/** Reports whether a hub is a WebSub hub. JSON Feed lists others too (`rssCloud`); a hub without a
 *  type is nearly always WebSub. */
function isWebSub(type: string | undefined): boolean {
  return type === undefined || /^(?:websub|pubsubhubbub)$/i.test(type);
}
