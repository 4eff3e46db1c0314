import type { FrontValue, FrontValues } from './front-values.ts';
import { openHtml } from '../full-text/html-document.ts';
import type { LocalArticle } from './article.ts';

/** Names of `meta` elements that determine when a page may be shown, and the front matter key that
 *  each stands for. `robots` is not among them: it addresses search engines. */
const RELEASE_NAMES = {
  draft: 'draft',
  status: 'status',
  publishdate: 'publishdate',
  'publish-date': 'publishdate',
  publish_date: 'publishdate',
  pubdate: 'publishdate',
  'article:published_time': 'date',
  date: 'date',
  'dc.date': 'date',
  'dcterms.created': 'date',
  'dcterms.date': 'date',
  'dcterms.issued': 'date',
  expirydate: 'expirydate',
  'expiry-date': 'expirydate',
  'article:expiration_time': 'expirydate',
  'article:modified_time': 'updated',
  'dcterms.modified': 'updated',
  'last-modified': 'updated',
} as const;

/** Reads an HTML page that is kept as an article: title, meta, time, link rel=canonical, and the
 *  main content. The main content is `article`, else `main`, else the body without navigation,
 *  header and footer. A heading that repeats the title is removed. `values` are the release dates
 *  in its meta elements, in the form of front matter. */
export function parseHtmlArticle(text: string): { readonly article: LocalArticle; readonly values: FrontValues } {
  const document = openHtml(text);
  const metas = new Map<string, string>();
  for (const element of document.querySelectorAll('meta[content]')) {
    const content = clean(element.getAttribute('content'));
    for (const name of [element.getAttribute('name'), element.getAttribute('property')])
      if (name !== null && content !== null && !metas.has(name.toLowerCase())) metas.set(name.toLowerCase(), content);
  }
  const meta = (...names: string[]) => names.map((name) => metas.get(name)).find((value) => value !== undefined) ?? null;
  const title =
    clean(document.querySelector('title')?.textContent) ?? meta('og:title') ?? clean(document.querySelector('h1')?.textContent) ?? '';
  const main = document.querySelector('article') ?? document.querySelector('main') ?? document.body;
  const times = [...main.querySelectorAll('time[datetime]')];
  const values = new Map<string, FrontValue>();
  for (const [name, key] of Object.entries(RELEASE_NAMES)) {
    const value = meta(name);
    if (value !== null && !values.has(key)) values.set(key, { key: `meta ${name}`, value, line: null });
  }
  // A time in the text may concern an event, so only one marked as the date of publication counts.
  const marked = times.find((time) => time.hasAttribute('pubdate') || time.getAttribute('itemprop') === 'datePublished');
  const time = clean(marked?.getAttribute('datetime'));
  if (time !== null && !values.has('date')) values.set('date', { key: 'time', value: time, line: null });
  for (const part of main.querySelectorAll('script,style,noscript,template,nav')) part.remove();
  if (main === document.body) for (const part of main.querySelectorAll('body > header,body > footer,aside')) part.remove();
  const heading = main.querySelector('h1');
  if (heading && (clean(heading.textContent) === title || title.startsWith(clean(heading.textContent) ?? title))) heading.remove();
  const keywords = meta('keywords', 'article:tag');
  const article = {
    title,
    html: main.innerHTML.trim(),
    id: meta('newsfold:id', 'dc.identifier'),
    url: clean(document.querySelector('link[rel~="canonical"]')?.getAttribute('href')),
    summary: meta('description', 'og:description'),
    published: meta('article:published_time', 'date', 'dc.date', 'dcterms.created') ?? clean(times[0]?.getAttribute('datetime')),
    updated: meta('article:modified_time', 'dcterms.modified', 'last-modified'),
    authors: [...document.querySelectorAll('meta[name="author"]')].flatMap((author) => clean(author.getAttribute('content')) ?? []),
    tags: keywords === null ? [] : keywords.split(',').flatMap((word) => clean(word) ?? []),
    language: clean(document.documentElement?.getAttribute('lang')),
    image: meta('og:image'),
  };
  return { article, values };
}

function clean(text: string | null | undefined): string | null {
  const folded = text?.replace(/\s+/g, ' ').trim() ?? '';
  return folded === '' ? null : folded;
}
