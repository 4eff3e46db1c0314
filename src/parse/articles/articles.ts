import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import type { Release } from '../../model/release.ts';
import { parseFrontMatter } from './front-matter.ts';
import type { FrontValues } from './front-values.ts';
import type { LocalArticle } from './article.ts';
import { parseHtmlArticle } from './html.ts';
import { toRelativeProblems } from './links.ts';
import { readRelease } from './release.ts';
import { renderMarkdown } from './markdown.ts';
import { resolveUrl } from '../text/resolve-url.ts';

/** An article of this machine, read: what it says, and when it may be shown. */
export interface OwnArticle {
  readonly item: ParsedItem;
  /** false when its title is made of the name of its file. */
  readonly hasTitle: boolean;
  readonly release: Release;
  readonly problems: readonly Problem[];
}

/** Reads a text, Markdown or HTML article (docs/design.md §67), each with or without front matter.
 *  `location` is the path below the folder. Its ending says the form, and a date in it is the
 *  date of publication when the file names none. The guid is the front matter's id, else null. */
export function parseLocal(text: string, location: string, url: string): OwnArticle {
  const ending = /\.([a-z]+)$/i.exec(location)?.[1]?.toLowerCase() ?? '';
  const lines = text.replace(/\r\n?/g, '\n');
  const isMarkdown = ending === 'md' || ending === 'markdown';
  const { values, body, fault } = parseFrontMatter(lines, { isMarkdown });
  const page = ending.startsWith('htm') ? parseHtmlArticle(body) : null;
  const article = page?.article ?? (isMarkdown ? parseMarkdown(body, values) : parseText(body, values));
  const all = page ? new Map([...page.values, ...values]) : values;
  const said = readRelease(all, dateInName(location));
  const release = DRAFTS.test(location) ? { ...said, draft: said.draft ?? { said: 'it stands in _drafts', line: null } } : said;
  const full = withValues(article, values);
  const item = toItem(full, release, location, url);
  return {
    item,
    hasTitle: full.title !== '',
    release: fault === null ? release : { ...release, faults: [fault, ...release.faults] },
    problems: toRelativeProblems(item),
  };
}

/** The folder in which Jekyll has articles that are to wait. */
const DRAFTS = /(?:^|\/)_drafts\//i;

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
  changed: [],
  isExpired: false,
  items: [],
  isCut: false,
  openItem: null,
  withdrawals: [],
  problems: [],
};

function toItem(article: LocalArticle, release: Release, location: string, url: string): ParsedItem {
  return {
    guid: article.id,
    url: resolveUrl(article.url, url),
    title: article.title === '' ? nameOf(location) : article.title,
    titleType: 'text',
    html: article.html,
    summary: article.summary === null ? null : escapeHtml(article.summary),
    published: release.from[0]?.text ?? article.published,
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

/** First line that is not empty = title; paragraphs between blank lines; a line of three or more *
 *  or - = a break. */
function parseText(text: string, values: FrontValues): LocalArticle {
  const lines = text.split('\n');
  const first = values.has('title') ? -1 : lines.findIndex((line) => line.trim() !== '');
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

function parseMarkdown(body: string, values: FrontValues): LocalArticle {
  const title = toText(values.get('title')?.value);
  const heading = readHeading(body);
  const isRepeated = heading !== null && (title === null || heading.title === title);
  return { ...unsaid, title: heading?.title ?? '', html: renderMarkdown(isRepeated ? heading.rest : body) };
}

/** The heading of the first level with which a text begins (CommonMark §4.2), and what follows it;
 *  null when it begins with none. Without a pattern: those that trim at both ends took minutes over
 *  a line of spaces. */
function readHeading(body: string): { readonly title: string; readonly rest: string } | null {
  const text = body.trimStart();
  if (!/^#[ \t]/.test(text)) return null;
  const end = text.indexOf('\n');
  const line = (end < 0 ? text : text.slice(0, end)).slice(1).trim();
  let closing = line.length;
  while (line.charAt(closing - 1) === '#') closing--;
  const isClosed = closing === 0 || line.charAt(closing - 1) === ' ' || line.charAt(closing - 1) === '\t';
  return { title: isClosed ? line.slice(0, closing).trimEnd() : line, rest: end < 0 ? '' : text.slice(end + 1) };
}

/** Front matter goes before the text. */
function withValues(article: LocalArticle, values: FrontValues): LocalArticle {
  const said = (...keys: string[]) => keys.map((key) => toText(values.get(key)?.value)).find((text) => text !== null) ?? null;
  const listed = (...keys: string[]) => keys.map((key) => toList(values.get(key)?.value)).find((list) => list.length > 0);
  return {
    title: said('title') ?? article.title,
    html: article.html,
    id: said('id', 'guid') ?? article.id,
    url: said('link', 'url', 'canonical') ?? article.url,
    summary: said('summary', 'description') ?? article.summary,
    published: article.published,
    updated: said('updated', 'modified', 'lastmod') ?? article.updated,
    authors: listed('author', 'authors') ?? article.authors,
    tags: listed('tags', 'categories') ?? article.tags,
    language: said('language', 'lang') ?? article.language,
    image: said('image') ?? article.image,
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
