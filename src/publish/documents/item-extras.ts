import type { PublishedItem } from './item.ts';
import { toPlainText } from '../html/sanitise.ts';
import { element } from '../html/xml-text.ts';

/** Returns the elements of an Atom entry besides its texts: authors, categories, enclosures,
 *  related stories, rights and source. */
export function toAtomExtras(item: PublishedItem): string {
  const { source, enclosures, related, authors, categories, rights } = item;
  const links = [
    ...(source.feedUrl === null ? [] : [element('link', { rel: 'self', href: source.feedUrl }, null)]),
    ...(source.homePage === null ? [] : [element('link', { rel: 'alternate', href: source.homePage }, null)]),
  ];
  const inSource = [
    element('id', {}, source.id),
    element('title', {}, source.title),
    element('updated', {}, source.updated.toISOString()),
    ...links,
  ];
  return [
    ...authors.map((author) =>
      element('author', {}, { xml: element('name', {}, author.name) + (author.url === null ? '' : element('uri', {}, author.url)) }),
    ),
    ...categories.map((term) => element('category', { term }, null)),
    ...enclosures.map(({ url, type, length }) =>
      element('link', { rel: 'enclosure', href: url, type, length: length === null ? null : String(length) }, null),
    ),
    ...related.map((copy) => element('link', { rel: 'related', href: copy.url, title: copy.title }, null)),
    ...(rights === null ? [] : [element('rights', {}, rights)]),
    element('source', {}, { xml: inSource.join('') }),
  ].join('\n        ');
}

/** Returns the elements of an RSS item besides its texts. */
export function toRssExtras(item: PublishedItem): string {
  const { source, enclosures, authors, categories, related } = item;
  return [
    ...authors.map((author) => element('dc:creator', {}, author.name)),
    ...categories.map((term) => element('category', {}, term)),
    // RSS 2.0 gives an enclosure all three attributes; an unknown length is 0 (rssboard.org best
    // practices profile).
    ...enclosures
      .slice(0, 1)
      .map(({ url, type, length }) =>
        element('enclosure', { url, type: type ?? 'application/octet-stream', length: String(length ?? 0) }, null),
      ),
    ...related.map((copy) => element('atom:link', { rel: 'related', href: copy.url, title: copy.title }, null)),
    ...(source.feedUrl === null ? [] : [element('source', { url: source.feedUrl }, source.title)]),
    element('atom:updated', {}, item.updated.toISOString()),
  ].join('\n            ');
}

/** Returns an item as an object of JSON Feed 1.1. */
export function toJsonItem(item: PublishedItem): object {
  const { authors, categories, enclosures, content, summary } = item;
  return {
    id: item.id,
    url: item.url,
    title: item.title,
    content_html: content ?? summary ?? '',
    ...(content !== null && summary !== null && { summary: toPlainText(summary) }),
    ...(item.image !== null && { image: item.image }),
    ...(item.published && { date_published: item.published.toISOString() }),
    date_modified: item.updated.toISOString(),
    ...(item.language !== null && { language: item.language }),
    ...(authors.length > 0 && {
      authors: authors.map((author) => ({ name: author.name, ...(author.url !== null && { url: author.url }) })),
    }),
    ...(categories.length > 0 && { tags: categories }),
    ...(enclosures.length > 0 && {
      attachments: enclosures.map(({ url, type, length }) => ({
        url,
        mime_type: type ?? 'application/octet-stream',
        ...(length !== null && { size_in_bytes: length }),
      })),
    }),
    _newsfold: { source: item.source.title, related: item.related },
  };
}
