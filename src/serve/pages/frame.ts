import type { DocumentFormat, Feed, Site } from '../../model/feed.ts';
import type { Selection } from '../../model/view.ts';

/** What every page is made with. */
export interface Frame {
  readonly site: Site;
  /** Those that anybody may read, the default one first. */
  readonly publicFeeds: readonly Feed[];
  readonly links: Links;
  /** true for pages that a file host serves: it answers no search and no filter. */
  readonly isStatic: boolean;
}

/** Addresses of pages as links within the site: right under whatever name the reader came by, and below the site's own path. */
export interface Links {
  readonly path: (path: string) => string;
  readonly list: (feed: Feed, selection?: Partial<Selection>) => string;
  readonly story: (key: string) => string;
  readonly source: (id: string) => string;
  /** Absolute, for feed readers. */
  readonly document: (feed: Feed, format: DocumentFormat) => string;
}

/** The frame of a site's pages. `token` is that of a private feed, when its reader came by an address that has it: all links then have it too. */
export function createFrame(
  site: Site,
  feeds: readonly Feed[],
  { isStatic = false, token = null }: { readonly isStatic?: boolean; readonly token?: string | null } = {},
): Frame {
  const path = (text: string) => new URL(site.url).pathname.replace(/\/+$/, '') + text;
  const withToken = (address: string) =>
    token === null ? address : `${address}${address.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
  const links: Links = {
    path,
    list: (feed, selection = {}) => withToken(path(isStatic ? toStaticPath(feed, selection.page ?? 1) : toListPath(feed, selection))),
    story: (key) => withToken(path(`/stories/${key}/`)),
    source: (id) => path(`/sources/#${id}`),
    document: (feed, format) => withToken(`${site.url}${feed.isDefault ? '/feed' : `/feeds/${feed.slug}`}.${format}`),
  };
  const publicFeeds = feeds.filter((feed) => !feed.private && !feed.retired && feed.movedTo === null);
  return { site, publicFeeds: publicFeeds.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault)), links, isStatic };
}

function toListPath(feed: Feed, { page = 1, source = null, tag = null, query = '' }: Partial<Selection>): string {
  const wanted = new URLSearchParams();
  if (query !== '') wanted.set('q', query);
  if (source !== null) wanted.set('source', source);
  if (tag !== null) wanted.set('tag', tag);
  if (page > 1) wanted.set('page', String(page));
  return toFeedPath(feed) + (wanted.size === 0 ? '' : `?${wanted.toString()}`);
}

/** Path of a page of a list on a file host, which knows no queries. */
export function toStaticPath(feed: Feed, page: number): string {
  return toFeedPath(feed) + (page === 1 ? '' : `page/${page}/`);
}

function toFeedPath(feed: Feed): string {
  return feed.isDefault ? '/' : `/feeds/${feed.slug}/`;
}
