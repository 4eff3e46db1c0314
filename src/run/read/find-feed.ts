import { requestPolicy } from '../../ingest/polling/poll-plan.ts';
import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed } from '../../model/parsed.ts';
import type { FoundFeed, Source } from '../../model/source.ts';
import { findCandidates } from '../../parse/discovery/discover.ts';
import type { FeedCandidate } from '../../parse/discovery/discover.ts';
import { parseFeed } from '../../parse/parse.ts';
import { toSiteFeeds } from '../../parse/discovery/site-feeds.ts';
import { unconditional } from '../../ports/fetcher.ts';
import type { FetchResult, PollHints } from '../../ports/fetcher.ts';
import type { RunContext } from '../run-context.ts';
import { nameUrl } from '../../model/values/address.ts';
import { DAY_MS } from '../../model/values/time.ts';

/** The result of looking for the feed of a page. On success it has the feed with its answer, so
 *  that the feed is not requested twice, and the candidates that were not requested. On failure it
 *  has the problem. */
type FeedSearch =
  | {
      readonly kind: 'found';
      readonly found: FoundFeed;
      readonly feed: ParsedFeed;
      readonly answer: Extract<FetchResult, { kind: 'content' }>;
      readonly others: readonly FeedCandidate[];
    }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly hints: PollHints };

/** Most requests of one search beside that for the page. */
const MAX_TRIES = 10;
/** Time after which a search sends no more requests, milliseconds: a page may name feeds that never
 *  answer. */
const SEARCH_MS = 60_000;
/** A page without a feed is searched again after a day at the earliest. */
const FRESH_MS = DAY_MS;

type SearchContext = Pick<RunContext, 'fetcher' | 'crawler' | 'clock'>;

/** Looks for the feed of a page (parse/discovery/discover.ts has the rules). If the page's address
 *  alone gives the feed, the page is not requested. The first feed with an entry wins, else the
 *  first feed. The page is crawled, so robots.txt is obeyed; feeds are requested as a subscriber
 *  would request them (docs/polling.md A19). */
export async function findFeed(context: SearchContext, source: Pick<Source, 'address' | 'request'>): Promise<FeedSearch> {
  const { address } = source;
  const at = context.clock.now();
  const until = performance.now() + SEARCH_MS;
  const tried = new Set<string>();
  let empty: FeedSearch | null = null;
  const tryAll = async (candidates: readonly FeedCandidate[]): Promise<FeedSearch | null> => {
    for (const [index, { url, via }] of candidates.entries()) {
      if (tried.has(url) || tried.size >= MAX_TRIES || performance.now() > until) continue;
      tried.add(url);
      const answer = await askForFeed(context, source, url);
      // The answer does not show whether there is a feed. Taking a lesser candidate would be
      // permanent, so the search stops; it also stops after Retry-After.
      if (answer.kind === 'unknown' && (via !== 'path' || answer.hints.retryAfter !== null)) return { ...answer, kind: 'failed' };
      if (answer.kind !== 'feed') continue;
      const others = candidates.slice(index + 1).filter((other) => other.via !== 'path' && !tried.has(other.url));
      const search: FeedSearch = { kind: 'found', found: { url, via, at }, feed: answer.feed, answer: answer.answer, others };
      if (answer.feed.items.length > 0) return search;
      empty ??= search;
    }
    return null;
  };
  const sure = await tryAll(toSiteFeeds(address).map((url) => ({ url, via: 'site', title: null })));
  if (sure !== null) return sure;
  const answer = await context.crawler.crawl(address, requestPolicy(source, address), () => false);
  if (answer.kind === 'content') {
    const parsed = await parseFeed(answer.content);
    if (parsed.kind === 'feed') return { kind: 'found', found: { url: address, via: 'itself', at }, feed: parsed.feed, answer, others: [] };
    const search = (await tryAll(findCandidates(answer.content, answer.link))) ?? empty;
    if (search !== null) return search;
    const message = `${nameUrl(address)} names no feed, and none was found at the usual addresses (${tried.size} were tried): if the site has one, give its address as feed:`;
    const hints = { ...answer.hints, freshUntil: new Date(at.getTime() + FRESH_MS) };
    return { kind: 'failed', problem: { code: 'page/no-feed', message }, hints };
  }
  if (empty !== null) return empty;
  if (answer.kind === 'notModified') throw new Error('a page answered 304 to an unconditional request');
  const { problem, hints } = answer;
  if (problem.code !== 'page/robots') return { kind: 'failed', problem, hints };
  const message = `${problem.message}: give the address of its feed as feed:, which is requested as any feed reader would`;
  return { kind: 'failed', problem: { ...problem, message }, hints: { ...hints, freshUntil: new Date(at.getTime() + FRESH_MS) } };
}

/** Requests a possible feed once, in the way of a subscriber of the source that leads there. */
export function askOnce({ fetcher }: Pick<RunContext, 'fetcher'>, source: Pick<Source, 'address' | 'request'>, url: string) {
  return fetcher.fetch({ ...unconditional, url, accept: 'feed', ...requestPolicy(source, url) });
}

async function askForFeed(context: SearchContext, source: Pick<Source, 'address' | 'request'>, url: string) {
  const answer = await askOnce(context, source, url);
  if (answer.kind === 'failed' && isForNow(answer)) return { kind: 'unknown', problem: answer.problem, hints: answer.hints } as const;
  if (answer.kind !== 'content') return { kind: 'none' } as const;
  const parsed = await parseFeed(answer.content);
  return parsed.kind === 'feed' ? ({ kind: 'feed', feed: parsed.feed, answer } as const) : ({ kind: 'none' } as const);
}

/** Reports whether a failure may be temporary, so that it says nothing about the address. */
function isForNow({ problem, hints }: Extract<FetchResult, { kind: 'failed' }>): boolean {
  const status = hints.status ?? 0;
  return status === 429 || status >= 500 || ['fetch/timeout', 'fetch/refused', 'fetch/network'].includes(problem.code);
}
