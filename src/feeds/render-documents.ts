import { gunzipSync, gzipSync } from 'node:zlib';
import { Trial } from '../runtime/set-aside-failing.ts';
import type { ItemName } from '../runtime/set-aside-failing.ts';
import type { Document, Feed, Representation, Site } from '../model/feed.ts';
import type { FeedState, HistoryEntry } from '../model/listing.ts';
import type { Source } from '../model/source.ts';
import type { Clock } from '../ports/clock.ts';
import type { SetAsideReads, SetAsideWrites } from '../ports/store/set-aside.ts';
import type { FeedWrites } from '../ports/store/feeds.ts';
import type { Reads } from '../ports/store/store.ts';
import type { StoryReads } from '../ports/store/stories.ts';
import {
  encode,
  encodeArchive,
  fitDocument,
  formats,
  renderArchive,
  renderDocument,
  toItems,
  toEndNotice,
} from '../publish/documents/document.ts';
import type { Content, DocumentContext } from '../publish/documents/document.ts';
import type { ItemOptions } from '../publish/documents/item.ts';
import { toOpml } from '../publish/documents/opml.ts';
import { toWebUrl } from '../publish/selection/terms.ts';
import { takesFrom } from '../publish/selection/select.ts';
import { readArrangement } from './document-stories.ts';

/** Everything that rendering needs. */
export interface RenderContext {
  readonly store: Reads & FeedWrites & SetAsideWrites;
  readonly clock: Clock;
  readonly site: Site;
  readonly feeds: readonly Feed[];
  readonly options: Omit<ItemOptions, 'content'>;
  readonly version: string;
  /** The hub that documents of public feeds name; null for none. */
  readonly hubUrl: string | null;
}

/** Renders every document of every published feed, and the OPML list of sources. */
export async function renderAll(renderContext: RenderContext): Promise<Document[]> {
  const documents: Document[] = [];
  for (const feed of renderContext.feeds) documents.push(...(await renderFeed(renderContext, feed)));
  // A story that is in no document any more cannot be tried again.
  await renderContext.store.freeSetAside(['render']);
  return [...documents, await renderOpml(renderContext)];
}

/** Renders a feed in every format, with its stories as they are stored now. A story that fails
 *  alone is left out and set aside (docs/design.md §6); it is not withdrawn. */
export async function renderFeed(renderContext: RenderContext, feed: Feed): Promise<Document[]> {
  const { store, clock } = renderContext;
  const state = await store.bindFeed(feed.slug, clock.now());
  const { stories, tombstones } = await readArrangement(renderContext, feed, state);
  const newestArchive = await store.readNewestArchive(feed.slug, state.chain);
  const context = toContext(renderContext, feed, state, newestArchive);
  const trial = new Trial('render');
  const listed = [...stories, ...tombstones];
  const { items, tombstones: gone, isWhole } = await readContent(renderContext, listed, context, trial);
  const notices = state.notice === null ? [] : [toEndNotice(state.notice, context)];
  const documents: Document[] = [];
  for (const format of formats) {
    const render = async (tried: typeof items) => renderDocument({ items: [...notices, ...tried], tombstones: gone }, format, context);
    const { parts: pieces, ...rendered } = await trial.sift(items, nameItems(listed), render);
    const hasAll = (await trial.conclude(renderContext)).length === 0 && isWhole;
    const lastModified = await store.stampDocument(feed.slug, format, rendered.tag, clock.now());
    documents.push({
      ...rendered,
      lastModified,
      history: format === 'atom' ? await readHistory(renderContext, state, hasAll ? rendered.tag : null, pieces) : null,
    });
  }
  return documents;
}

/** Returns the size of the texts in a feed's documents, in bytes, without reading the texts. */
export async function measureFeed(renderContext: RenderContext, feed: Feed): Promise<number> {
  const { stories } = await readArrangement(renderContext, feed, await renderContext.store.bindFeed(feed.slug, renderContext.clock.now()));
  const sizes = await renderContext.store.measureStories(stories.map(({ storyNo }) => storyNo));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Returns a stored archive, or makes and stores it at its first request. Null: the feed has no
 *  archive of that number. A story that was revised or withdrawn before the archive was made is
 *  missing from it. Such a story has a later position in the history. */
export async function renderStoredArchive(renderContext: RenderContext, feed: Feed, n: number): Promise<Representation | null> {
  const { store, clock } = renderContext;
  for (;;) {
    const archive = await store.readArchive(feed.slug, n);
    // An archive of a private feed stays private, even if the feed becomes public.
    if (archive === null || (archive.isPrivate && !feed.private)) return null;
    if (archive.stored !== null) return toRepresentation(archive.stored);
    const { chain, previous, firstSeq, lastSeq } = archive;
    const state = await store.bindFeed(feed.slug, clock.now());
    // Of an earlier chain only archives that were stored in its time are left.
    if (chain !== state.chain) return null;
    const context = toContext(renderContext, feed, state, null);
    const listed = await store.readHistory(feed.slug, { after: firstSeq - 1, upTo: lastSeq });
    const trial = new Trial('render');
    const { items, tombstones, isWhole } = await readContent(renderContext, listed.toReversed(), context, trial);
    const render = async (tried: typeof items) => renderArchive({ items: tried, tombstones }, archive, context);
    const bytes = await trial.sift(items, nameItems(listed), render);
    // A stored archive does not change. An archive that lacks a set-aside story is therefore served
    // but not stored, and made again at the next request.
    if ((await trial.conclude(renderContext)).length > 0 || !isWhole) return encodeArchive(bytes, clock.now());
    const made = await store.makeArchive(feed.slug, n, gzipSync(bytes), clock.now(), { chain, previous, entries: listed.length });
    if (made?.stored) return toRepresentation(made.stored);
    // One of its stories was revised or taken down meanwhile: make the archive again.
  }
}

/** Returns the stored bytes of an archive in the form that is served. */
export function toRepresentation({ gzip, madeAt }: { readonly gzip: Uint8Array; readonly madeAt: Date }): Representation {
  return encodeArchive(gunzipSync(gzip), madeAt);
}

/** Renders the list of sources that public feeds take from (OPML 2.0). Private sources are left
 *  out. */
export async function renderOpml({ store, clock, site, feeds }: RenderContext): Promise<Document> {
  const shown = feeds.filter((feed) => !feed.private);
  const isShown = ({ id, tags }: Source) => shown.some((feed) => takesFrom(feed, id, tags));
  const sources = (await store.readSources()).filter(
    ({ source, active }) => active && (source.kind === 'feed' || source.kind === 'page') && !source.private && isShown(source),
  );
  const listed = sources.map(({ source, description, poll }) => ({
    title: source.title ?? description.title ?? source.id,
    // An address found on a page may contain a password that nobody wrote into the configuration.
    feedUrl: source.kind === 'page' ? toWebUrl(poll.found?.url ?? null) : source.address,
    homePage: source.kind === 'page' ? source.address : toWebUrl(description.homePage),
    tags: source.tags,
  }));
  const order = new Intl.Collator('en');
  const text = toOpml(
    site.title,
    listed.toSorted((a, b) => order.compare(a.title, b.title) || order.compare(a.feedUrl ?? '', b.feedUrl ?? '')),
  );
  const encoded = encode(new TextEncoder().encode(text), 'text/x-opml; charset=utf-8');
  const lastModified = await store.stampDocument('sources', 'opml', encoded.tag, clock.now());
  return { slug: 'sources', format: 'opml', ...encoded, lastModified, history: null };
}

function toContext(renderContext: RenderContext, feed: Feed, { id, createdAt }: FeedState, newestArchive: number | null): DocumentContext {
  const { site, version, hubUrl } = renderContext;
  const options = { ...renderContext.options, content: feed.content };
  return { feed, feedId: id, feedCreatedAt: createdAt, site, options, version, newestArchive, hubUrl };
}

async function readContent(
  { store }: RenderContext,
  listed: readonly HistoryEntry[],
  context: DocumentContext,
  trial: Trial,
): Promise<Content & { readonly isWhole: boolean }> {
  const shown = listed.filter(({ kind }) => kind !== 'gone');
  const aside = await readAside(store);
  const entries = shown.filter(({ storyNo }) => !aside.has(storyNo));
  const read = (tried: readonly HistoryEntry[]) => store.readStoriesByNumber(tried.map(({ storyNo }) => storyNo));
  let items: Content['items'] = [];
  for (const piece of await toPieces(store, entries)) {
    const stories = new Map((await trial.sift(piece, toName, read)).map((story) => [story.no, story]));
    const found = piece.flatMap((one) => {
      const story = stories.get(one.storyNo);
      return story ? (trial.attempt(toName(one), () => toItems([{ story, updated: one.updated, seq: one.seq }], context)) ?? []) : [];
    });
    // Cut after each piece, so that memory never holds more than a document may have.
    items = fitDocument([...items, ...found]);
  }
  const tombstones = listed.filter(({ kind }) => kind === 'gone').map(({ id, updated, seq }) => ({ id, when: updated, seq }));
  return { items, tombstones, isWhole: entries.length === shown.length };
}

/** Returns the numbers of the stories that documents leave out. */
async function readAside(store: SetAsideReads): Promise<ReadonlySet<number>> {
  const items = (await store.readSetAside()).filter(({ stage, isOpen }) => stage === 'render' && !isOpen);
  return new Set(items.flatMap(({ no }) => no ?? []));
}

function toName({ storyNo }: Pick<HistoryEntry, 'storyNo'>): ItemName {
  return { what: 'story', no: storyNo };
}

/** Returns a function that names the story behind an item, by its position in the feed's
 *  history. */
function nameItems(listed: readonly HistoryEntry[]): (item: { readonly seq: number }) => ItemName {
  const stories = new Map(listed.map(({ seq, storyNo }) => [seq, storyNo]));
  return ({ seq }) => ({ what: 'story', no: stories.get(seq) ?? 0 });
}

/** Bytes of text read at once; only a single larger story exceeds this. */
const PIECE_BYTES = 4_000_000;

/** Splits stories into pieces whose texts fit into memory. */
async function toPieces(store: StoryReads, listed: readonly HistoryEntry[]): Promise<HistoryEntry[][]> {
  const sizes = await store.measureStories(listed.map(({ storyNo }) => storyNo));
  const pieces: HistoryEntry[][] = [];
  let room = 0;
  for (const one of listed) {
    const size = sizes.get(one.storyNo) ?? 0;
    if (pieces.length === 0 || size > room) {
      pieces.push([]);
      room = PIECE_BYTES;
    }
    pieces.at(-1)?.push(one);
    room -= size;
  }
  return pieces;
}

/** Reads the versions from which deltas start. `tag` names the present one. It is null when the
 *  document lacks a story that is set aside: a delta from there would never have that story. */
async function readHistory(
  { store, clock }: RenderContext,
  state: FeedState,
  tag: string | null,
  pieces: NonNullable<Document['history']>['parts'],
) {
  const { slug, chain, seq } = state;
  const known = await store.readVersions(slug, chain);
  if (tag === null) return { parts: pieces, versions: known };
  if (known.get(tag) !== seq) await store.saveVersion(slug, { tag, chain, seq }, clock.now());
  return { parts: pieces, versions: new Map([...known, [tag, seq]]) };
}
