import { hasEnded } from '../../../model/feed-end.ts';
import type { DocumentFormat, Feed, Site } from '../../../model/feed.ts';
import type { ListSelection } from '../../../model/view.ts';
import { toDocumentPath, toPagePath } from '../../../publish/documents/paths.ts';

/** The context that every page is rendered with. */
export interface PageFrame {
  readonly site: Site;
  /** Public feeds, the default one first. */
  readonly publicFeeds: readonly Feed[];
  /** null for a page that is the same for everybody. */
  readonly reader: PrivateReader | null;
  readonly links: Links;
  /** true for pages on a file host, which can neither search nor filter. */
  readonly isStatic: boolean;
  /** true when a server takes the owner's API calls. */
  readonly takesCalls: boolean;
}

/** A reader who may see private feeds. */
export interface PrivateReader {
  readonly feeds: readonly Feed[];
  /** Token of one of the feeds, when the address had it. null when the reader gave it as a
   *  password, which the browser sends again when asked. */
  readonly token: string | null;
}

/** Addresses of pages as links within the site. They work under any host name, and below the
 *  site's own path. */
interface Links {
  readonly path: (path: string) => string;
  readonly list: (feed: Feed, selection?: Partial<ListSelection>) => string;
  readonly story: (key: string) => string;
  readonly sources: string;
  readonly source: (id: string) => string;
  /** Absolute, for feed readers. */
  readonly document: (feed: Feed, format: DocumentFormat) => string;
}

/** The reader and the instant of a frame. */
export interface FrameOptions {
  readonly at: Date;
  readonly isStatic?: boolean;
  readonly takesCalls?: boolean;
  readonly reader?: PrivateReader | null;
}

/** Creates the frame of a site's pages at an instant, without feeds that have ended by then. A
 *  reader's token stands in the addresses of its own feed, of stories and of the sources, and in
 *  no others. A reader without a token in the address gets `?private` in links to stories and
 *  sources, which makes the server ask for the password. */
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

/** Returns the feeds that a page links to: the public ones, then the reader's private ones. */
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

/** Returns the path of a list's page on a file host, which ignores queries. */
export function toStaticPath(feed: Feed, page: number): string {
  return toPagePath(feed) + (page === 1 ? '' : `page/${page}/`);
}
