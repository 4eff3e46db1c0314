import { decodeHTMLAttribute } from 'entities';
import type { SourceBytes } from '../../model/parsed.ts';
import type { FoundBy } from '../../model/source.ts';
import { decodeText } from '../text/decode.ts';
import { resolveUrl } from '../text/resolve-url.ts';
import { toChannelFeed, toCommonPaths, toSiteFeeds, toSoftwareFeeds } from './site-feeds.ts';

/** An address at which the feed of a page may be. */
export interface FeedCandidate {
  readonly url: string;
  readonly via: FoundBy;
  /** Title of the feed on the page; null when it has none. */
  readonly title: string | null;
}

/** Characters of a page that are read: its head comes first, and the name of a channel or feed soon
 *  after. */
const MAX_TEXT = 3_000_000;
/** A page with a hundred feeds has one for each category, which are of no use here. */
const MAX_CANDIDATES = 50;

/** Returns addresses where the feed of a page may be, best first, without duplicates. The caller
 *  has to request them.
 *  1. Link header fields with rel=alternate and the type of a feed (RFC 8288);
 *  2. `link rel=alternate` in the page (RSS Autodiscovery, rssboard.org; HTML Living Standard
 *  §4.6.7.1), with feeds of comments after all other candidates;
 *  3. known feeds of the site (site-feeds.ts);
 *  4. plain links on the same site that look like a feed;
 *  5. common paths. */
export function findCandidates(page: SourceBytes, link: string | null): FeedCandidate[] {
  const html = decodeText(page.bytes, page.contentType).text.slice(0, MAX_TEXT);
  const marked = readTags(withoutHidden(html), page.url);
  const channel = toChannelFeed(page.url, html);
  const known = [...(channel === null ? [] : [channel]), ...toSiteFeeds(page.url), ...toSoftwareFeeds(page.url)];
  const all: FeedCandidate[] = [
    ...readLinkFields(link, page.url),
    ...marked.links.filter((candidate) => !isOfComments(candidate)),
    ...known.map((url) => ({ url, via: 'site' as const, title: null })),
    ...marked.anchors.filter((candidate) => !isOfComments(candidate)),
    ...marked.links.filter(isOfComments),
    ...toCommonPaths(page.url).map((url) => ({ url, via: 'path' as const, title: null })),
  ];
  const seen = new Set([page.url]);
  return all.filter(({ url }) => !seen.has(url) && seen.add(url)).slice(0, MAX_CANDIDATES);
}

const FEED_TYPE = /^(?:application\/(?:rss|atom|rdf|feed)\+(?:xml|json)|application\/(?:rss|atom)|text\/(?:rss|atom)(?:\+xml)?)$/i;
/** Types that other documents have too; the address decides. */
const VAGUE_TYPE = /^(?:application|text)\/(?:xml|json)$/i;
const FEED_ADDRESS =
  /\/(?:feed|rss|atom)(?:[/.?]|$)|\.(?:rss|atom|rdf)(?:\?|$)|(?:feed|rss|atom|index)\.(?:xml|json)(?:\?|$)|[?&](?:feed|format)=(?:rss|atom)/i;

function isFeedType(type: string, url: string): boolean {
  const bare = type.replace(/;.*$/s, '').trim();
  return FEED_TYPE.test(bare) || ((bare === '' || VAGUE_TYPE.test(bare)) && FEED_ADDRESS.test(url));
}

function isOfComments({ url, title }: FeedCandidate): boolean {
  return (
    /\/comments\/?(?:feed|default|\?|$)|comments?[-_.]?(?:feed|rss|atom)|[?&]feed=comments/i.test(url) || /\bcomments?\b/i.test(title ?? '')
  );
}

/** Returns a page without comments, scripts and the like. An unclosed one hides the rest of the
 *  page, as in a browser. Linear on any text. */
function withoutHidden(html: string): string {
  const lower = html.toLowerCase();
  const kept: string[] = [];
  let from = 0;
  const start = /<(?:!--|(script|style|template)[\s>])/g;
  for (let found = start.exec(lower); found !== null; found = start.exec(lower)) {
    kept.push(html.slice(from, found.index));
    const end = found[1] === undefined ? '-->' : `</${found[1]}`;
    const at = lower.indexOf(end, found.index + 4);
    from = at < 0 ? html.length : at + end.length;
    start.lastIndex = from;
  }
  return [...kept, html.slice(from)].join('');
}

function readTags(html: string, pageUrl: string): { readonly links: FeedCandidate[]; readonly anchors: FeedCandidate[] } {
  const links: FeedCandidate[] = [];
  const anchors: FeedCandidate[] = [];
  let base = pageUrl;
  for (const [tag, name = ''] of html.matchAll(/<(base|link|a)\s[^<>]*>/gi)) {
    const attributes = readAttributes(tag);
    const url = resolveUrl(attributes.get('href') ?? null, base);
    if (url === null || !/^https?:/i.test(url)) continue;
    if (/^base$/i.test(name)) {
      base = url;
      continue;
    }
    const title = attributes.get('title')?.trim() || null;
    const rel = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
    const isAlternate = rel.includes('alternate') && !rel.includes('stylesheet');
    if (/^link$/i.test(name)) {
      if ((isAlternate || rel.includes('feed')) && isFeedType(attributes.get('type') ?? '', url)) links.push({ url, via: 'link', title });
    } else if (FEED_ADDRESS.test(url) && isSameSite(url, pageUrl)) anchors.push({ url, via: 'anchor', title });
  }
  return { links, anchors };
}

function readAttributes(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of tag.matchAll(/\s([a-z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi))
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), decodeHTMLAttribute(double ?? single ?? bare ?? ''));
  return attributes;
}

/** Reads Link header fields: `<target>; rel="alternate"; type="…"`, separated by commas. A target
 *  contains no `>`. */
function readLinkFields(link: string | null, base: string): FeedCandidate[] {
  return [...(link ?? '').slice(0, 20_000).matchAll(/<([^<>]*)>([^<]*)/g)].flatMap(([, target = '', rest = '']) => {
    const parameter = (name: string) => new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;,"]+))`, 'i').exec(rest);
    const [rel, type, title] = ['rel', 'type', 'title'].map((name) => parameter(name)?.[1] ?? parameter(name)?.[2] ?? '');
    const url = resolveUrl(target, base);
    const isFeed = url !== null && /^https?:/i.test(url) && /(?:^|\s)alternate(?:\s|$)/i.test(rel ?? '') && isFeedType(type ?? '', url);
    return isFeed ? [{ url, via: 'header' as const, title: title || null }] : [];
  });
}

/** Reports whether two addresses share their last two host labels, as blog.a.org and a.org do. */
function isSameSite(url: string, pageUrl: string): boolean {
  const tail = (text: string) => URL.parse(text)?.hostname.split('.').slice(-2).join('.');
  return tail(url) === tail(pageUrl);
}
