import { dirname, extname, join } from 'node:path';
import { askOnce, findFeed } from './find-feed.ts';
import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, SourceBytes } from '../../model/parsed.ts';
import type { FoundFeed, Source } from '../../model/source.ts';

import { identifyItems } from '../../normalise/identity/identity.ts';
import type { IdentifiedItem } from '../../normalise/identity/identity.ts';
import { judgeRelease, toHoldProblem } from '../../normalise/own/own-release.ts';
import type { FeedCandidate } from '../../parse/discovery/discover.ts';
import { emptyFeed } from '../../parse/articles/articles.ts';
import { parseArticle, parseFeed } from '../../parse/parse.ts';
import { toSiteFeeds } from '../../parse/discovery/site-feeds.ts';
import type { FolderFilter } from '../../ports/fetcher.ts';
import type { EntryReads } from '../../ports/store/entries.ts';
import type { ReidentifyOptions } from '../../normalise/identity/reidentify.ts';
import { readKnownOf, reidentifyItems } from './known-entries.ts';
import type { RunContext } from '../run-context.ts';

/** The content of an address: a feed, a page with its feed, a saved feed file, or a folder of
 *  articles. Nothing of it is stored. */
export interface Inspection {
  readonly kind: Source['kind'];
  readonly address: string;
  /** Address of the feed itself, after discovery and redirects; a path for local sources. */
  readonly answered: string;
  /** The way in which the feed was found; null when the address is the feed's own. */
  readonly found: FoundFeed | null;
  /** Other feeds that the page offers. */
  readonly others: readonly FeedCandidate[];
  readonly feed: ParsedFeed;
  readonly problems: readonly Problem[];
  /** IANA zone for dates without one. */
  readonly zone: string;
}

/** The inspection, or the reason why nothing can be read. */
export type InspectionResult =
  | { readonly kind: 'found'; readonly inspection: Inspection }
  | { readonly kind: 'failed'; readonly problem: Problem };

type InspectionContext = Pick<RunContext, 'fetcher' | 'crawler' | 'clock' | 'files'>;

/** Inspects an address on the web. An address that may be a feed or a page is requested once.
 *  robots.txt decides whether a page may be used as a source (docs/polling.md A19). */
export async function inspectAddress(context: InspectionContext, source: Pick<Source, 'address' | 'request'>): Promise<InspectionResult> {
  const { address } = source;
  if (toSiteFeeds(address).length > 0) return inspectPage(context, source);
  const answer = await askOnce(context, source, address);
  if (answer.kind !== 'content') return answer.kind === 'failed' ? { kind: 'failed', problem: answer.problem } : unasked;
  const parsed = await parseFeed(answer.content);
  if (parsed.kind === 'feed') return toFound('feed', address, answer.content.url, parsed.feed);
  return parsed.problem.code === 'feed/html-page' ? inspectPage(context, source) : { kind: 'failed', problem: parsed.problem };
}

/** Inspects a file or a folder of this machine; `path` is absolute. */
export async function inspectPath(context: InspectionContext, path: string, options: PathOptions): Promise<InspectionResult> {
  const { maxBytes } = options;
  const folder = await context.files.readFolder(path, maxBytes, options);
  if (folder.kind === 'folder') {
    const feeds = folder.files.length > 0 ? [] : folder.others.filter((location) => /\.(xml|rss|atom|rdf|json)$/i.test(location));
    if (feeds.length > 0) return inspectFeeds(context, path, feeds, options);
    const articles = folder.files.map(({ content, location }) => inspectArticle(content, location, context.clock.now(), options.zone));
    const items = articles.flatMap((article) => article.items);
    const problems = [...folder.problems, ...articles.flatMap((article) => article.problems)];
    return toFound('articles', path, path, { ...emptyFeed, items, problems }, options.zone);
  }
  const [first] = await context.files.expand(path);
  const file = await context.files.readDocument(first ?? path, maxBytes);
  if (file.kind === 'failed') return file;
  const parsed = await parseFeed(file.content);
  return parsed.kind === 'feed' ? toFound('file', path, path, parsed.feed) : { kind: 'failed', problem: parsed.problem };
}

/** Options for reading a local path. */
interface PathOptions extends FolderFilter {
  readonly maxBytes: number;
  /** IANA zone for dates without one. */
  readonly zone: string;
}

/** Returns one own article if a run would show it now, else the reason why it is held back. */
function inspectArticle(content: SourceBytes, location: string, now: Date, zone: string): Pick<ParsedFeed, 'items' | 'problems'> {
  const parsed = parseArticle(content, location);
  if (parsed.kind === 'refused') return { items: [], problems: [parsed.problem] };
  const { hold } = judgeRelease(parsed.own.release, { now, zone });
  return hold === null ? parsed.feed : { items: [], problems: [toHoldProblem(location, hold, { isPublished: false })] };
}

/** Inspects a folder of saved feeds instead of articles: each of its files is a source. */
async function inspectFeeds(
  context: InspectionContext,
  folder: string,
  feeds: readonly string[],
  options: PathOptions,
): Promise<InspectionResult> {
  const patterns = [...new Set(feeds.map((location) => join(folder, dirname(location), `*${extname(location)}`)))];
  const [pattern = folder, ...others] = patterns;
  if (others.length === 0) return inspectPath(context, pattern, options);
  const message = `${folder} has saved feeds of several kinds, and no article: add a source for each kind, as in ${patterns.join(', ')}`;
  return { kind: 'failed', problem: { code: 'articles/none', message } };
}

/** An entry as the source would see it: known, known under another id, or new. */
export interface InspectedEntry {
  readonly item: IdentifiedItem;
  readonly is: 'known' | 'renamed' | 'new';
}

/** Compares the entries of a feed with the stored entries of a source: only the new ones would be
 *  published again (docs/design.md §66). */
export async function compareEntries(
  store: EntryReads,
  sourceId: string,
  feed: ParsedFeed,
  options: ReidentifyOptions,
): Promise<readonly InspectedEntry[]> {
  const { items } = identifyItems(feed);
  const known = await readKnownOf(store, sourceId, items);
  const identities = await reidentifyItems(store, sourceId, items, known, options);
  return identities.items.map((item) => ({
    item,
    is: identities.former.has(item.identity) ? 'renamed' : identities.find(item) === null ? 'new' : 'known',
  }));
}

async function inspectPage(context: InspectionContext, source: Pick<Source, 'address' | 'request'>): Promise<InspectionResult> {
  const search = await findFeed(context, source);
  if (search.kind === 'failed') return search;
  const { found, others, feed, answer } = search;
  const answered = answer.content.url;
  if (found.via === 'itself') return toFound('feed', source.address, answered, feed);
  return {
    kind: 'found',
    inspection: { kind: 'page', address: source.address, answered, found, others, feed, problems: feed.problems, zone: 'UTC' },
  };
}

function toFound(kind: Source['kind'], address: string, answered: string, feed: ParsedFeed, zone = 'UTC'): InspectionResult {
  return { kind: 'found', inspection: { kind, address, answered, found: null, others: [], feed, problems: feed.problems, zone } };
}

const unasked: InspectionResult = {
  kind: 'failed',
  problem: { code: 'fetch/status', message: 'it answered 304 to an unconditional request' },
};
