import type { ParsedItem, TextType } from '../model/parsed.ts';
import { resolveUrl, toBase } from './resolve-url.ts';
import { toContent, toSource, toTextType } from './xml-content.ts';
import { toAuthors, toCategories, toEnclosures, toOrigin } from './xml-parts.ts';
import { attributeOf, childOf, childrenOf, childText, textOf, toMarkup } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** What an item inherits from its document. */
export interface ItemContext {
  readonly isAtom: boolean;
  /** What relative links are resolved against; null when nothing is known. */
  readonly base: string | null;
  /** The base that an xml:base declares; null when none does: links in texts are then left to whoever publishes them. */
  readonly declaredBase: string | null;
  readonly feedAuthors: readonly XmlElement[];
}

/** Maps one `item` or `entry` element, whatever mixture of RSS, Atom, Dublin Core, iTunes and Media RSS it uses. */
export function toParsedItem(item: XmlElement, context: ItemContext): ParsedItem {
  const { isAtom } = context;
  const xmlBase = attributeOf(item, 'xml:base');
  const base = toBase(xmlBase, context.base);
  const title = toTitle(item);
  const guid = firstWithText(childrenOf(item, 'guid', 'id', 'atom:id'));
  const about = attributeOf(item, 'rdf:about');
  const url = toUrl(item, guid, base, isAtom) ?? resolveUrl(about, base);
  const declaredBase = xmlBase === null ? context.declaredBase : base;
  const { html, summary } = toContent(item, isAtom, declaredBase ?? (url === null ? base : null), base);
  const authors = toAuthors(childrenOf(item, 'author', 'dc:creator', 'atom:author', 'dc:author'));
  return {
    guid: guid?.text ?? about ?? childText(item, 'dc:identifier'),
    url,
    title: toSource(title, isAtom) ?? '',
    titleType: title === undefined ? 'text' : toTitleType(title, isAtom),
    html,
    summary,
    published: childText(item, ...publishedNames),
    updated: childText(item, 'updated', 'atom:updated', 'modified', 'dcterms:modified'),
    authors: authors.length > 0 ? authors : inheritedAuthors(item, context.feedAuthors),
    categories: toCategories(item),
    enclosures: toEnclosures(item, base),
    image: resolveUrl(toImage(item), base),
    language: attributeOf(item, 'xml:lang') ?? childText(item, 'dc:language', 'language'),
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

function toTitle(item: XmlElement): XmlElement | undefined {
  const plain = childrenOf(item, 'title').find((element) => toMarkup(element) !== null);
  if (plain !== undefined) return plain;
  const others = childrenOf(item, 'dc:title', 'itunes:title', 'atom:title', 'media:title');
  const media = [
    ...childrenOf(item, 'media:content', 'media:group'),
    ...childrenOf(item, 'media:group').flatMap((group) => childrenOf(group, 'media:content')),
  ];
  return [...others, ...media.flatMap((element) => childrenOf(element, 'media:title'))].find((element) => toMarkup(element) !== null);
}

function toTitleType(title: XmlElement, isAtom: boolean): TextType {
  return title.markup !== '' && isAtom ? 'html' : toTextType(title, isAtom);
}

function firstWithText(elements: readonly XmlElement[]): XmlElement | undefined {
  return elements.find((element) => element.text !== '');
}

/** RFC 4287 §4.2.1: the authors of the source that an entry was copied from, else those of the feed. */
function inheritedAuthors(item: XmlElement, feedAuthors: readonly XmlElement[]): ParsedItem['authors'] {
  const source = childrenOf(item, 'source', 'atom:source')[0];
  const copied = toAuthors([...childrenOf(item, 'itunes:author'), ...childrenOf(source, 'author', 'atom:author')]);
  return copied.length > 0 ? copied : toAuthors(feedAuthors);
}

function toUrl(item: XmlElement, guid: XmlElement | undefined, base: string | null, isAtom: boolean): string | null {
  const links = childrenOf(item, 'link', 'atom:link');
  const addressed = links.filter((link) => attributeOf(link, 'href') !== null);
  const alternate =
    addressed.find((link) => attributeOf(link, 'rel') === 'alternate') ?? addressed.find((link) => attributeOf(link, 'rel') === null);
  if (alternate !== undefined) return resolveUrl(attributeOf(alternate, 'href'), toBase(attributeOf(alternate, 'xml:base'), base));
  const plain = links.find((link) => link.text !== '' && (attributeOf(link, 'rel') ?? 'alternate') === 'alternate');
  const permalink = attributeOf(guid, 'isPermaLink') === 'false' || isAtom ? null : textOf(guid);
  const fromGuid = permalink !== null && (/^https?:/i.test(permalink) || attributeOf(guid, 'isPermaLink') === 'true') ? permalink : null;
  const self = isAtom ? links.find((link) => attributeOf(link, 'rel') === 'self') : undefined;
  return resolveUrl(textOf(plain) ?? fromGuid ?? attributeOf(self, 'href'), base);
}

/** A picture that stands for the item: of the podcast, of the media, of RSS 0.9x; else a file of it that is a picture. */
function toImage(item: XmlElement): string | null {
  const groups = childrenOf(item, 'media:group', 'media:content');
  const thumbnail =
    childOf(item, 'media:thumbnail') ?? groups.map((group) => childOf(group, 'media:thumbnail')).find((one) => one !== undefined);
  const files = [...childrenOf(item, 'media:content', 'enclosure'), ...groups.flatMap((group) => childrenOf(group, 'media:content'))];
  const isPicture = (file: XmlElement) =>
    attributeOf(file, 'medium') === 'image' || attributeOf(file, 'type')?.startsWith('image/') === true;
  return (
    attributeOf(childOf(item, 'itunes:image'), 'href') ??
    attributeOf(thumbnail, 'url') ??
    childText(childOf(item, 'image'), 'url') ??
    attributeOf(files.find(isPicture), 'url')
  );
}
