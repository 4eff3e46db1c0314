import Parser from 'rss-parser';
import type { ParsedFeed, ParsedItem, ParseResult } from '../../model/parsed.ts';
import { limitItems } from '../text/item-limit.ts';
import { resolveUrl, toBase } from '../text/resolve-url.ts';
import { toInterval, toDays, toHours, toCount } from './schedule-hints.ts';
import { toConstructText } from './content.ts';
import { toParsedItem } from './item.ts';
import { readXml } from './reader.ts';
import { xmlAttributeOf, attributesOf, childOf, childrenOf, childText, xmlTextOf, toMarkup } from './tree.ts';
import type { XmlElement } from './tree.ts';

/** Reads RSS 0.9x, 1.0 (RDF), 2.0 and Atom. rss-parser tells the formats apart, finds the items and
 *  maps the head; its XML reader is replaced by the tolerant one (reader.ts). Items are mapped
 *  here, because rss-parser throws on a bad Atom date, keeps only one author and enclosure, and is
 *  quadratic on large text. Each document gets a new parser, because an error leaves the old one
 *  unusable. `url` as in SourceBytes. Never throws. */
export async function parseXml(text: string, url: string): Promise<ParseResult> {
  const parser = new Parser<Head, { element?: XmlElement }>({
    customFields: { feed: ['dc:language'], item: ['element'] },
    defaultRSS: 2,
  });
  const { root, openEntry, problems } = readXml(text);
  if (root === null) return refuse('it has no root element of a feed');
  replaceReader(parser, toSlimTree(root));
  try {
    const head = await parser.parseString('');
    const { items, problems: tooMany } = limitItems(head.items);
    const elements = items.flatMap((item) => item.element ?? []);
    const read = toParsedFeed(root, head, elements, url);
    const isCut = problems.some((problem) => problem.code === 'xml/cut');
    if (isCut && !read.items.some(hasContent)) return refuse('it ends before its first entry');
    const openItem = openEntry === null || endsWithRoot(text) ? null : (read.items[elements.indexOf(openEntry)] ?? null);
    return { kind: 'feed', feed: { ...read, isCut, openItem, problems: [...problems, ...tooMany] } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(error.message.split('\n').slice(0, 2).join(', '));
  }
}

/** Length of the end of a document in which its last tag is searched; some documents have a comment
 *  below it. */
const END_LENGTH = 1000;

/** Reports whether a document contains the end of its root. Its last entry is then complete,
 *  whatever stays open in it. */
function endsWithRoot(text: string): boolean {
  return /<\/(?:\w+:)?(?:rss|feed|rdf)\s*>/i.test(text.slice(-END_LENGTH));
}

/** Fields of the head that rss-parser reads. An element with attributes and no text is an
 *  object. */
interface Head {
  readonly ttl?: unknown;
  readonly language?: unknown;
  readonly 'dc:language'?: unknown;
}

function refuse(reason: string): ParseResult {
  const message = `the feed is broken XML (${reason}): report it to the publisher; earlier entries stay published`;
  return { kind: 'refused', problem: { code: 'feed/broken-xml', message } };
}

/** Replaces the XML reader of rss-parser, which is a field that its types do not declare. */
function replaceReader(parser: object, tree: object): void {
  const host = parser as { xmlParser: { parseString(text: string, done: (error: Error | null, tree: object) => void): void } };
  host.xmlParser = { parseString: (_, done) => done(null, tree) };
}

/** Returns the head of a feed in the form that rss-parser expects from its XML reader. Each item
 *  holds only its own element. */
function toSlimTree(root: XmlElement): object {
  const $ = attributesOf(root);
  const toItems = (elements: readonly XmlElement[]) => elements.map((element) => ({ element: [element] }));
  if (root.name === 'feed') return { feed: { ...toNodes(root), $, entry: toItems(childrenOf(root, 'entry')) } };
  const channel = childOf(root, 'channel');
  const items = toItems([...childrenOf(channel, 'item'), ...childrenOf(root, 'item')]);
  if (root.name === 'rdf:RDF') return { 'rdf:RDF': { channel: [toNodes(channel)], item: items } };
  return { rss: { $, channel: [{ ...toNodes(channel), item: items }] } };
}

function toNodes(head: XmlElement | undefined): object {
  const nodes = [...(head?.children ?? [])].filter(([name]) => name !== 'item' && name !== 'entry' && !(name in Object.prototype));
  return Object.fromEntries(nodes.map(([name, list]) => [name, list.map((element) => ({ _: element.text, $: attributesOf(element) }))]));
}

function toParsedFeed(root: XmlElement, mapped: Head, elements: readonly XmlElement[], url: string): ParsedFeed {
  const isAtom = root.name === 'feed';
  const head = isAtom ? root : childOf(root, 'channel');
  const linked = toLinks(head);
  const xmlBase = xmlAttributeOf(root, 'xml:base') ?? xmlAttributeOf(head, 'xml:base');
  const documentUrl = url === '' ? '' : resolveUrl(url, null);
  const documentBase = toBase(xmlBase, documentUrl);
  const declaredBase = xmlBase === null || documentBase === documentUrl ? null : documentBase;
  const selfLink = resolveUrl(linked('self'), documentBase);
  const headBase = documentUrl === '' || isWeb(documentBase) ? documentBase : selfLink;
  const plainLink = childrenOf(head, 'link').find((link) => link.text !== '');
  const homePage = resolveUrl(xmlTextOf(plainLink) ?? linked('alternate'), headBase);
  const selfUrl = resolveUrl(selfLink, headBase);
  const base = documentUrl === '' || declaredBase !== null ? documentBase : isAtom ? (headBase ?? homePage) : (homePage ?? headBase);
  const title = childrenOf(head, 'title', 'dc:title').find((element) => toMarkup(element) !== null);
  const resolve = (link: string | null) => resolveUrl(link, base);
  const textOf = (...names: string[]) =>
    toConstructText(
      childrenOf(head, ...names).find((element) => toMarkup(element) !== null),
      isAtom,
    );
  const feedAuthors = childrenOf(head, 'author', 'atom:author');
  return {
    format: isAtom ? 'atom' : root.name === 'rdf:RDF' ? 'rdf' : 'rss',
    title: toConstructText(title, isAtom),
    titleType: isAtom ? (title?.markup !== '' || /html/.test(xmlAttributeOf(title, 'type') ?? '') ? 'html' : 'text') : 'unknown',
    description: textOf('description', 'subtitle', 'tagline', 'itunes:summary', 'itunes:subtitle'),
    homePage,
    feedId: isAtom ? childText(head, 'id') : null,
    selfUrl,
    hubUrls: toHubs(head),
    language:
      toWords(mapped.language) ?? toWords(mapped['dc:language']) ?? xmlAttributeOf(root, 'xml:lang') ?? xmlAttributeOf(head, 'xml:lang'),
    icon: resolve(childText(head, 'icon')),
    image: resolve(
      childText(head, 'logo') ??
        childText(childOf(head, 'image'), 'url') ??
        childText(childOf(root, 'image'), 'url') ??
        xmlAttributeOf(childOf(head, 'itunes:image'), 'href'),
    ),
    ttlMinutes: toCount(toWords(mapped.ttl)),
    skipHours: toHours(childrenOf(childOf(head, 'skipHours'), 'hour').map(xmlTextOf)),
    skipDays: toDays(childrenOf(childOf(head, 'skipDays'), 'day').map(xmlTextOf)),
    updateIntervalMs: toInterval(childText(head, 'sy:updatePeriod'), childText(head, 'sy:updateFrequency')),
    updateBase: childText(head, 'sy:updateBase'),
    nextPageUrl: resolveUrl(linked('next'), headBase),
    prevArchiveUrl: resolveUrl(linked('prev-archive'), headBase),
    nextArchiveUrl: resolveUrl(linked('next-archive'), headBase),
    rights: textOf('copyright', 'rights', 'dc:rights'),
    changed: childrenOf(head, 'pubDate', 'lastBuildDate', 'updated', 'modified', 'dc:date').flatMap((element) => xmlTextOf(element) ?? []),
    isExpired: false,
    items: elements.map((element) => toParsedItem(element, { isAtom, base, declaredBase, feedAuthors })),
    isCut: false,
    openItem: null,
    withdrawals: toWithdrawals([root, ...(head === undefined || head === root ? [] : [head])]),
    problems: [],
  };
}

function toWithdrawals(heads: readonly XmlElement[]): ParsedFeed['withdrawals'] {
  return heads
    .flatMap((head) => childrenOf(head, 'at:deleted-entry'))
    .slice(0, MOST_WITHDRAWALS)
    .flatMap((element) => {
      const ref = xmlAttributeOf(element, 'ref');
      return ref === null ? [] : [{ ref, when: xmlAttributeOf(element, 'when') }];
    });
}

/** Equal to the most items read from one document. */
const MOST_WITHDRAWALS = 20_000;

function hasContent({ title, html, summary, guid, url, categories, enclosures }: ParsedItem): boolean {
  return title !== '' || (html ?? summary ?? guid ?? url) !== null || categories.length + enclosures.length > 0;
}

function isWeb(address: string | null): boolean {
  return address !== null && /^https?:/i.test(address);
}

function toWords(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Returns a function that finds the address of a head's link by its relation. A link without a
 *  relation is `alternate` (RFC 4287 §4.2.7.2). */
function toLinks(head: XmlElement | undefined): (relation: string) => string | null {
  const links = childrenOf(head, 'atom:link', 'link').filter((link) => xmlAttributeOf(link, 'href') !== null);
  return (relation) => {
    const link = links.find((one) => (xmlAttributeOf(one, 'rel') ?? 'alternate').toLowerCase() === relation);
    return xmlAttributeOf(link, 'href');
  };
}

function toHubs(head: XmlElement | undefined): string[] {
  const hubs = childrenOf(head, 'atom:link', 'link').filter((link) => xmlAttributeOf(link, 'rel')?.toLowerCase() === 'hub');
  return [...new Set(hubs.flatMap((link) => resolveUrl(xmlAttributeOf(link, 'href'), null) ?? []))];
}
