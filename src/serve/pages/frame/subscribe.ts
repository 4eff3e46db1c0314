import { html } from 'hono/html';
import type { DocumentFormat, Feed } from '../../../model/feed.ts';
import type { PageFrame } from './frame.ts';
import type { Markup } from './layout.ts';

const formats: readonly { readonly format: DocumentFormat; readonly type: string; readonly name: string }[] = [
  { format: 'atom', type: 'application/atom+xml', name: 'Atom' },
  { format: 'rss', type: 'application/rss+xml', name: 'RSS' },
  { format: 'json', type: 'application/feed+json', name: 'JSON Feed' },
];

/** Returns links by which feed readers find the feeds of a page. The page's own feed comes first
 *  in all formats, then the Atom document of every other public feed. */
export function toAlternates({ publicFeeds, links }: PageFrame, feed: Feed | null): Markup {
  const own = feed === null || feed.private ? [] : formats.map(({ format, type, name }) => ({ feed, format, type, name }));
  const others = publicFeeds
    .filter((other) => other !== feed)
    .map((other) => ({ feed: other, format: 'atom' as const, type: 'application/atom+xml', name: 'Atom' }));
  return html`${[...own, ...others].map(
    (one) =>
      html`<link
        rel="alternate"
        type="${one.type}"
        title="${one.feed.title} (${one.name})"
        href="${links.document(one.feed, one.format)}"
      /> `,
  )}`;
}

/** Shows how to subscribe: a link for each format, and the address to copy. */
export function showSubscribe({ links }: PageFrame, feed: Feed): Markup {
  return html`<nav class="subscribe" aria-label="Subscribe">
    <ul class="row">
      <li>Subscribe:</li>
      ${formats.map(({ format, type, name }) => html`<li><a href="${links.document(feed, format)}" type="${type}">${name}</a></li> `)}
      <li><code class="copy">${links.document(feed, 'atom')}</code></li>
    </ul>
  </nav>`;
}
