import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { toLanguageTag } from '../../../publish/selection/terms.ts';
import { listFeeds } from './frame.ts';
import type { PageFrame } from './frame.ts';

/** Markup for a page: every value in it has been escaped or sanitised. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The parts of a page that the layout takes. */
interface PageParts {
  /** Title of the browser window; the site's title is appended. */
  readonly title: string;
  /** Further elements of this page's head. */
  readonly head?: Markup;
  readonly body: Markup;
  /** true for the front page: the site's title is its heading, and `body` has no h1. */
  readonly isFront?: boolean;
  /** true for pages that search engines need not index: searches, filters, errors. Pages for one
   *  reader are never indexed. */
  readonly isMinor?: boolean;
}

/** Returns a whole page. */
export function layout(frame: PageFrame, { title, head, body, isFront = false, isMinor = false }: PageParts): Markup {
  const { site, links, isStatic } = frame;
  const language = toLanguageTag(site.language) ?? 'en';
  const styles = site.stylesheet === null ? ['/style.css'] : ['/style.css', '/site.css'];
  const name = html`<a href="${links.path('/')}">${site.title}</a>`;
  return html`<!doctype html>
    <html lang="${language}" dir="${toDirection(language)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title === site.title ? title : `${title} – ${site.title}`}</title>
        ${isStatic ? html`<meta http-equiv="Content-Security-Policy" content="${toPolicy(site.images)}" /> ` : ''}
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        ${isMinor || frame.reader !== null ? html`<meta name="robots" content="noindex" /> ` : ''}${styles.map(
          (path) => html`<link rel="stylesheet" href="${links.path(path)}" /> `,
        )}
        <link rel="icon" href="${links.path('/favicon.svg')}" type="image/svg+xml" />
        ${head ?? ''}
      </head>
      <body>
        <a class="skip" href="#Text">Skip to content</a>
        <header class="top">
          ${isFront ? html`<h1 class="site">${name}</h1>` : html`<p class="site">${name}</p>`}
          ${site.description === null ? '' : html`<p>${site.description}</p>`}
          <nav aria-label="Pages">
            <ul class="row">
              ${listFeeds(frame).map((feed) => html`<li><a href="${links.list(feed)}">${feed.isDefault ? 'Stories' : feed.title}</a></li> `)}
              <li><a href="${links.sources}">Sources</a></li>
            </ul>
          </nav>
        </header>
        <main id="Text" tabindex="-1">${body}</main>
        <footer class="bottom"><p>${site.footer ?? 'Published with Newsfold: a story appears once.'}</p></footer>
      </body>
    </html> `;
}

/** Returns the Content-Security-Policy of pages. No script runs. Pictures of entries may come
 *  from anywhere, everything else from this site. No Permissions-Policy is needed, since only
 *  scripts ask for permissions. The server adds that no other site may frame a page. */
export function toPolicy(hasImages: boolean): string {
  const media = hasImages ? "img-src 'self' https: http:; media-src https: http:" : "img-src 'self'";
  return `default-src 'none'; style-src 'self'; ${media}; form-action 'self'; base-uri 'none'`;
}

function toDirection(language: string): 'ltr' | 'rtl' {
  const { script = '' } = new Intl.Locale(language).maximize();
  return ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg'].includes(script) ? 'rtl' : 'ltr';
}
