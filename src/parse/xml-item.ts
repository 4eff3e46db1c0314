import type { Enclosure, Origin, ParsedItem, Person, TextType } from '../model/parsed.ts';
import { resolveUrl } from './resolve-url.ts';
import { attributeOf, childrenOf, childText, textOf, toMarkup } from './xml-tree.ts';
import type { XmlElement, XmlNode } from './xml-tree.ts';

/** What an item inherits from its document. */
interface ItemContext {
  readonly isAtom: boolean;
  /** What relative links are resolved against; null when nothing is known. */
  readonly base: string | null;
  readonly feedAuthors: readonly XmlNode[];
}

/** Maps one `item` or `entry` element, whatever mixture of RSS, Atom, Dublin Core, iTunes and Media RSS it uses. */
export function toParsedItem(item: XmlElement, context: ItemContext): ParsedItem {
  const base = resolveUrl(attributeOf(item, 'xml:base'), context.base) ?? context.base;
  const media = [item, ...childrenOf(item, 'media:group')].flatMap((node) => [node, ...childrenOf(node, 'media:content')]);
  const titles = [...childrenOf(item, 'title', 'dc:title', 'itunes:title'), ...media.flatMap((node) => childrenOf(node, 'media:title'))];
  const title = titles.find((node) => toMarkup(node) !== null);
  const { html, summary } = toContent(item, context.isAtom);
  const guid = childrenOf(item, 'guid', 'id', 'atom:id').find((node) => textOf(node) !== null);
  const about = attributeOf(item, 'rdf:about');
  const authors = toAuthors(childrenOf(item, 'author', 'dc:creator', 'atom:author'));
  return {
    guid: (typeof guid === 'string' ? guid : guid?._)?.trim() ?? about ?? childText(item, 'dc:identifier'),
    url: toUrl(item, guid, base, context.isAtom) ?? resolveUrl(about, base),
    title: title === undefined ? '' : (toMarkup(title) ?? ''),
    titleType: title === undefined ? 'text' : toTextType(title, context.isAtom),
    html,
    summary,
    published: childText(
      item,
      'pubDate',
      'published',
      'dc:date',
      'issued',
      'dcterms:issued',
      'dcterms:created',
      'created',
      'date',
      'pubdate',
    ),
    updated: childText(item, 'updated', 'atom:updated', 'modified', 'dcterms:modified'),
    authors: authors.length > 0 ? authors : toAuthors([...childrenOf(item, 'itunes:author'), ...context.feedAuthors]),
    categories: toCategories(item),
    enclosures: toEnclosures(item, base),
    image: resolveUrl(
      attributeOf(childrenOf(item, 'itunes:image', 'media:thumbnail')[0], 'href') ??
        attributeOf(childrenOf(item, 'media:thumbnail')[0], 'url'),
      base,
    ),
    language: attributeOf(item, 'xml:lang') ?? childText(item, 'dc:language', 'language'),
    origin: toOrigin(item),
    rights: childText(item, 'rights', 'dc:rights', 'copyright'),
    commentsUrl: resolveUrl(childText(item, 'comments'), base),
    location: null,
  };
}

function toUrl(item: XmlElement, guid: XmlNode | undefined, base: string | null, isAtom: boolean): string | null {
  const links = childrenOf(item, 'link', 'atom:link', 'link');
  const plain = links.map(textOf).find((text) => text !== null) ?? null;
  const addressed = links.filter((link) => attributeOf(link, 'href') !== null);
  const alternate =
    addressed.find((link) => attributeOf(link, 'rel') === 'alternate') ?? addressed.find((link) => attributeOf(link, 'rel') === null);
  const self = isAtom ? links.find((link) => attributeOf(link, 'rel') === 'self') : undefined;
  const permalink = attributeOf(guid, 'isPermaLink') === 'false' || isAtom ? null : textOf(guid);
  const fromGuid = permalink !== null && (/^https?:/i.test(permalink) || attributeOf(guid, 'isPermaLink') === 'true') ? permalink : null;
  return resolveUrl(attributeOf(alternate, 'href') ?? plain ?? fromGuid ?? attributeOf(self, 'href'), base);
}

/** content:encoded or Atom content is the text; a description beside it is the summary. Media and iTunes texts come last. */
function toContent(item: XmlElement, isAtom: boolean): { html: string | null; summary: string | null } {
  const first = (...names: string[]) => {
    for (const node of childrenOf(item, ...names)) {
      const markup = toMarkup(node);
      if (markup !== null) return asHtml(markup, toTextType(node, isAtom));
    }
    return null;
  };
  const full = first('content:encoded', 'content', 'xhtml:body', 'body', 'fullText');
  const short = first('description', 'summary', 'dc:description', 'atom:summary');
  const other =
    first('itunes:summary', 'itunes:subtitle', 'media:description') ?? firstText(childrenOf(item, 'media:group'), 'media:description');
  if (full === null && short === null) return { html: other, summary: null };
  if (full === null) return isAtom ? { html: null, summary: short } : { html: short, summary: null };
  return { html: full, summary: short === full ? null : short };
}

function firstText(nodes: readonly XmlNode[], name: string): string | null {
  return nodes.map((node) => childText(node, name)).find((text) => text !== null) ?? null;
}

function asHtml(markup: string, type: TextType): string {
  return type === 'text' ? markup.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : markup;
}

/** RFC 4287 §3.1.1: text is the default in Atom; RSS says nothing and means markup. */
function toTextType(node: XmlNode, isAtom: boolean): TextType {
  const type = attributeOf(node, 'type')?.toLowerCase() ?? (isAtom ? 'text' : '');
  if (type === 'text' || type === 'text/plain') return isAtom || type === 'text/plain' ? 'text' : 'unknown';
  return isAtom ? 'html' : 'unknown';
}

/** Names of persons; "mail@host (Name)" and "Name <mail@host>" are taken apart (RSS 2.0 author). */
function toAuthors(nodes: readonly XmlNode[]): Person[] {
  return nodes.flatMap((node): Person[] => {
    const text = childText(node, 'name', 'atom:name') ?? textOf(node);
    const email = childText(node, 'email', 'atom:email');
    if (text === null) return email === null ? [] : [{ name: email, url: null, email }];
    const paired = /^(\S+@\S+)\s+\(([^)]*)\)$/.exec(text) ?? null;
    const angled = /^([^<]*)<(\S+@[^>\s]+)>$/.exec(text) ?? null;
    const name = (paired?.[2] ?? angled?.[1] ?? text).trim();
    return [
      {
        name: name === '' ? text : name,
        url: childText(node, 'uri', 'url', 'atom:uri'),
        email: email ?? paired?.[1] ?? angled?.[2] ?? null,
      },
    ];
  });
}

function toCategories(item: XmlElement): string[] {
  const terms = childrenOf(item, 'category', 'dc:subject', 'atom:category').flatMap(
    (node) => attributeOf(node, 'term') ?? textOf(node) ?? attributeOf(node, 'label') ?? [],
  );
  return [...new Set(terms)];
}

function toEnclosures(item: XmlElement, base: string | null): Enclosure[] {
  const linked = childrenOf(item, 'link', 'atom:link').filter((link) => attributeOf(link, 'rel') === 'enclosure');
  const media = [item, ...childrenOf(item, 'media:group')].flatMap((node) => childrenOf(node, 'media:content'));
  const found = [...childrenOf(item, 'enclosure'), ...linked, ...media].flatMap((node): Enclosure[] => {
    const url = resolveUrl(attributeOf(node, 'url') ?? attributeOf(node, 'href'), base);
    const length = attributeOf(node, 'length') ?? attributeOf(node, 'fileSize');
    const bytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
    return url === null ? [] : [{ url, type: attributeOf(node, 'type'), length: bytes }];
  });
  return found.filter((enclosure, index) => found.findIndex((other) => other.url === enclosure.url) === index);
}

function toOrigin(item: XmlElement): Origin | null {
  const source = childrenOf(item, 'source', 'atom:source')[0];
  if (source === undefined) return null;
  const link =
    childrenOf(source, 'link', 'atom:link').find((node) => attributeOf(node, 'rel') === 'self') ??
    childrenOf(source, 'link', 'atom:link')[0];
  const origin = {
    id: childText(source, 'id', 'atom:id'),
    title: childText(source, 'title', 'atom:title') ?? textOf(source),
    url: attributeOf(source, 'url') ?? attributeOf(link, 'href'),
  };
  return origin.id === null && origin.title === null && origin.url === null ? null : origin;
}
