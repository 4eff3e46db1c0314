import { setTimeout } from 'node:timers/promises';
import robotsParser from 'robots-parser';
import type { Problem } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { unconditional } from '../ports/fetcher.ts';
import type { Crawler, FetchRequest, Fetcher } from '../ports/fetcher.ts';
import type { RobotsRules, RobotsStore } from '../ports/store/sources.ts';
import { nameUrl } from '../model/values/address.ts';
import { DAY_MS, HOUR_MS } from '../model/values/time.ts';

/** Context of a crawler; `userAgent` applies to sources without one of their own. */
interface CrawlContext {
  readonly fetcher: Fetcher;
  readonly store: RobotsStore;
  readonly clock: Clock;
  readonly userAgent: string;
}

type RequestPolicy = Pick<FetchRequest, 'options' | 'publicOnly'>;

/** The package is CommonJS, but its types are not: the import is the function itself. */
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

/** Time for which a robots.txt counts (RFC 9309 §2.4); one that could not be fetched is requested
 *  again after an hour. */
const KNOWN_MS = DAY_MS;
const UNKNOWN_MS = HOUR_MS;
/** Limit of a robots.txt, above the 500 KiB that must be read (RFC 9309 §2.5). */
const MAX_ROBOTS_BYTES = 2 * 1_048_576;
/** Longest Crawl-delay that is obeyed: some sites ask for hours. The field is no part of RFC 9309
 *  and is obeyed all the same. */
const MAX_DELAY_MS = 30_000;

/** Longest wait of one page for others of its site, and the time between two looks whether the run
 *  is over. */
const MAX_WAIT_MS = 60_000;
const STEP_MS = 200;

/** Returns a Crawler that uses a Fetcher. Rules are kept in the store, so that runs from cron
 *  request them once a day too. If the new rules of a site cannot be fetched, its old ones apply.
 *  If its rules were never known, it gets no request (RFC 9309 §2.3.1.4). */
export function createCrawler(context: CrawlContext): Crawler {
  const asking = new Map<string, Promise<RobotsRules>>();
  const freeAt = new Map<string, number>();
  const rulesOf = (origin: string, policy: RequestPolicy) => {
    const request = asking.get(origin) ?? readRules(context, origin, policy).finally(() => asking.delete(origin));
    asking.set(origin, request);
    return request;
  };
  const judge = async (url: URL, policy: RequestPolicy, isOver: () => boolean): Promise<Problem | null> => {
    const { rules } = await rulesOf(url.origin, policy);
    if (rules === null) {
      const message = `${nameUrl(url)} was not requested: the robots.txt of its site cannot be fetched, so nobody knows what robots may request; it is tried again`;
      return { code: 'page/robots-unknown', message };
    }
    const robots = parseRobots(`${url.origin}/robots.txt`, rules);
    const name = policy.options.userAgent ?? context.userAgent;
    if (robots.isDisallowed(url.href, name) === true) {
      const message = `${nameUrl(url)} was not requested: the robots.txt of its site forbids it`;
      return { code: 'page/robots', message };
    }
    const delayMs = Math.min((robots.getCrawlDelay(name) ?? 0) * 1000, MAX_DELAY_MS);
    const now = performance.now();
    const at = Math.max(now, freeAt.get(url.origin) ?? 0);
    if (at - now > MAX_WAIT_MS) return noTime(url);
    if (delayMs > 0) freeAt.set(url.origin, at + delayMs);
    while (performance.now() < at && !isOver()) await setTimeout(Math.min(STEP_MS, at - performance.now()));
    return isOver() ? noTime(url) : null;
  };
  return {
    async crawl(url, policy, isOver) {
      const target = URL.parse(url);
      const refusal = target === null ? null : await judge(target, policy, isOver);
      if (refusal !== null) {
        const hints = { status: null, retryAfter: null, freshUntil: null, finalUrl: url, movedTo: null };
        return { kind: 'failed', problem: refusal, gone: false, hints };
      }
      const mayFollow = (next: URL) => judge(next, policy, isOver);
      return context.fetcher.fetch({ ...unconditional, url, accept: 'page', mayFollow, ...policy });
    },
  };
}

function noTime(url: URL): Problem {
  return {
    code: 'page/no-time',
    message: `${nameUrl(url)} was not requested: the run ended, or its site asks for longer pauses than a run has`,
  };
}

async function readRules({ fetcher, store, clock }: CrawlContext, origin: string, policy: RequestPolicy): Promise<RobotsRules> {
  const known = await store.readRobots(origin);
  const now = clock.now();
  if (known !== null && now.getTime() - known.askedAt.getTime() < (known.rules === null ? UNKNOWN_MS : KNOWN_MS)) return known;
  const result = await fetcher.fetch({
    ...unconditional,
    url: `${origin}/robots.txt`,
    accept: 'text',
    // The owner's fields and credentials are for the source's documents, not for robots.txt.
    publicOnly: policy.publicOnly,
    options: { ...policy.options, headers: {}, auth: null, maxBytes: MAX_ROBOTS_BYTES },
  });
  const status = result.hints.status ?? 0;
  const isAbsent = result.kind === 'failed' && status >= 400 && status < 500 && status !== 429;
  const rules = result.kind === 'content' ? new TextDecoder().decode(result.content.bytes) : isAbsent ? '' : (known?.rules ?? null);
  await store.saveRobots(origin, { rules, askedAt: now });
  return { rules, askedAt: now };
}
