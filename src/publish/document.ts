import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Document, DocumentFormat, Feed, Site } from '../model/feed.ts';
import type { Story } from '../model/story.ts';
import { toAtom, toJsonFeed, toRss } from './atom.ts';
import type { Head } from './atom.ts';
import { toPublishedItem } from './item.ts';
import type { ItemOptions } from './item.ts';

/** Formats with their file endings and media types; the ending is the format's name. */
export const formats: readonly DocumentFormat[] = ['atom', 'rss', 'json'];
const mediaTypes: Readonly<Record<DocumentFormat, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** What a document says beside its stories. */
export interface DocumentContext {
  readonly feed: Feed;
  /** urn:uuid of the feed and when it was minted: an empty feed was last changed then. */
  readonly feedId: string;
  readonly feedCreatedAt: Date;
  readonly site: Site;
  readonly options: ItemOptions;
  readonly version: string;
}

/** Path of a feed's document below the site (DESIGN §8). */
export function toDocumentPath(feed: Feed, format: DocumentFormat): string {
  return feed.isDefault ? `/feed.${format}` : `/feeds/${feed.slug}.${format}`;
}

/** Path of a feed's page below the site. */
function toPagePath(feed: Feed): string {
  return feed.isDefault ? '/' : `/feeds/${feed.slug}/`;
}

/** Renders the selected stories in one format, with its compressed forms. Deterministic: the same stories give the same bytes. */
export function renderDocument(
  stories: readonly Story[],
  format: DocumentFormat,
  context: DocumentContext,
): Omit<Document, 'lastModified'> {
  const { feed, site, options } = context;
  const items = stories.map((story) => toPublishedItem(story, { ...options, content: feed.content }));
  const head: Head = {
    id: context.feedId,
    title: feed.title,
    description: site.description,
    homePage: site.url + toPagePath(feed),
    self: site.url + toDocumentPath(feed, format),
    language: site.language,
    author: site.author,
    updated: items.map((item) => item.updated).sort((a, b) => b.getTime() - a.getTime())[0] ?? context.feedCreatedAt,
    version: context.version,
  };
  const write = { atom: toAtom, rss: toRss, json: toJsonFeed }[format];
  const bytes = new TextEncoder().encode(write(head, items));
  return {
    slug: feed.slug,
    format,
    contentType: mediaTypes[format],
    bytes,
    gzip: gzipSync(bytes),
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
  };
}
