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

/** A local article that has been read: its contents, and its release dates. */
export interface OwnArticle {
  readonly item: ParsedItem;
  /** False when the title is derived from the file name. */
  readonly hasTitle: boolean;
  readonly release: Release;
  readonly problems: readonly Problem[];
}

/** Reads a text, Markdown or HTML article (docs/design.md §67), with or without front matter.
 *  `location` is the path below the folder: its extension determines the format. A date in it is
 *  the date of publication when the file states none. The guid is the `id` of the front matter,
 *  else null. */
export function parseLocal(text: string, location: string, url: string): OwnArticle {
  const ending = /\.([a-z]+)$/i.exec(location)?.[1]?.toLowerCase() ?? '';
  const lines = text.replace(/\r\n?/g, '\n');
  const isMarkdown = ending === 'md' || ending === 'markdown';
  const { values, body, fault } = parseFrontMatter(lines, { isMarkdown });
  const page = ending.startsWith('htm') ? parseHtmlArticle(body) : null;
  const article = page?.article ?? (isMarkdown ? parseMarkdown(body, values) : parseText(body, values));
  const all = page ? new Map([...page.values, ...values]) : values;
  const declared = readRelease(all, dateInName(location));
  const release = DRAFTS.test(location)
    ? { ...declared, draft: declared.draft ?? { said: 'it is in the folder _drafts', line: null } }
    : declared;
  const full = withValues(article, values);
  const item = toItem(full, release, location, url);
  return {
    item,
    hasTitle: full.title !== '',
    release: fault === null ? release : { ...release, faults: [fault, ...release.faults] },
    problems: toRelativeProblems(item),
  };
}

/** Jekyll's folder of drafts. */
const DRAFTS = /(?:^|\/)_drafts\//i;

/** A feed without items or metadata, as the start of the feed of a local article. */
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

/** Reads a plain text. The first non-empty line is the title, blank lines separate paragraphs, and
 *  a line of three or more * or - is a thematic break. */
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
  return { ...withoutValues, title: lines[first]?.trim() ?? '', html: html.join('\n') };
}

const withoutValues = {
  id: null,
  url: null,
  summary: null,
  published: null,
  updated: null,
  authors: [],
  tags: [],
  language: null,
  image: null,
};

function parseMarkdown(body: string, values: FrontValues): LocalArticle {
  const title = toText(values.get('title')?.value);
  const heading = readHeading(body);
  const isRepeated = heading !== null && (title === null || heading.title === title);
  return { ...withoutValues, title: heading?.title ?? '', html: renderMarkdown(isRepeated ? heading.rest : body) };
}

/** Returns the level-1 heading at the start of a text (CommonMark §4.2) and the text behind it;
 *  null without one. Regular expressions that trim at both ends took minutes on a line of spaces,
 *  so none is used. */
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

/** Returns the article with the values of its front matter, which override those of the text. */
function withValues(article: LocalArticle, values: FrontValues): LocalArticle {
  const textOf = (...keys: string[]) => keys.map((key) => toText(values.get(key)?.value)).find((text) => text !== null) ?? null;
  const listOf = (...keys: string[]) => keys.map((key) => toList(values.get(key)?.value)).find((list) => list.length > 0);
  return {
    title: textOf('title') ?? article.title,
    html: article.html,
    id: textOf('id', 'guid') ?? article.id,
    url: textOf('link', 'url', 'canonical') ?? article.url,
    summary: textOf('summary', 'description') ?? article.summary,
    published: article.published,
    updated: textOf('updated', 'modified', 'lastmod') ?? article.updated,
    authors: listOf('author', 'authors') ?? article.authors,
    tags: listOf('tags', 'categories') ?? article.tags,
    language: textOf('language', 'lang') ?? article.language,
    image: textOf('image') ?? article.image,
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
