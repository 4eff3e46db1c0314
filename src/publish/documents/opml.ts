import { element } from '../html/xml-text.ts';

/** A source in a list of subscriptions. */
interface OpmlSource {
  readonly title: string;
  /** Address of the feed; null for a page whose feed is not known. */
  readonly feedUrl: string | null;
  readonly homePage: string | null;
  readonly tags: readonly string[];
}

/** Returns a list of subscriptions (OPML 2.0, opml.org/spec2). Each source is an outline of type
 *  rss, with its tags as categories, in a folder named after its first tag. Sources without tags
 *  stand at the top. Folders and sources keep the given order. A page whose feed is not known is an
 *  outline of type link. */
export function toOpml(title: string, sources: readonly OpmlSource[]): string {
  const folders = Map.groupBy(sources, ({ tags }) => tags[0] ?? null);
  const outlines = [...folders].flatMap(([tag, listed]) => {
    if (tag === null) return listed.map((source) => `    ${toOutline(source)}\n`);
    const inner = listed.map((source) => `      ${toOutline(source)}\n`).join('');
    return [`    ${element('outline', { text: tag }, { xml: `\n${inner}    ` })}\n`];
  });
  // OPML requires at least one outline in a body.
  if (outlines.length === 0) outlines.push(`    ${element('outline', { text: 'No feeds are read' }, null)}\n`);
  const head = `  <head>\n    ${element('title', {}, title)}\n  </head>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n${head}  <body>\n${outlines.join('')}  </body>\n</opml>\n`;
}

function toOutline({ title, feedUrl, homePage, tags }: OpmlSource): string {
  const attributes =
    feedUrl === null
      ? { type: 'link', text: title, title, url: homePage, htmlUrl: homePage }
      : { type: 'rss', text: title, title, xmlUrl: feedUrl, htmlUrl: homePage };
  return element('outline', { ...attributes, category: tags.length === 0 ? null : tags.join(',') }, null);
}
