import { html } from 'hono/html';
import type { Feed } from '../../../model/feed.ts';
import type { ListView, ListSelection } from '../../../model/view.ts';
import type { PageFrame } from '../frame/frame.ts';
import { showDays } from './headline.ts';
import { layout } from '../frame/layout.ts';
import type { Markup } from '../frame/layout.ts';
import { showName } from '../words/names.ts';
import { showSubscribe, toAlternates } from '../frame/subscribe.ts';

/** Returns a page of a feed: how to subscribe, a search, and its stories by day, newest first.
 *  `tags` are those by which its stories can be filtered. */
export function feedPage(frame: PageFrame, feed: Feed, view: ListView, { tags }: { readonly tags: readonly string[] }): Markup {
  const { selection } = view;
  const { page, source, tag, query } = selection;
  const isNarrowed = source !== null || tag !== null || query !== '';
  const own = feed.isDefault ? frame.site.title : feed.title;
  // The feed's title is left out when it equals the site's.
  const isOwnName = feed.title === frame.site.title;
  return layout(frame, {
    title: page > 1 ? `${own}, page ${page}` : own,
    isMinor: isNarrowed,
    head: html`${toAlternates(frame, feed)}${toNeighbours(frame, feed, view)}`,
    isFront: isOwnName,
    body: html`${isOwnName ? '' : html`<h1>${feed.title}</h1>`} ${showSubscribe(frame, feed)}
    ${frame.isStatic ? '' : showSearch(frame, feed, selection)}
    ${frame.isStatic || tags.length === 0 ? '' : showTags(frame, feed, tags, selection)}
    ${isNarrowed ? showSelection(frame, feed, view) : ''}
    ${view.headlines.length === 0 ? html`<p>${isNarrowed ? 'No story matches.' : 'No stories yet. The next run may bring some.'}</p>` : showDays(frame, feed, view.headlines)}
    ${showPaging(frame, feed, view)}`,
  });
}

function showSearch({ links, reader }: PageFrame, feed: Feed, { source, tag, query }: ListSelection): Markup {
  const kept = [
    ['source', source],
    ['tag', tag],
    ['token', feed.private && reader?.token === feed.token ? feed.token : null],
  ].filter(([, value]) => value !== null);
  // A form replaces the query of its address, so links.list() would lose its values.
  return html`<form class="search" role="search" action="${links.list(feed).replace(/\?.*$/, '')}">
    <label for="Query">Search</label>
    <input type="search" id="Query" name="q" value="${query}" maxlength="200" />
    ${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}<button type="submit">Search</button>
  </form>`;
}

function showTags({ links }: PageFrame, feed: Feed, tags: readonly string[], { tag: chosen, query }: ListSelection): Markup {
  return html`<nav aria-label="Tags">
    <ul class="row">
      <li>Tags:</li>
      ${tags.map(
        (tag) =>
          html`<li><a href="${links.list(feed, { tag, query })}" ${tag === chosen ? html` aria-current="true"` : ''}>${tag}</a></li> `,
      )}
    </ul>
  </nav>`;
}

/** Shows the selection in words, with a link that shows everything again. */
function showSelection({ links }: PageFrame, feed: Feed, { selection, headlines, isCut, ignored, beyond }: ListView): Markup {
  const { source, tag, query } = selection;
  const title = source === null ? null : (headlines.flatMap(({ sources }) => sources).find(({ id }) => id === source)?.title ?? source);
  return html`<p class="selection">
      Only
      stories${query === '' ? '' : html` with <q dir="auto">${query}</q>`}${title === null ? '' : html` from ${showName(title)}`}${
        tag === null ? '' : ` tagged ${tag}`
      }. <a href="${links.list(feed)}">Show all</a>
    </p>
    ${ignored.length === 0 ? '' : html`<p>Words of one character are ignored: <bdi>${ignored.join(' ')}</bdi></p>`}
    ${beyond.length === 0 ? '' : html`<p>A search uses the first ten words. These were ignored: <bdi>${beyond.join(' ')}</bdi></p>`}
    ${isCut ? html`<p>Only the newest stories were searched, so there may be more. Use a longer word to search them all.</p>` : ''}`;
}

function showPaging({ links }: PageFrame, feed: Feed, { selection, hasMore }: ListView): Markup | string {
  const { page } = selection;
  if (page === 1 && !hasMore) return '';
  return html`<nav aria-label="Older and newer stories">
    <ul class="row paging">
      ${page > 1 ? html`<li><a rel="prev" href="${links.list(feed, { ...selection, page: page - 1 })}">Newer stories</a></li> ` : ''}
      <li>Page ${page}</li>
      ${hasMore ? html`<li><a rel="next" href="${links.list(feed, { ...selection, page: page + 1 })}">Older stories</a></li> ` : ''}
    </ul>
  </nav>`;
}

function toNeighbours({ links }: PageFrame, feed: Feed, { selection, hasMore }: ListView): Markup {
  const { page } = selection;
  return html`${page > 1 ? html`<link rel="prev" href="${links.list(feed, { ...selection, page: page - 1 })}" /> ` : ''}${
    hasMore ? html`<link rel="next" href="${links.list(feed, { ...selection, page: page + 1 })}" /> ` : ''
  }`;
}
