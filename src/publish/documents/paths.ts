import type { DocumentFormat, Feed } from '../../model/feed.ts';

/** Returns the path of a feed's document below the site. */
export function toDocumentPath(feed: Pick<Feed, 'slug' | 'isDefault'>, format: DocumentFormat): string {
  return feed.isDefault ? `/feed.${format}` : `/feeds/${feed.slug}.${format}`;
}

/** Returns the path of an archive below the site. */
export function toArchivePath(feed: Pick<Feed, 'slug'>, n: number): string {
  return `/feeds/${feed.slug}/archive/${n}.atom`;
}

/** Returns the path of a feed's page below the site. */
export function toPagePath(feed: Pick<Feed, 'slug' | 'isDefault'>): string {
  return feed.isDefault ? '/' : `/feeds/${feed.slug}/`;
}
