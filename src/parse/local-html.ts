import { readDocument } from './html-document.ts';
import type { LocalArticle } from './local-article.ts';

/** Reads an HTML page that someone keeps as an article: title, meta, time, link rel=canonical, and the main content (`article`, else
 *  `main`, else the body without navigation, header and footer). A heading that repeats the title is not part of the content. */
export function parseHtmlArticle(text: string): LocalArticle {
  const document = readDocument(text);
  const meta = (...names: string[]) =>
    names
      .map((name) => clean(document.querySelector(`meta[name="${name}"],meta[property="${name}"]`)?.getAttribute('content')))
      .find((value) => value !== null) ?? null;
  const title =
    clean(document.querySelector('title')?.textContent) ?? meta('og:title') ?? clean(document.querySelector('h1')?.textContent) ?? '';
  const main = document.querySelector('article') ?? document.querySelector('main') ?? document.body;
  const times = [...main.querySelectorAll('time[datetime]')].map((time) => time.getAttribute('datetime'));
  for (const part of main.querySelectorAll('script,style,noscript,template,nav')) part.remove();
  if (main === document.body) for (const part of main.querySelectorAll('body > header,body > footer,aside')) part.remove();
  const heading = main.querySelector('h1');
  if (heading && (clean(heading.textContent) === title || title.startsWith(clean(heading.textContent) ?? title))) heading.remove();
  const keywords = meta('keywords', 'article:tag');
  return {
    title,
    html: main.innerHTML.trim(),
    id: meta('newsfold:id', 'dc.identifier'),
    url: clean(document.querySelector('link[rel~="canonical"]')?.getAttribute('href')),
    summary: meta('description', 'og:description'),
    published: meta('article:published_time', 'date', 'dc.date', 'dcterms.created') ?? clean(times[0]),
    updated: meta('article:modified_time', 'dcterms.modified', 'last-modified'),
    authors: [...document.querySelectorAll('meta[name="author"]')].flatMap((author) => clean(author.getAttribute('content')) ?? []),
    tags: keywords === null ? [] : keywords.split(',').flatMap((word) => clean(word) ?? []),
    language: clean(document.documentElement?.getAttribute('lang')),
    image: meta('og:image'),
  };
}

function clean(text: string | null | undefined): string | null {
  const folded = text?.replace(/\s+/g, ' ').trim() ?? '';
  return folded === '' ? null : folded;
}
