import { element } from './xml-text.ts';

/** A source as a list of subscriptions names it. */
export interface OpmlSource {
  readonly title: string;
  /** Address of the feed. */
  readonly feedUrl: string;
  readonly homePage: string | null;
  readonly tags: readonly string[];
}

/** A list of subscriptions (OPML 2.0, opml.org/spec2): an outline of type rss for each source, in the order given, its tags as categories. */
export function toOpml(title: string, sources: readonly OpmlSource[]): string {
  const outlines = sources.map((source) => {
    const { feedUrl, homePage, tags } = source;
    const said = { type: 'rss', text: source.title, title: source.title, xmlUrl: feedUrl, htmlUrl: homePage };
    return `    ${element('outline', { ...said, category: tags.length === 0 ? null : tags.join(',') }, null)}\n`;
  });
  // A body has one outline at least.
  if (outlines.length === 0) outlines.push(`    ${element('outline', { text: 'No feeds are read' }, null)}\n`);
  const head = `  <head>\n    ${element('title', {}, title)}\n  </head>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n${head}  <body>\n${outlines.join('')}  </body>\n</opml>\n`;
}
