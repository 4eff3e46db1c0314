import { readProxy } from '../config/config.ts';
import type { AppConfig } from '../config/config.ts';
import { inheritEnvironment } from '../config/load.ts';
import { createCrawler } from '../ingest/crawl.ts';
import { createFetcher } from '../ingest/http/fetch.ts';
import { createFileReader } from '../ingest/local/files.ts';
import { isLoopback } from '../ingest/polling/next-poll.ts';
import { VERSION } from '../model/version.ts';
import type { Fetcher } from '../ports/fetcher.ts';
import type { Log } from '../ports/log.ts';
import type { RobotsRules } from '../ports/store/sources.ts';
import type { RunContext } from '../run/run-context.ts';
import { systemClock } from '../runtime/clock.ts';
import { toUserAgent } from './config.ts';

/** Creates a fetcher with the configured limits, proxy and allowed private addresses. All
 *  processes on one PostgreSQL share the limits. */
export async function createConfiguredFetcher(
  { fetch, site, store }: Pick<AppConfig, 'fetch' | 'site' | 'store'>,
  log: Log,
): Promise<Fetcher> {
  const { perHost, timeout: timeoutMs, maxBytes, proxy, noProxy, allowPrivateAddresses } = fetch;
  const limits = { perHost, spacingMs, timeoutMs, maxBytes, proxy, noProxy, allowPrivateAddresses };
  // Several processes may request from one host at once: nodes, and commands beside them.
  const turns = store.kind === 'postgres' ? (await import('../store/engine/host-turns.ts')).createHostTurns(store.url, perHost, log) : null;
  return createFetcher({ userAgent: toUserAgent({ fetch, site }), ...limits }, systemClock, turns);
}

/** Creates a fetcher for commands without a configuration, with the default politeness and
 *  limits. */
export function createStandaloneFetcher(): Fetcher {
  const limits = { perHost: 2, spacingMs, timeoutMs: 30_000, maxBytes: 10 * 1_048_576, allowPrivateAddresses: [] };
  return createFetcher({ userAgent: `Newsfold/${VERSION}`, ...limits, ...readProxy(undefined, inheritEnvironment()) }, systemClock);
}

/** Creates the context for inspecting sources without a configuration; robots rules are kept in
 *  memory. */
export function createStandaloneContext(): Pick<RunContext, 'fetcher' | 'crawler' | 'clock' | 'files'> {
  const fetcher = createStandaloneFetcher();
  const rules = new Map<string, RobotsRules>();
  const store = {
    readRobots: async (origin: string) => rules.get(origin) ?? null,
    saveRobots: async (origin: string, found: RobotsRules) => void rules.set(origin, found),
  };
  const clock = systemClock;
  return { fetcher, crawler: createCrawler({ fetcher, store, clock, userAgent: `Newsfold/${VERSION}` }), clock, files: createFileReader() };
}

/** Returns the pause between two requests to one host: a second, none for this machine
 *  (docs/polling.md A15). With two requests at once, a host with fifty feeds is done within a
 *  minute. */
function spacingMs(host: string): number {
  return isLoopback(host) ? 0 : 1000;
}
