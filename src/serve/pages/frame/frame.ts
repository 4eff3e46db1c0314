import { hasEnded } from '../../../model/feed.ts';
import type { DocumentFormat, Feed, Site } from '../../../model/feed.ts';
import type { ListSelection } from '../../../model/view.ts';
import { toDocumentPath, toPagePath } from '../../../publish/documents/paths.ts';

/** What every page is made with. */
export interface PageFrame {
  readonly site: Site;
  /** Those that anybody may read, the default one first. */
  readonly publicFeeds: readonly Feed[];
  /** null for a page that is the same for everybody. */
  readonly reader: PrivateReader | null;
  readonly links: Links;
  /** true for pages that a file host serves: it answers no search and no filter. */
  readonly isStatic: boolean;
  /** Whether there is a server that takes the owner's calls. */
  readonly takesCalls: boolean;
}

/** Somebody who was let in to private feeds. */
export interface PrivateReader {
  readonly feeds: readonly Feed[];
  /** Of one of them, when he came by an address that has it; null when he gave it as a password,
   *  which his browser gives again when it is asked. */
  readonly token: string | null;
}

/** Addresses of pages as links within the site: right under whatever name the reader came by, and
 *  below the site's own path. */
interface Links {
  readonly path: (path: string) => string;
  readonly list: (feed: Feed, selection?: Partial<ListSelection>) => string;
  readonly story: (key: string) => string;
  readonly sources: string;
  readonly source: (id: string) => string;
  /** Absolute, for feed readers. */
  readonly document: (feed: Feed, format: DocumentFormat) => string;
}

/** Whom a frame is for, and when. */
export interface FrameOptions {
  readonly at: Date;
  readonly isStatic?: boolean;
  readonly takesCalls?: boolean;
  readonly reader?: PrivateReader | null;
}

/** The frame of a site's pages at an instant: feeds that have ended by then are no part of it. A
 *  reader's token stands in the addresses of the feed that it is the token of, of stories and of
 *  the sources, and in no others; where there is none, those that are not a feed's have the mark
 *  upon which he is asked for his password. */
export function createFrame(
  site: Site,
  feeds: readonly Feed[],
  { at, isStatic = false, takesCalls = false, reader = null }: FrameOptions,
): PageFrame {
  const path = (text: string) => new URL(site.url).pathname.replace(/\/+$/, '') + text;
  const add = (address: string, query: string) => `${address}${address.includes('?') ? '&' : '?'}${query}`;
  const token = reader?.token == null ? null : `token=${encodeURIComponent(reader.token)}`;
  const ofFeed = (feed: Feed, address: string) => (token !== null && feed.token === reader?.token ? add(address, token) : address);
  const ofReader = (address: string) => (reader === null ? address : add(address, token ?? 'private'));
  const links: Links = {
    path,
    list: (feed, selection = {}) => ofFeed(feed, path(isStatic ? toStaticPath(feed, selection.page ?? 1) : toListPath(feed, selection))),
    story: (key) => ofReader(path(`/stories/${key}/`)),
    sources: ofReader(path('/sources/')),
    source: (id) => path(`/sources/#${id}`),
    document: (feed, format) => ofFeed(feed, `${site.url}${toDocumentPath(feed, format)}`),
  };
  const isHere = (feed: Feed) => feed.movedTo === null && !hasEnded(feed, at);
  const publicFeeds = feeds.filter((feed) => !feed.private && isHere(feed)).toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return { site, publicFeeds, reader, links, isStatic, takesCalls };
}

/** The feeds that a page leads to: the public ones, then those of its reader. */
export function listFeeds({ publicFeeds, reader }: PageFrame): readonly Feed[] {
  return [...publicFeeds, ...(reader?.feeds ?? [])];
}

function toListPath(feed: Feed, { page = 1, source = null, tag = null, query = '' }: Partial<ListSelection>): string {
  const wanted = new URLSearchParams();
  if (query !== '') wanted.set('q', query);
  if (source !== null) wanted.set('source', source);
  if (tag !== null) wanted.set('tag', tag);
  if (page > 1) wanted.set('page', String(page));
  return toPagePath(feed) + (wanted.size === 0 ? '' : `?${wanted.toString()}`);
}

/** Path of a page of a list on a file host, which knows no queries. */
export function toStaticPath(feed: Feed, page: number): string {
  return toPagePath(feed) + (page === 1 ? '' : `page/${page}/`);
}
