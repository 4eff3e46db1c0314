import MarkdownIt from 'markdown-it';
import type { ParsedFeed, ParsedItem } from '../model/parsed.ts';
import { parseFrontMatter } from './front-matter.ts';
import type { LocalArticle } from './local-article.ts';
import { parseHtmlArticle } from './local-html.ts';
import { toRelativeProblems } from './local-links.ts';
import { resolveUrl } from './resolve-url.ts';

const markdown = new MarkdownIt({ html: true, linkify: true });

/** Reads a text, Markdown or HTML article (DESIGN §4) as a feed of one item. `location` is the path below the folder: its ending says
 *  the form, and a date in it is the date of publication when the file names none. The guid is the front matter's id, else null. A draft gives no
 *  item. */
export function parseLocal(text: string, location: string, url: string): ParsedFeed {
  const ending = /\.([a-z]+)$/i.exec(location)?.[1]?.toLowerCase() ?? '';
  const lines = text.replace(/\r\n?/g, '\n');
  const { values, body, problems } =
    ending === 'md' || ending === 'markdown' ? parseFrontMatter(lines) : { values: {}, body: lines, problems: [] };
  if (isDraft(values)) return { ...emptyFeed, problems };
  const article = ending === 'txt' ? parseText(body) : ending.startsWith('htm') ? parseHtmlArticle(body) : parseMarkdown(body, values);
  const item = toItem(article, location, url);
  return { ...emptyFeed, items: [item], problems: [...problems, ...toRelativeProblems(item)] };
}

/** A feed of articles of this machine, without any yet: it says nothing of itself. */
export const emptyFeed: ParsedFeed = {
  format: 'local',
  title: null,
  titleType: 'text',
  description: null,
  homePage: null,
  feedId: null,
  selfUrl: null,
  hubUrls: [],
  language: null,
  icon: null,
  image: null,
  ttlMinutes: null,
  skipHours: [],
  skipDays: [],
  updateIntervalMs: null,
  updateBase: null,
  nextPageUrl: null,
  prevArchiveUrl: null,
  nextArchiveUrl: null,
  rights: null,
  isExpired: false,
  items: [],
  isCut: false,
  openItem: null,
  withdrawals: [],
  problems: [],
};

/** Whether the front matter says that the article is not to be published yet, as Hugo (`draft: true`) and Jekyll (`published: false`) do. */
function isDraft(values: Readonly<Record<string, unknown>>): boolean {
  return /^(?:true|yes|on)$/i.test(String(values['draft'])) || /^(?:false|no|off)$/i.test(String(values['published']));
}

function toItem(article: LocalArticle, location: string, url: string): ParsedItem {
  return {
    guid: article.id,
    url: resolveUrl(article.url, url),
    title: article.title === '' ? nameOf(location) : article.title,
    titleType: 'text',
    html: article.html,
    summary: article.summary === null ? null : escapeHtml(article.summary),
    published: article.published ?? dateInName(location),
    updated: article.updated,
    spareDates: null,
    authors: article.authors.map((name) => ({ name, url: null, email: null })),
    categories: article.tags,
    enclosures: [],
    image: resolveUrl(article.image, article.url),
    language: article.language,
    origin: null,
    rights: null,
    originalUrl: null,
    commentsUrl: null,
    location,
  };
}

/** First line that is not empty = title; paragraphs between blank lines; a line of three or more * or - = a break. */
function parseText(text: string): LocalArticle {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const paragraphs: string[][] = [[]];
  for (const line of lines.slice(first + 1)) {
    if (/^\s*([*-])(?:\s*\1){2,}\s*$/.test(line)) paragraphs.push(['<hr>'], []);
    else if (line.trim() === '') paragraphs.push([]);
    else paragraphs.at(-1)?.push(escapeHtml(line.trim()));
  }
  const html = paragraphs.flatMap((part) => (part.length === 0 ? [] : part[0] === '<hr>' ? ['<hr>'] : [`<p>${part.join('<br>\n')}</p>`]));
  return { ...unsaid, title: lines[first]?.trim() ?? '', html: html.join('\n') };
}

const unsaid = { id: null, url: null, summary: null, published: null, updated: null, authors: [], tags: [], language: null, image: null };

function parseMarkdown(body: string, values: Readonly<Record<string, unknown>>): LocalArticle {
  const said = (...keys: string[]) => keys.map((key) => toText(values[key])).find((text) => text !== null) ?? null;
  const heading = /^\s*#[ \t]+([^\n]*?)[ \t]*#*[ \t]*(?:\n|$)/.exec(body);
  const title = said('title') ?? heading?.[1] ?? '';
  const isRepeated = heading !== null && (said('title') === null || heading[1] === title);
  return {
    title,
    html: markdown.render(isRepeated ? body.slice(heading[0].length) : body).trim(),
    id: said('id', 'guid'),
    url: said('link', 'url', 'canonical'),
    summary: said('summary', 'description'),
    published: said('date', 'published'),
    updated: said('updated', 'modified', 'lastmod'),
    authors: toList(values['author'] ?? values['authors']),
    tags: toList(values['tags'] ?? values['categories']),
    language: said('language', 'lang'),
    image: said('image'),
  };
}

function toText(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  return typeof value === 'number' ? String(value) : null;
}

function toList(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  return parts.flatMap((part: unknown) =>
    part !== null && typeof part === 'object' && 'name' in part ? (toText(part.name) ?? []) : (toText(part) ?? []),
  );
}

function dateInName(location: string): string | null {
  const name = location.slice(location.lastIndexOf('/') + 1);
  const found = /(?:^|[^0-9])((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9])/.exec(name);
  return found ? `${found[1]}-${found[3]}-${found[4]}` : null;
}

function nameOf(location: string): string {
  const name = location.slice(location.lastIndexOf('/') + 1).replace(/\.[a-z]+$/i, '');
  return (
    name
      .replace(/^\d{4}-?\d\d-?\d\d[-_]?/, '')
      .replace(/[-_]+/g, ' ')
      .trim() || name
  );
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
