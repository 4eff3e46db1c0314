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

/** Returns the content type that the source's server sends. */
export function typeOf({ format, charset, label }: Outlet): string {
  const labels = { right: charset.replace('le', ''), none: null, latin1: 'iso-8859-1', gbk: 'gbk' };
  const named = labels[charset === 'windows-1252' ? 'right' : label];
  return named === null ? contentTypes[format] : `${contentTypes[format]}; charset=${named}`;
}

/** Returns how many items the beginning of a document holds whole; null for JSON and UTF-16, which
 *  are not counted. */
export function countWhole({ format, charset }: Outlet, part: Uint8Array): number | null {
  if (format === 'json' || charset === 'utf-16le') return null;
  return (
    Buffer.from(part)
      .toString('latin1')
      .split(format === 'atom' ? '</entry>' : '</item>').length - 1
  );
}

/** Content types as servers send them. */
const contentTypes = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
  rdf: 'application/rdf+xml',
} as const;

const writers = { rss: writeRss, atom: writeAtom, json: writeJson, rdf: writeRdf };

const homeOf = ({ id }: Outlet) => `https://${id}.test/`;

/** Returns a text with apostrophes and accents, which charsets and markup write in several ways. */
function toPlain(outlet: Outlet, text: string): string {
  const mark = outlet.spelling === 'straight' || outlet.charset === 'windows-1252' ? "'" : '’';
  return text.replace(/\bx[a-w]+x[a-w]*d\b/g, `$&${mark}s`).replace(/\bx[a-w]+x[a-w]*h\b/g, '$&é');
}

function toText(outlet: Outlet, { text }: Item): string {
  return [toPlain(outlet, text), outlet.template].filter((part) => part !== '').join(' ');
}

/** Returns the same text as HTML in the spelling of the source. */
function toHtml(outlet: Outlet, item: Item): string {
  const text = toText(outlet, item);
  const words = text.split(' ');
  const half = Math.ceil(words.length / 2);
  if (outlet.spelling === 'paragraphs') return `<p>${words.slice(0, half).join(' ')}</p>\n<p>${words.slice(half).join(' ')}</p>`;
  if (outlet.spelling === 'bold') return `<div class="v2"><b>${words.slice(0, half).join(' ')}</b> ${words.slice(half).join(' ')}</div>`;
  return outlet.spelling === 'entities' ? text.replaceAll('’', '&rsquo;').replaceAll('é', '&eacute;') : text;
}

/** Returns the text as the content of an XML element. */
function toContent(outlet: Outlet, item: Item): string {
  const html = toHtml(outlet, item);
  return outlet.spelling === 'cdata' ? `<![CDATA[${html}]]>` : escape(html);
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
    const names = element('category', toMark(item)) + guid + element('title', toPlain(outlet, item.title));
    return `<item>${names}${rest}<description>${toContent(outlet, item)}</description></item>`;
  });
  const head = `<title>${outlet.id}</title><link>${homeOf(outlet)}</link><description>of ${outlet.id}</description>`;
  return `${declaration(outlet)}<rss version="2.0"><channel>${head}\n${items.join('\n')}\n</channel></rss>`;
}

function writeRdf(outlet: Outlet): string {
  const items = outlet.items.map((item) => {
    const date = item.date === null ? '' : `<dc:date>${item.date.toISOString()}</dc:date>`;
    const names = element('dc:subject', toMark(item)) + element('title', toPlain(outlet, item.title)) + element('link', item.link);
    const body = `${names}${date}<description>${toContent(outlet, item)}</description>`;
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
    const names = `<category term="${toMark(item)}"/>${element('id', item.guid)}${element('title', toPlain(outlet, item.title))}`;
    return `<entry>${names}${link}${dates}<content type="html">${toContent(outlet, item)}</content></entry>`;
  });
  const head = `<id>${homeOf(outlet)}feed</id><title>${outlet.id}</title><link href="${homeOf(outlet)}"/>`;
  return `${declaration(outlet)}<feed xmlns="http://www.w3.org/2005/Atom">${head}\n${entries.join('\n')}\n</feed>`;
}

function writeJson(outlet: Outlet): string {
  const items = outlet.items.map((item) => ({
    tags: [toMark(item)],
    ...(item.guid !== null && { id: item.guid }),
    ...(item.link !== null && { url: item.link }),
    ...(item.title !== '' && { title: toPlain(outlet, item.title) }),
    ...(outlet.spelling === 'curly' && !item.text.includes('<')
      ? { content_text: toText(outlet, item) }
      : { content_html: toHtml(outlet, item) }),
    ...(item.date !== null && { date_published: item.date.toISOString() }),
  }));
  return JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: outlet.id, home_page_url: homeOf(outlet), items }, null, 1);
}
