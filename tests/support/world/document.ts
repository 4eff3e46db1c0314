import type { Item, Outlet } from './world.ts';

/** Returns the document of a source as text, in its format, with all that it shows. */
export function writeDocument(outlet: Outlet): string {
  return writers[outlet.format](outlet);
}

/** Returns the bytes of a document in the source's charset. */
export function encodeDocument(outlet: Outlet, text: string): Uint8Array {
  if (outlet.charset === 'utf-16le') return Buffer.from(`\uFEFF${text}`, 'utf16le');
  return Buffer.from(text, outlet.charset === 'windows-1252' ? 'latin1' : 'utf8');
}

/** Content types as servers send them. */
export const contentTypes = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
  rdf: 'application/rdf+xml',
} as const;

const writers = { rss: writeRss, atom: writeAtom, json: writeJson, rdf: writeRdf };

const homeOf = ({ id }: Outlet) => `https://${id}.test/`;

function toText({ template }: Outlet, { text }: Item): string {
  return [text, template].filter((part) => part !== '').join(' ');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** The category that names the article of an item. No rule of identity reads categories. It stands
 *  first, so that an item that is cut off has it. */
const toMark = ({ article }: Item) => `article-${article}`;

/** Returns the article that the category of an entry names; null when none does. */
export function readMark(categories: readonly string[]): number | null {
  const number = /^article-(\d+)$/.exec(categories[0] ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

const declaration = (outlet: Outlet) => `<?xml version="1.0" encoding="${outlet.charset.replace('le', '')}"?>\n`;
const element = (name: string, text: string | null) => (text === null || text === '' ? '' : `<${name}>${escape(text)}</${name}>`);

function writeRss(outlet: Outlet): string {
  const items = outlet.items.map((item) => {
    const guid = item.guid === null ? '' : `<guid isPermaLink="false">${escape(item.guid)}</guid>`;
    const rest = element('link', item.link) + element('pubDate', item.date?.toUTCString() ?? null);
    return `<item>${element('category', toMark(item))}${guid}${element('title', item.title)}${rest}${element('description', toText(outlet, item))}</item>`;
  });
  const head = `<title>${outlet.id}</title><link>${homeOf(outlet)}</link><description>of ${outlet.id}</description>`;
  return `${declaration(outlet)}<rss version="2.0"><channel>${head}\n${items.join('\n')}\n</channel></rss>`;
}

function writeRdf(outlet: Outlet): string {
  const items = outlet.items.map((item) => {
    const date = item.date === null ? '' : `<dc:date>${item.date.toISOString()}</dc:date>`;
    const names = element('dc:subject', toMark(item)) + element('title', item.title) + element('link', item.link);
    const body = names + date + element('description', toText(outlet, item));
    return `<item rdf:about="${escape(item.guid ?? item.link ?? '')}">${body}</item>`;
  });
  const names =
    'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"';
  const head = `<channel rdf:about="${homeOf(outlet)}"><title>${outlet.id}</title><link>${homeOf(outlet)}</link></channel>`;
  return `${declaration(outlet)}<rdf:RDF ${names}>${head}\n${items.join('\n')}\n</rdf:RDF>`;
}

function writeAtom(outlet: Outlet): string {
  const entries = outlet.items.map((item) => {
    const link = item.link === null ? '' : `<link href="${escape(item.link)}"/>`;
    const dates = item.date === null ? '' : ['published', 'updated'].map((name) => element(name, item.date?.toISOString() ?? '')).join('');
    return `<entry><category term="${toMark(item)}"/>${element('id', item.guid)}${element('title', item.title)}${link}${dates}<content type="html">${escape(toText(outlet, item))}</content></entry>`;
  });
  const head = `<id>${homeOf(outlet)}feed</id><title>${outlet.id}</title><link href="${homeOf(outlet)}"/>`;
  return `${declaration(outlet)}<feed xmlns="http://www.w3.org/2005/Atom">${head}\n${entries.join('\n')}\n</feed>`;
}

function writeJson(outlet: Outlet): string {
  const items = outlet.items.map((item) => ({
    tags: [toMark(item)],
    ...(item.guid !== null && { id: item.guid }),
    ...(item.link !== null && { url: item.link }),
    ...(item.title !== '' && { title: item.title }),
    content_html: toText(outlet, item),
    ...(item.date !== null && { date_published: item.date.toISOString() }),
  }));
  return JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: outlet.id, home_page_url: homeOf(outlet), items }, null, 1);
}
