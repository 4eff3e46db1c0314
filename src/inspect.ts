import { dirname, extname, join } from 'node:path';
import { askOnce, findFeed } from './find-feed.ts';
import type { Problem } from './model/errors.ts';
import type { ParsedFeed } from './model/parsed.ts';
import type { FoundFeed, Source } from './model/source.ts';
import { identify } from './normalise/normalise.ts';
import type { IdentifiedItem } from './normalise/identity.ts';
import type { FeedCandidate } from './parse/discover.ts';
import { emptyFeed } from './parse/local.ts';
import { parseArticle, parseFeed } from './parse/parse.ts';
import { toSiteFeeds } from './parse/site-feeds.ts';
import type { Store } from './ports/store.ts';
import type { RecognitionOptions } from './normalise/recognise.ts';
import { readKnownOf, recogniseItems } from './recognition.ts';
import type { RunParts } from './run-parts.ts';

/** What stands at an address: a feed, a page with its feed, a saved feed file, or a folder of articles. Nothing of it is stored. */
export interface Inspection {
  readonly kind: Source['kind'];
  readonly address: string;
  /** Where the feed stands: after redirects, and where it was found; a path for what is on this machine. */
  readonly answered: string;
  /** How the feed was found; null when the address is its own. */
  readonly found: FoundFeed | null;
  /** What the page offers beside. */
  readonly others: readonly FeedCandidate[];
  readonly feed: ParsedFeed;
  readonly problems: readonly Problem[];
}

/** The same, or why there is nothing to be read. */
export type InspectionResult =
  | { readonly kind: 'found'; readonly inspection: Inspection }
  | { readonly kind: 'failed'; readonly problem: Problem };

type InspectionParts = Pick<RunParts, 'fetcher' | 'crawler' | 'clock' | 'files'>;

/** Looks at an address on the web. One that may be a feed or a page is asked once, and robots.txt decides whether a page may be used as one (CHECKS A19). */
export async function inspectAddress(parts: InspectionParts, source: Pick<Source, 'address' | 'request'>): Promise<InspectionResult> {
  const { address } = source;
  if (toSiteFeeds(address).length > 0) return inspectPage(parts, source);
  const answer = await askOnce(parts, source, address);
  if (answer.kind !== 'content') return answer.kind === 'failed' ? { kind: 'failed', problem: answer.problem } : unasked;
  const parsed = await parseFeed(answer.content);
  if (parsed.kind === 'feed') return toFound('feed', address, answer.content.url, parsed.feed);
  return parsed.problem.code === 'feed/html-page' ? inspectPage(parts, source) : { kind: 'failed', problem: parsed.problem };
}

/** Looks at a file or a folder of this machine; `path` is absolute. */
export async function inspectPath(parts: InspectionParts, path: string, maxBytes: number): Promise<InspectionResult> {
  const folder = await parts.files.readFolder(path, maxBytes);
  if (folder.kind === 'folder') {
    const feeds = folder.files.length > 0 ? [] : folder.problems.flatMap(({ code, entry }) => (isFeedFile(code, entry) ? [entry] : []));
    if (feeds.length > 0) return inspectFeeds(parts, path, feeds, maxBytes);
    const articles = folder.files.map(({ content, location }) => parseArticle(content, location));
    const items = articles.flatMap((parsed) => (parsed.kind === 'feed' ? parsed.feed.items : []));
    const told = articles.flatMap((parsed) => (parsed.kind === 'refused' ? [parsed.problem] : parsed.feed.problems));
    const problems = [...folder.problems, ...told];
    return toFound('articles', path, path, { ...emptyFeed, items, problems });
  }
  const [first] = await parts.files.expand(path);
  const file = await parts.files.readDocument(first ?? path, maxBytes);
  if (file.kind === 'failed') return file;
  const parsed = await parseFeed(file.content);
  return parsed.kind === 'feed' ? toFound('file', path, path, parsed.feed) : { kind: 'failed', problem: parsed.problem };
}

function isFeedFile(code: string, location: string): boolean {
  return code === 'article/unknown-kind' && /\.(xml|rss|atom|rdf|json)$/i.test(location);
}

/** A folder of saved feeds, which is no folder of articles: each file is a source. */
async function inspectFeeds(parts: InspectionParts, folder: string, feeds: readonly string[], maxBytes: number): Promise<InspectionResult> {
  const patterns = [...new Set(feeds.map((location) => join(folder, dirname(location), `*${extname(location)}`)))];
  const [pattern = folder, ...others] = patterns;
  if (others.length === 0) return inspectPath(parts, pattern, maxBytes);
  const message = `${folder} has saved feeds of several kinds, and no article: name each by itself, as in ${patterns.join(', ')}`;
  return { kind: 'failed', problem: { code: 'articles/none', message } };
}

/** An entry as a source would bring it: one that is known, one that is known under another id, or a new one. */
export interface InspectedEntry {
  readonly item: IdentifiedItem;
  readonly is: 'known' | 'renamed' | 'new';
}

/** What the entries of a feed are to a source: what would be published again, and what not (DESIGN §4, migration guard). */
export async function compareEntries(
  store: Store,
  sourceId: string,
  feed: ParsedFeed,
  options: RecognitionOptions,
): Promise<readonly InspectedEntry[]> {
  const { items } = identify(feed);
  const known = await readKnownOf(store, sourceId, items);
  const recognised = await recogniseItems(store, sourceId, items, known, options);
  return recognised.items.map((item) => ({
    item,
    is: recognised.former.has(item.identity) ? 'renamed' : recognised.find(item) === null ? 'new' : 'known',
  }));
}

async function inspectPage(parts: InspectionParts, source: Pick<Source, 'address' | 'request'>): Promise<InspectionResult> {
  const search = await findFeed(parts, source);
  if (search.kind === 'failed') return search;
  const { found, others, feed, answer } = search;
  const answered = answer.content.url;
  if (found.via === 'itself') return toFound('feed', source.address, answered, feed);
  return { kind: 'found', inspection: { kind: 'page', address: source.address, answered, found, others, feed, problems: feed.problems } };
}

function toFound(kind: Source['kind'], address: string, answered: string, feed: ParsedFeed): InspectionResult {
  return { kind: 'found', inspection: { kind, address, answered, found: null, others: [], feed, problems: feed.problems } };
}

const unasked: InspectionResult = {
  kind: 'failed',
  problem: { code: 'fetch/status', message: 'it answered 304 to a request that was not conditional' },
};
