import type { ParsedItem } from '../../src/model/parsed.ts';

/** Returns a parsed item with defaults. */
export function makeItem(rest: Partial<ParsedItem> = {}): ParsedItem {
  return {
    guid: null,
    url: null,
    title: 'A title',
    titleType: 'text',
    html: '<p>Some text.</p>',
    summary: null,
    published: null,
    updated: null,
    spareDates: null,
    authors: [],
    categories: [],
    enclosures: [],
    image: null,
    language: null,
    origin: null,
    rights: null,
    originalUrl: null,
    commentsUrl: null,
    location: null,
    ...rest,
  };
}
