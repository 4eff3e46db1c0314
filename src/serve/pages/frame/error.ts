import { html } from 'hono/html';
import type { PageFrame } from './frame.ts';
import { layout } from './layout.ts';
import type { Markup } from './layout.ts';

/** Returns a page that states an error and links to the front page. */
export function errorPage(frame: PageFrame, title: string, text: string): Markup {
  return layout(frame, {
    title,
    isMinor: true,
    body: html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a href="${frame.links.path('/')}">To the front page</a></p>`,
  });
}
