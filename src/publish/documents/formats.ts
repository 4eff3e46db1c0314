import { Feed } from 'feed';
import type { FeedOptions } from 'feed';
import type { DocumentFormat } from '../../model/feed.ts';
import { toAtomExtras, toJsonItem, toRssExtras } from './item-extras.ts';
import type { PublishedItem } from './item.ts';
import { element, escapeXml, toXmlChars } from '../html/xml-text.ts';

/** Title, links and other facts at the head of a document. */
export interface FeedHead {
  /** urn:uuid of the feed. */
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  /** The page for people. */
  readonly homePage: string;
  /** Address of this very document (RFC 4287 §4.2.7.2 rel=self). */
  readonly self: string;
  /** Address of the WebSub hub of this document (W3C WebSub §4, rel=hub); null for none. */
  readonly hub: string | null;
  readonly language: string | null;
  readonly author: { readonly name: string; readonly url: string | null; readonly email: string | null };
  readonly updated: Date;
  readonly version: string;
  /** Further links of an Atom document, by relation: `prev-archive`, `current` (RFC 5005 §4). */
  readonly links: readonly { readonly rel: string; readonly href: string }[];
  /** true for an archive: fh:archive declares that the document does not change (RFC 5005 §4). */
  readonly isArchive: boolean;
}

/** A story that has left the feed (RFC 6721 §3). */
export interface Tombstone {
  /** atom:id of its entry. */
  readonly id: string;
  readonly when: Date;
}

/** An Atom document in pieces, whose concatenation is the document. Entries and tombstones may be
 *  left out. */
export interface AtomPieces {
  readonly start: string;
  readonly entries: readonly string[];
  readonly tombstones: readonly string[];
  readonly end: string;
}

/** The `feed` package with its faults worked around (docs/design.md §100). It passes characters
 *  that XML lacks, lets `]]>` end its CDATA and throws on ids that are no URL. It writes every
 *  title as HTML and lacks atom:source and xml:lang. Therefore it gets a placeholder for each text
 *  and address. Its output then holds no byte from outside, and one pass inserts the escaped
 *  values. */
class PlaceholderFeed extends Feed {
  readonly #head: FeedHead;
  readonly #published: readonly PublishedItem[];

  constructor(head: FeedHead, published: readonly PublishedItem[], format: DocumentFormat) {
    super(toOptions(head));
    this.#head = head;
    this.#published = published;
    published.forEach((item, index) => {
      // RSS has no element for a change, and readers sort by pubDate.
      const first = item.published ?? (format === 'rss' ? item.datedAt : null);
      this.addItem({
        id: placeholderOf(index, 'id'),
        title: placeholderOf(index, 'title'),
        link: placeholderOf(index, 'url'),
        date: item.updated,
        ...(first && { published: first }),
        ...(item.content !== null && { content: placeholderOf(index, 'content') }),
        // An RSS item with content also needs a description (rssboard.org best practices profile).
        // An Atom entry has a summary only if the story has one.
        ...((item.summary !== null || format === 'rss') && {
          description: placeholderOf(index, item.summary === null ? 'excerpt' : 'summary'),
        }),
        // The one element of an item that each format leaves free: elements unknown to `feed` are
        // inserted there.
        copyright: placeholderOf(index, 'extras'),
        extensions: [{ name: 'extras', objects: { _text: placeholderOf(index, 'extras') } }],
      });
    });
  }

  toPieces(tombstones: readonly Tombstone[]): AtomPieces {
    const { language, links, isArchive } = this.#head;
    const namespaces = `${tombstones.length > 0 ? ` xmlns:at="${TOMBSTONES}"` : ''}${isArchive ? ` xmlns:fh="${HISTORY}"` : ''}`;
    // Split before values are inserted: a tag inside a value must not be taken for an entry's.
    const [head = '', ...entries] = super
      .atom1()
      .replace(/<\/feed>\s*$/, '')
      .split(/(?=^ *<entry>)/m);
    const linkLines = [
      ...links.map(({ rel, href }) => element('link', { rel, href, type: 'application/atom+xml' }, null)),
      ...(isArchive ? ['<fh:archive/>'] : []),
    ].map((line) => `    ${line}\n`);
    return {
      start:
        this.#fill(
          head.replace('<feed ', () => `<feed${toLang(language)}${namespaces} `),
          toAtomExtras,
        ) + linkLines.join(''),
      entries: entries.map((entry, at) =>
        this.#fill(
          entry.replace('<entry>', () => `<entry${toLang(this.#published[at]?.language ?? null)}>`),
          toAtomExtras,
        ),
      ),
      tombstones: tombstones.map(({ id, when }) => `    ${element('at:deleted-entry', { ref: id, when: when.toISOString() }, null)}\n`),
      end: '</feed>\n',
    };
  }

  override rss2(): string {
    const xml = this.#fill(super.rss2(), toRssExtras);
    return `${xml.replace(/<rss [^>]*>/, `<rss version="2.0" ${RSS_NAMESPACES}>`)}\n`;
  }

  override json1(): string {
    const { language, author, title, description, homePage, self, hub } = this.#head;
    const base = JSON.parse(super.json1()) as { items: object[] };
    const about = {
      version: 'https://jsonfeed.org/version/1.1',
      title,
      // Present even when undefined, to replace the placeholder of the package.
      description: description ?? undefined,
      home_page_url: homePage,
      feed_url: self,
      ...(hub !== null && { hubs: [{ type: 'WebSub', url: hub }] }),
      ...(language !== null && { language }),
      authors: [{ name: author.name, ...(author.url !== null && { url: author.url }) }],
    };
    const items = this.#published.map((item) => toJsonItem(item));
    return `${JSON.stringify({ ...base, author: undefined, extras: undefined, ...about, items }, withXmlChars, 1)}\n`;
  }

  #fill(xml: string, toExtras: (item: PublishedItem) => string): string {
    return xml.replace(PLACEHOLDERS, (_, _tag, extrasAt: string | undefined, titleAt: string | undefined, at = '', field = '') => {
      if (extrasAt !== undefined) return toExtras(this.#itemAt(extrasAt));
      if (titleAt !== undefined) return `>${escapeXml(this.#itemAt(titleAt).title)}`;
      return escapeXml(at === 'head' ? this.#headText(field) : itemText(this.#itemAt(at), field));
    });
  }

  #itemAt(index: string): PublishedItem {
    const item = this.#published[Number(index)];
    if (!item) throw new RangeError(`no item ${index}`);
    return item;
  }

  #headText(field: string): string {
    const { id, title, description, homePage, self, hub, author, version, language } = this.#head;
    const texts: Readonly<Record<string, string>> = {
      id,
      title,
      description: description ?? title,
      home: homePage,
      self,
      hub: hub ?? '',
      author: author.name,
      language: language ?? '',
      generator: `Newsfold ${version}`,
    };
    return texts[field] ?? '';
  }
}

/** Returns a feed as an Atom document (RFC 4287) in pieces, one for each item and tombstone in
 *  their order. */
export function toAtom(head: FeedHead, items: readonly PublishedItem[], tombstones: readonly Tombstone[]): AtomPieces {
  return new PlaceholderFeed(head, items, 'atom').toPieces(tombstones);
}

/** Returns a feed as an RSS 2.0 document, with content:encoded, dc:creator and atom:link
 *  rel=self. */
export function toRss(head: FeedHead, items: readonly PublishedItem[]): string {
  return new PlaceholderFeed(head, items, 'rss').rss2();
}

/** Returns a feed as a JSON Feed 1.1. */
export function toJsonFeed(head: FeedHead, items: readonly PublishedItem[]): string {
  return new PlaceholderFeed(head, items, 'json').json1();
}

/** Placeholders name an item by number and field. Every text and address is replaced, so nothing
 *  from outside can look like a placeholder. */
const PLACEHOLDERS =
  /<(rights|extras)>urn:x-newsfold:(\d+):extras<\/\1>|(?: type="html")?><!\[CDATA\[urn:x-newsfold:(\d+):title\]\]>|(?:<!\[CDATA\[)?urn:x-newsfold:(\w+):(\w+)(?:\]\]>)?/g;
const TOMBSTONES = 'http://purl.org/atompub/tombstones/1.0';
const HISTORY = 'http://purl.org/syndication/history/1.0';
const RSS_NAMESPACES =
  'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"';

function placeholderOf(at: number | 'head', field: string): string {
  return `urn:x-newsfold:${at}:${field}`;
}

function toOptions(head: FeedHead): FeedOptions {
  return {
    id: placeholderOf('head', 'id'),
    title: placeholderOf('head', 'title'),
    description: placeholderOf('head', 'description'),
    link: placeholderOf('head', 'home'),
    feed: placeholderOf('head', 'self'),
    ...(head.hub !== null && { hub: placeholderOf('head', 'hub') }),
    generator: placeholderOf('head', 'generator'),
    author: { name: placeholderOf('head', 'author') },
    updated: head.updated,
    copyright: '',
    ...(head.language !== null && { language: placeholderOf('head', 'language') }),
  };
}

function itemText(item: PublishedItem, field: string): string {
  const texts: Readonly<Record<string, string | null>> = {
    id: item.id,
    url: item.url,
    content: item.content,
    summary: item.summary,
    excerpt: item.excerpt,
  };
  return texts[field] ?? '';
}

function toLang(language: string | null): string {
  return language === null ? '' : ` xml:lang="${language}"`;
}

/** Replaces the characters that XML lacks in JSON, too: it can carry U+0000 and lone surrogates,
 *  but readers fail on them. */
function withXmlChars(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? toXmlChars(value) : value;
}
