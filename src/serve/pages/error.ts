import { html } from 'hono/html';
import type { Site } from '../../model/feed.ts';
import { layout, pathOf } from './layout.ts';
import type { Markup } from './layout.ts';

/** A page that says what is wrong and leads back to the front. */
export function errorPage(site: Site, title: string, text: string): Markup {
  return layout(
    site,
    `${title} – ${site.title}`,
    html``,
    html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a href="${pathOf(site, '/')}">To the front page</a></p>`,
  );
}
