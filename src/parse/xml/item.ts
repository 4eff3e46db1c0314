import type { ParsedItem, TextType } from '../../model/parsed.ts';
import { resolveUrl, toBase } from '../text/resolve-url.ts';
import { mediaOf, hasVisibleText, toContent, toConstructText, toTextType } from './content.ts';
import { toAuthors, toCategories, toEnclosures, toOrigin } from './item-parts.ts';
import { xmlAttributeOf, childrenOf, childText, childTexts, xmlTextOf, toMarkup } from './tree.ts';
import type { XmlElement } from './tree.ts';

/** Values that an item inherits from its document. */
interface ItemContext {
  readonly isAtom: boolean;
  /** Base address of relative links; null when it is unknown. */
  readonly base: string | null;
  /** The base that xml:base declares; null when none does: relative links in texts are then left to
   *  the publishing stage. */
  readonly declaredBase: string | null;
  readonly feedAuthors: readonly XmlElement[];
}

/** Maps one `item` or `entry` element, in any mixture of RSS, Atom, Dublin Core, iTunes and Media
 *  RSS. */
export function toParsedItem(item: XmlElement, context: ItemContext): ParsedItem {
  const { isAtom } = context;
  const xmlBase = xmlAttributeOf(item, 'xml:base');
  const base = toBase(xmlBase, context.base);
  const title = toTitle(item);
  const guid = firstWithText(childrenOf(item, 'guid', 'id', 'atom:id'));
  const about = xmlAttributeOf(item, 'rdf:about');
  const url = toUrl(item, guid, base, isAtom) ?? resolveUrl(about, base);
  const declaredBase = xmlBase === null ? context.declaredBase : base;
  const { html, summary } = toContent(item, isAtom, declaredBase ?? (url === null ? base : null), base);
  const [published = null, ...sparePublished] = childTexts(item, ...publishedNames);
  const [updated = null, ...spareUpdated] = childTexts(item, ...updatedNames);
  const authors = toAuthors(childrenOf(item, 'author', 'dc:creator', 'atom:author', 'dc:author'));
  return {
    guid: guid?.text ?? about ?? childText(item, 'dc:identifier'),
    url,
    title: toConstructText(title, isAtom) ?? '',
    titleType: title === undefined ? 'text' : toTitleType(title, isAtom),
    html,
    summary,
    published,
    updated,
    spareDates: sparePublished.length + spareUpdated.length === 0 ? null : { published: sparePublished, updated: spareUpdated },
    authors: authors.length > 0 ? authors : inheritedAuthors(item, context.feedAuthors),
    categories: toCategories(item),
    enclosures: toEnclosures(item, base),
    image: firstAddress(toImages(item), base),
    language: toLanguage([xmlAttributeOf(item, 'xml:lang'), ...childTexts(item, 'dc:language', 'language')]),
    origin: toOrigin(item, base),
    rights: childText(item, 'rights', 'dc:rights', 'copyright', 'atom:rights', 'dcterms:rights', 'media:copyright'),
    originalUrl: resolveUrl(childText(item, 'feedburner:origLink'), base),
    commentsUrl: resolveUrl(childText(item, 'comments'), base),
    location: null,
  };
}

const publishedNames = [
  'pubDate',
  'published',
  'atom:published',
  'dc:date',
  'issued',
  'dcterms:issued',
  'dcterms:created',
  'created',
  'date',
  'dcterms:date',
];
const updatedNames = ['updated', 'atom:updated', 'modified', 'dcterms:modified'];

/** Returns the first title with visible text; the item's own titles come before those of its
 *  media. */
function toTitle(item: XmlElement): XmlElement | undefined {
  const named = childrenOf(item, 'title', 'dc:title', 'itunes:title', 'atom:title', 'media:title');
  const media = mediaOf(item).flatMap((element) => childrenOf(element, 'media:title'));
  const titles = [...named, ...media].filter((element) => toMarkup(element) !== null);
  return titles.find((element) => hasVisibleText(toMarkup(element))) ?? titles[0];
}

function toTitleType(title: XmlElement, isAtom: boolean): TextType {
  return title.markup !== '' && isAtom ? 'html' : toTextType(title, isAtom);
}

function firstWithText(elements: readonly XmlElement[]): XmlElement | undefined {
  return elements.find((element) => element.text !== '');
}

/** Returns the authors of the source that an entry was copied from, else those of the feed (RFC
 *  4287 §4.2.1). */
function inheritedAuthors(item: XmlElement, feedAuthors: readonly XmlElement[]): ParsedItem['authors'] {
  const source = childrenOf(item, 'source', 'atom:source')[0];
  const copied = toAuthors([...childrenOf(item, 'itunes:author'), ...childrenOf(source, 'author', 'atom:author')]);
  return copied.length > 0 ? copied : toAuthors(feedAuthors);
}

/** Returns the first usable address of an item. In this order: an alternate link, a link without a
 *  relation, a link with text, the guid, the self link of an Atom entry. */
function toUrl(item: XmlElement, guid: XmlElement | undefined, base: string | null, isAtom: boolean): string | null {
  const links = childrenOf(item, 'link', 'atom:link');
  const addressed = links.filter((link) => xmlAttributeOf(link, 'href') !== null);
  const relationOf = (link: XmlElement) => xmlAttributeOf(link, 'rel');
  const pages = [...addressed.filter((link) => relationOf(link) === 'alternate'), ...addressed.filter((link) => relationOf(link) === null)];
  const page = firstAddress(
    pages.map((link) => resolveUrl(xmlAttributeOf(link, 'href'), toBase(xmlAttributeOf(link, 'xml:base'), base))),
    base,
  );
  if (page !== null) return page;
  const plain = links.filter((link) => link.text !== '' && (relationOf(link) ?? 'alternate') === 'alternate').map(xmlTextOf);
  const permalink = xmlAttributeOf(guid, 'isPermaLink') === 'false' || isAtom ? null : xmlTextOf(guid);
  const fromGuid = permalink !== null && (/^https?:/i.test(permalink) || xmlAttributeOf(guid, 'isPermaLink') === 'true') ? permalink : null;
  const self = isAtom ? links.filter((link) => relationOf(link) === 'self').map((link) => xmlAttributeOf(link, 'href')) : [];
  return firstAddress([...plain, fromGuid, ...self], base);
}

/** Returns the first valid address; web addresses come before those of other schemes. */
function firstAddress(addresses: readonly (string | null)[], base: string | null): string | null {
  const resolved = addresses.flatMap((address) => resolveUrl(address, base) ?? []);
  return resolved.find((address) => /^https?:/i.test(address) || base === '') ?? resolved[0] ?? null;
}

/** Returns the first tag that may be a language tag (BCP 47), such as `en_US`; else the first of
 *  all. */
function toLanguage(tags: readonly (string | null)[]): string | null {
  const found = tags.filter((tag) => tag !== null);
  return found.find((tag) => /^[a-z]{2,8}(?:[-_][a-z0-9]{1,8})*$/i.test(tag)) ?? found[0] ?? null;
}

/** Returns pictures of an item, best first: of iTunes, of Media RSS, of RSS 0.9x, then files that
 *  are pictures. */
function toImages(item: XmlElement): (string | null)[] {
  const media = mediaOf(item);
  const thumbnails = [item, ...media].flatMap((element) => childrenOf(element, 'media:thumbnail'));
  const files = [...childrenOf(item, 'media:content', 'enclosure'), ...media.flatMap((group) => childrenOf(group, 'media:content'))];
  const isPicture = (file: XmlElement) =>
    xmlAttributeOf(file, 'medium') === 'image' || xmlAttributeOf(file, 'type')?.startsWith('image/') === true;
  return [
    ...childrenOf(item, 'itunes:image').map((element) => xmlAttributeOf(element, 'href')),
    ...thumbnails.map((element) => xmlAttributeOf(element, 'url')),
    ...childrenOf(item, 'image').map((element) => childText(element, 'url')),
    ...files.filter(isPicture).map((element) => xmlAttributeOf(element, 'url')),
  ];
}
