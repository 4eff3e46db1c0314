import { hostname } from 'node:os';
import { loadConfig } from '../config/load.ts';
import type { AppConfig } from '../config/config.ts';
import { hasEnded } from '../model/feed.ts';
import type { Feed } from '../model/feed.ts';
import { VERSION } from '../model/version.ts';
import { sha256 } from '../model/values/hash.ts';
import { checkPattern } from '../publish/selection/select.ts';
import { systemClock } from '../runtime/clock.ts';
import { checkSchedule } from '../run/schedule.ts';

/** IANA zone of the site: that of the configuration, else the machine's. */
export function siteZoneOf(config: Pick<AppConfig, 'timeZone'> | null): string {
  return config?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Reads a configuration file with everything that can be checked before a run; with `text`, as if
 *  the file said that.
 *  @throws ConfigError with every fault. */
export function readConfig(file: string, text: string | null = null): AppConfig {
  return loadConfig(file, { schedule: checkSchedule, pattern: checkPattern }, undefined, text);
}

/** Feeds that are published here: neither moved nor retired. */
export function answering(config: AppConfig): Feed[] {
  return config.feeds.filter((feed) => !hasEnded(feed, systemClock.now()) && feed.movedTo === null);
}

/** The second of the minute at which runs begin: not everybody's (docs/polling.md A15), and one for
 *  all nodes of a store, since a slot of the schedule is theirs together. */
export function secondOf({ store, site, file }: AppConfig): number {
  const text = store.kind === 'postgres' ? site.url : `${hostname()} ${file} ${site.url}`;
  return sha256(text).readUInt32BE() % 60;
}

/** Who asks, in every request (docs/polling.md A12). */
export function toUserAgent({ fetch, site }: Pick<AppConfig, 'fetch' | 'site'>): string {
  return fetch.userAgent ?? `Newsfold/${VERSION} (+${site.url})`;
}
