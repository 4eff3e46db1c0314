import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Document, DocumentFormat, DocumentHistory, Feed, Representation, Site } from '../../model/feed.ts';
import type { Story } from '../../model/story.ts';
import { toArchivePath, toDocumentPath, toPagePath } from './paths.ts';
import { sha256, sha256Hex } from '../../model/values/hash.ts';
import { toAtom, toJsonFeed, toRss } from './formats.ts';
import type { AtomPieces, FeedHead, Tombstone } from './formats.ts';
import { toPublishedItem } from './item.ts';
import type { ItemOptions, PublishedItem } from './item.ts';
import { cutText, findLevel } from '../html/text-budget.ts';
import { escapeXml, measureXml } from '../html/xml-text.ts';

/** The formats. The name of a format is also its file ending. */
export const formats: readonly DocumentFormat[] = ['atom', 'rss', 'json'];
const mediaTypes: Readonly<Record<DocumentFormat, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** Everything that a document needs besides its stories. */
export interface DocumentContext {
  readonly feed: Feed;
  /** urn:uuid of the feed, and the instant when it was minted: `updated` of an empty feed. */
  readonly feedId: string;
  readonly feedCreatedAt: Date;
  readonly site: Site;
  readonly options: ItemOptions;
  readonly version: string;
  /** Number of the newest archive; null while there is none. */
  readonly newestArchive: number | null;
  /** The hub that subscription documents of public feeds name; null for none. */
  readonly hubUrl: string | null;
}

/** The contents of a document, each with its position in the feed's history. */
export interface Content {
  readonly items: readonly (PublishedItem & { readonly seq: number })[];
  readonly tombstones: readonly (Tombstone & { readonly seq: number })[];
}

/** The position of an archive in its chain. */
interface ArchivePosition {
  readonly n: number;
  /** Number of the archive before it; null for the first of its chain. */
  readonly previous: number | null;
}

/** A document without `lastModified` and `history`, which the store adds. */
export type Rendered = Omit<Document, 'lastModified' | 'history'> & { readonly parts: DocumentHistory['parts'] };

/** Returns stories as items, one form for all formats. `updated` is the value that the feed gives
 *  each story. */
export function toItems(
  stories: readonly { readonly story: Story; readonly updated: Date; readonly seq: number }[],
  { feed, options }: Pick<DocumentContext, 'feed' | 'options'>,
): Content['items'] {
  return stories.map(({ story, updated, seq }) => ({
    ...toPublishedItem({ ...story, updated }, { ...options, content: feed.content }),
    seq,
  }));
}

/** Returns the items of one document within its size limit. Above the limit the longest texts are
 *  cut. */
export function fitDocument(items: Content['items']): Content['items'] {
  const level = findLevel(items.map(({ content }) => (content === null ? 0 : measureXml(content))));
  if (level === Infinity) return items;
  return items.map((item) =>
    item.content === null || measureXml(item.content) <= level ? item : { ...item, content: cutText(item.content, level, item.url) },
  );
}

/** Returns the last entry of a feed that ends, with the date and a link to other feeds
 *  (docs/serving.md B7). */
export function toEndNotice(
  { endsAt, at, seq }: { readonly endsAt: Date; readonly at: Date; readonly seq: number },
  { feed, feedId, site }: DocumentContext,
): Content['items'][number] {
  const day = endsAt.toISOString().slice(0, 10);
  const text = `The feed “${feed.title}” ends on ${day}. From then on this address answers that it is gone; please unsubscribe.`;
  const page = `${site.url}/`;
  const content = `<p>${escapeXml(text)}</p>\n<p>Other feeds may stand at <a href="${escapeXml(page)}">${escapeXml(page)}</a>.</p>`;
  return {
    id: toNoticeId(feedId),
    title: `This feed ends on ${day}`,
    url: page,
    content,
    summary: null,
    excerpt: escapeXml(text),
    published: at,
    datedAt: at,
    updated: at,
    authors: [{ name: site.author.name, url: site.author.url, email: null }],
    categories: [],
    enclosures: [],
    image: null,
    language: 'en',
    rights: null,
    source: { id: feedId, title: feed.title, feedUrl: null, homePage: page, updated: at },
    related: [],
    seq,
  };
}

/** Returns a UUID (version 8, RFC 9562 §5.8) derived from that of the feed. */
function toNoticeId(feedId: string): string {
  const digits = sha256Hex(`${feedId} ends`);
  const variant = ((Number.parseInt(digits[16] ?? '0', 16) & 3) | 8).toString(16);
  return `urn:uuid:${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** Renders a feed's subscription document in one format, with its compressed forms. The same
 *  content gives the same bytes. Only Atom has tombstones and links to archives. */
export function renderDocument(content: Content, format: DocumentFormat, context: DocumentContext): Rendered {
  const { feed, site, newestArchive } = context;
  const archive = newestArchive === null ? [] : [{ rel: 'prev-archive', href: site.url + toArchivePath(feed, newestArchive) }];
  const self = site.url + toDocumentPath(feed, format);
  const hub = feed.private ? null : context.hubUrl;
  const head = { ...toHead(content, context), self, hub, links: archive, isArchive: false };
  const about = { slug: feed.slug, format };
  if (format !== 'atom') {
    const write = { rss: toRss, json: toJsonFeed }[format];
    return { ...about, ...encode(new TextEncoder().encode(write(head, content.items)), mediaTypes[format]), parts: [] };
  }
  const { bytes, parts } = join(toAtom(head, content.items, content.tombstones), content);
  return { ...about, ...encode(bytes, mediaTypes.atom), parts };
}

/** Renders an archive document (RFC 5005 §4), linked to the archive before it and to the
 *  subscription document. It has no link to a next archive, since none exists when it is made and
 *  it never changes. */
export function renderArchive(content: Content, archive: ArchivePosition, context: DocumentContext): Uint8Array {
  const { feed, site } = context;
  const { n, previous } = archive;
  const links = [
    { rel: 'current', href: site.url + toDocumentPath(feed, 'atom') },
    ...(previous === null ? [] : [{ rel: 'prev-archive', href: site.url + toArchivePath(feed, previous) }]),
  ];
  const head = { ...toHead(content, context), self: site.url + toArchivePath(feed, n), hub: null, links, isArchive: true };
  return join(toAtom(head, content.items, content.tombstones), content).bytes;
}

/** Returns bytes in the form that is served: compressed once, with a hash as their tag. */
export function encode(bytes: Uint8Array, contentType: string): Omit<Representation, 'lastModified'> {
  return {
    contentType,
    bytes,
    gzip: gzipSync(bytes),
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    tag: sha256(bytes).toString('base64url').slice(0, 22),
  };
}

/** Returns an archive's bytes in the form that is served. */
export function encodeArchive(bytes: Uint8Array, madeAt: Date): Representation {
  return { ...encode(bytes, mediaTypes.atom), lastModified: madeAt };
}

function toHead({ items, tombstones }: Content, context: DocumentContext): Omit<FeedHead, 'self' | 'hub' | 'links' | 'isArchive'> {
  const { feed, site, feedId, feedCreatedAt, version } = context;
  const times = [...items.map((item) => item.updated), ...tombstones.map(({ when }) => when)].map((date) => date.getTime());
  return {
    id: feedId,
    title: feed.title,
    description: site.description,
    homePage: site.url + toPagePath(feed),
    language: site.language,
    author: site.author,
    updated: times.length === 0 ? feedCreatedAt : new Date(Math.max(...times)),
    version,
  };
}

/** Returns the pieces as bytes, with the position of each entry and tombstone in them. */
function join({ start, entries, tombstones, end }: AtomPieces, content: Content): { bytes: Uint8Array; parts: DocumentHistory['parts'] } {
  const encoder = new TextEncoder();
  const pieces = [start, ...entries, ...tombstones, end].map((piece) => encoder.encode(piece));
  const seqs = [...content.items, ...content.tombstones].map(({ seq }) => seq);
  let at = pieces[0]?.length ?? 0;
  const parts = seqs.map((seq, index) => {
    const from = at;
    at += pieces[index + 1]?.length ?? 0;
    return { start: from, end: at, seq };
  });
  return { bytes: Buffer.concat(pieces), parts };
}
