import { hasEnded } from '../model/feed-end.ts';
import { hostname } from 'node:os';
import { loadConfig } from '../config/load.ts';
import type { AppConfig } from '../config/config.ts';
import type { Feed } from '../model/feed.ts';
import { VERSION } from '../model/version.ts';
import { sha256 } from '../model/values/hash.ts';
import { checkPattern } from '../publish/selection/select.ts';
import { systemClock } from '../runtime/clock.ts';
import { checkSchedule } from '../run/schedule.ts';

/** Returns the site's IANA time zone: the configured one, else the machine's. */
export function siteZoneOf(config: Pick<AppConfig, 'timeZone'> | null): string {
  return config?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Reads and checks a configuration file; `text` replaces the file's content.
 *  @throws ConfigError with every fault. */
export function readConfig(file: string, text: string | null = null): AppConfig {
  return loadConfig(file, { schedule: checkSchedule, pattern: checkPattern }, undefined, text);
}

/** Returns the feeds that are published here: neither moved nor ended. */
export function publishedFeeds(config: AppConfig): Feed[] {
  return config.feeds.filter((feed) => !hasEnded(feed, systemClock.now()) && feed.movedTo === null);
}

/** Returns the second of the minute at which runs begin. It differs from site to site
 *  (docs/polling.md A15). All nodes of a store share it, since they share the slots of the
 *  schedule. */
export function secondOf({ store, site, file }: AppConfig): number {
  const text = store.kind === 'postgres' ? site.url : `${hostname()} ${file} ${site.url}`;
  return sha256(text).readUInt32BE() % 60;
}

/** Returns the User-Agent of every request (docs/polling.md A12). */
export function toUserAgent({ fetch, site }: Pick<AppConfig, 'fetch' | 'site'>): string {
  return fetch.userAgent ?? `Newsfold/${VERSION} (+${site.url})`;
}
