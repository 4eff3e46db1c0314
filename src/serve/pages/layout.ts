import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Site } from '../../model/feed.ts';

/** Markup that may stand in a page: everything put into it has been escaped or sanitised. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The frame of every page. `head` holds links of this page alone. */
export function layout(site: Site, title: string, head: Markup, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="${site.language ?? 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="${pathOf(site, '/style.css')}" />
        ${head}
      </head>
      <body>
        <header>
          <p class="site"><a href="${pathOf(site, '/')}">${site.title}</a></p>
          ${site.description === null ? '' : html`<p>${site.description}</p>`}
        </header>
        <main>${body}</main>
        <footer><p>${site.footer ?? 'Published with Newsfold: a story appears once.'}</p></footer>
      </body>
    </html> `;
}

/** A path of the site as a link within it: right under whatever name the reader came by, and below the site's own path. */
export function pathOf(site: Site, path: string): string {
  return new URL(site.url).pathname.replace(/\/+$/, '') + path;
}

/** An instant for people, exact in `datetime`: `24 November 2026, 01:47 UTC`. */
export function showTime(date: Date, language: string | null): Markup {
  const shown = new Intl.DateTimeFormat(toLocale(language), { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(date);
  return html`<time datetime="${date.toISOString()}" title="${date.toISOString()}">${shown} UTC</time>`;
}

/** British English where nothing is said, or nothing that can be used: day before month, 24 hours. */
function toLocale(language: string | null): string {
  if (language === null || language.toLowerCase() === 'en') return 'en-GB';
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en-GB';
  } catch (error) {
    if (error instanceof RangeError) return 'en-GB';
    throw error;
  }
}
