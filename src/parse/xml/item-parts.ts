import type { Enclosure, Origin, Person } from '../../model/parsed.ts';
import { resolveUrl, toBase } from '../text/resolve-url.ts';
import { xmlAttributeOf, childrenOf, childText, xmlTextOf } from './tree.ts';
import type { XmlElement } from './tree.ts';

/** Returns the authors. "mail@host (Name)" and "Name <mail@host>" are split into name and address
 *  (RSS 2.0 author). */
export function toAuthors(elements: readonly XmlElement[]): Person[] {
  return elements.flatMap((element): Person[] => {
    const text = childText(element, 'name', 'atom:name', 'foaf:name') ?? xmlTextOf(element);
    const email = childText(element, 'email', 'atom:email');
    if (text === null) return email === null ? [] : [{ name: email, url: null, email }];
    const isShort = text.length <= 300 && text.includes('@');
    const paired = isShort ? /^(\S+@\S+)\s+\(([^)]*)\)$/.exec(text) : null;
    const angled = isShort ? /^([^<]*)<(\S+@[^>\s]+)>$/.exec(text) : null;
    const name = (paired?.[2] ?? angled?.[1] ?? text).trim();
    const url = childText(element, 'uri', 'url', 'atom:uri', 'homepage');
    return [{ name: name === '' ? text : name, url, email: email ?? paired?.[1] ?? angled?.[2] ?? null }];
  });
}

/** Returns the distinct categories of an item. media:keywords count, because newsrooms put topics
 *  there. itunes:keywords do not: they repeat one list for search engines in every episode. */
export function toCategories(item: XmlElement): string[] {
  const terms = new Set<string>();
  for (const element of childrenOf(item, 'category', 'dc:subject', 'atom:category')) {
    const term = xmlAttributeOf(element, 'term') ?? xmlTextOf(element) ?? xmlAttributeOf(element, 'label');
    if (term !== null) terms.add(term);
  }
  for (const element of childrenOf(item, 'media:keywords'))
    for (const word of element.text.split(',')) if (word.trim() !== '') terms.add(word.trim());
  return [...terms];
}

/** Returns the distinct files of an item: RSS enclosures, Atom links and content with `src`, Media
 *  RSS. */
export function toEnclosures(item: XmlElement, base: string | null): Enclosure[] {
  const found = new Map<string, Enclosure>();
  const add = (element: XmlElement, address: string | null): void => {
    const url = resolveUrl(address, toBase(xmlAttributeOf(element, 'xml:base'), base));
    if (url === null || found.has(url)) return;
    const length = xmlAttributeOf(element, 'length') ?? xmlAttributeOf(element, 'fileSize');
    const bytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
    found.set(url, { url, type: xmlAttributeOf(element, 'type'), length: bytes });
  };
  // Some publishers write the address between the tags in place of the attribute.
  const addressOf = (element: XmlElement): string | null =>
    xmlAttributeOf(element, 'url') ?? xmlAttributeOf(element, 'href') ?? (/^https?:\/\/\S+$/.test(element.text) ? element.text : null);
  for (const element of childrenOf(item, 'enclosure')) add(element, addressOf(element));
  for (const link of childrenOf(item, 'link', 'atom:link')) if (xmlAttributeOf(link, 'rel') === 'enclosure') add(link, addressOf(link));
  for (const element of childrenOf(item, 'media:content')) add(element, xmlAttributeOf(element, 'url'));
  for (const group of childrenOf(item, 'media:group'))
    for (const element of childrenOf(group, 'media:content')) add(element, xmlAttributeOf(element, 'url'));
  for (const content of childrenOf(item, 'content')) add(content, xmlAttributeOf(content, 'src'));
  return [...found.values()];
}

/** Returns the feed that an item was copied from; null when the item names none. */
export function toOrigin(item: XmlElement, base: string | null): Origin | null {
  const source = childrenOf(item, 'source', 'atom:source')[0];
  if (source === undefined) return null;
  const links = childrenOf(source, 'link', 'atom:link');
  const link = links.find((element) => xmlAttributeOf(element, 'rel') === 'self') ?? links[0];
  const origin = {
    id: childText(source, 'id', 'atom:id'),
    title: childText(source, 'title', 'atom:title') ?? xmlTextOf(source),
    url: resolveUrl(xmlAttributeOf(source, 'url') ?? xmlAttributeOf(link, 'href') ?? xmlTextOf(link), base),
  };
  return origin.id === null && origin.title === null && origin.url === null ? null : origin;
}
