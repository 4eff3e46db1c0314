import Parser from 'rss-parser';
import type { ParsedFeed, ParsedItem, ParseResult } from '../../model/parsed.ts';
import { firstItems } from '../text/item-limit.ts';
import { resolveUrl, toBase } from '../text/resolve-url.ts';
import { toInterval, toDays, toHours, toCount } from './schedule-hints.ts';
import { toSource } from './content.ts';
import { toParsedItem } from './item.ts';
import { readXml } from './reader.ts';
import { xmlAttributeOf, attributesOf, childOf, childrenOf, childText, xmlTextOf, toMarkup } from './tree.ts';
import type { XmlElement } from './tree.ts';

/** Reads RSS 0.9x, 1.0 (RDF), 2.0 and Atom through rss-parser, its XML reader replaced by the
 *  tolerant one (xml-reader.ts). It tells the formats apart, finds their items and maps the head;
 *  items are mapped from their own elements, since it throws on a bad Atom date, keeps one author
 *  and enclosure, and is quadratic on large text. A fresh instance for each document: one that met
 *  an error stays broken. `url` as in SourceBytes. Never throws. */
export async function parseXml(text: string, url: string): Promise<ParseResult> {
  const parser = new Parser<Head, { element?: XmlElement }>({
    customFields: { feed: ['dc:language'], item: ['element'] },
    defaultRSS: 2,
  });
  const { root, openEntry, problems } = readXml(text);
  if (root === null) return refuse('no feed begins in it');
  replaceReader(parser, toSlimTree(root));
  try {
    const head = await parser.parseString('');
    const { items, problems: tooMany } = firstItems(head.items);
    const elements = items.flatMap((item) => item.element ?? []);
    const read = toParsedFeed(root, head, elements, url);
    const isCut = problems.some((problem) => problem.code === 'xml/cut');
    if (isCut && !read.items.some(isAnything)) return refuse('it ends before its first entry');
    const openItem = openEntry === null || endsWithRoot(text) ? null : (read.items[elements.indexOf(openEntry)] ?? null);
    return { kind: 'feed', feed: { ...read, isCut, openItem, problems: [...problems, ...tooMany] } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(error.message.split('\n').slice(0, 2).join(', '));
  }
}

/** Characters at the end of a document among which its last tag is looked for: some have a comment
 *  below it. */
const END_LENGTH = 1000;

/** Reports whether a document goes on to the end of its root: then its last entry is whole,
 *  whatever stays open in it. */
function endsWithRoot(text: string): boolean {
  return /<\/(?:\w+:)?(?:rss|feed|rdf)\s*>/i.test(text.slice(-END_LENGTH));
}

/** What rss-parser is asked for beside its items; an element without text that has attributes comes
 *  as an object. */
interface Head {
  readonly ttl?: unknown;
  readonly language?: unknown;
  readonly 'dc:language'?: unknown;
}

function refuse(reason: string): ParseResult {
  const message = `the feed is broken XML (${reason}): tell its publisher; what was stored before stays published`;
  return { kind: 'refused', problem: { code: 'feed/broken-xml', message } };
}

/** rss-parser keeps its XML reader in a field that its types do not show. */
function replaceReader(parser: object, tree: object): void {
  const host = parser as { xmlParser: { parseString(text: string, done: (error: Error | null, tree: object) => void): void } };
  host.xmlParser = { parseString: (_, done) => done(null, tree) };
}

/** The head of a feed as rss-parser expects it of its XML reader, with items that carry their own
 *  element and nothing else that it would look into. */
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
  const place = url === '' ? '' : resolveUrl(url, null);
  const inPlace = toBase(xmlBase, place);
  const declaredBase = xmlBase === null || inPlace === place ? null : inPlace;
  const selfLink = resolveUrl(linked('self'), inPlace);
  const headBase = place === '' || isWeb(inPlace) ? inPlace : selfLink;
  const plainLink = childrenOf(head, 'link').find((link) => link.text !== '');
  const homePage = resolveUrl(xmlTextOf(plainLink) ?? linked('alternate'), headBase);
  const selfUrl = resolveUrl(selfLink, headBase);
  const base = place === '' || declaredBase !== null ? inPlace : isAtom ? (headBase ?? homePage) : (homePage ?? headBase);
  const title = childrenOf(head, 'title', 'dc:title').find((element) => toMarkup(element) !== null);
  const resolve = (link: string | null) => resolveUrl(link, base);
  const said = (...names: string[]) =>
    toSource(
      childrenOf(head, ...names).find((element) => toMarkup(element) !== null),
      isAtom,
    );
  const feedAuthors = childrenOf(head, 'author', 'atom:author');
  return {
    format: isAtom ? 'atom' : root.name === 'rdf:RDF' ? 'rdf' : 'rss',
    title: toSource(title, isAtom),
    titleType: isAtom ? (title?.markup !== '' || /html/.test(xmlAttributeOf(title, 'type') ?? '') ? 'html' : 'text') : 'unknown',
    description: said('description', 'subtitle', 'tagline', 'itunes:summary', 'itunes:subtitle'),
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
    rights: said('copyright', 'rights', 'dc:rights'),
    changed: childrenOf(head, 'pubDate', 'lastBuildDate', 'updated', 'modified', 'dc:date').flatMap((element) => xmlTextOf(element) ?? []),
    isExpired: false,
    items: elements.map((element) => toParsedItem(element, { isAtom, base, declaredBase, feedAuthors })),
    isCut: false,
    openItem: null,
    withdrawals: toWithdrawals([root, ...(head === undefined || head === root ? [] : [head])]),
    problems: [],
  };
}

function toWithdrawals(places: readonly XmlElement[]): ParsedFeed['withdrawals'] {
  return places
    .flatMap((place) => childrenOf(place, 'at:deleted-entry'))
    .slice(0, MOST_WITHDRAWALS)
    .flatMap((element) => {
      const ref = xmlAttributeOf(element, 'ref');
      return ref === null ? [] : [{ ref, when: xmlAttributeOf(element, 'when') }];
    });
}

/** As many as the items that are read of one document. */
const MOST_WITHDRAWALS = 20_000;

function isAnything({ title, html, summary, guid, url, categories, enclosures }: ParsedItem): boolean {
  return title !== '' || (html ?? summary ?? guid ?? url) !== null || categories.length + enclosures.length > 0;
}

function isWeb(address: string | null): boolean {
  return address !== null && /^https?:/i.test(address);
}

function toWords(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Addresses of the head's links by their relation (RFC 4287 §4.2.7.2: without one it is
 *  `alternate`). */
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
