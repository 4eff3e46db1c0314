import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import pino from 'pino';
import { loadConfig } from './config/load.ts';
import type { Config as LoadedConfig } from './config/config.ts';
import { hasEnded } from './model/feed.ts';
import type { Feed } from './model/feed.ts';
import { VERSION } from './model/version.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store/store.ts';
import { checkPattern } from './publish/select.ts';
import { createRedaction } from './redact.ts';
import type { RenderParts } from './render.ts';
import { checkSchedule } from './schedule.ts';
import { openSqlite } from './store/dialects.ts';
import type { Backend } from './store/engine/backend.ts';

/** IANA zone of the site: that of the configuration, else the machine's. */
export function zoneOf(config: Pick<Config, 'timeZone'> | null): string {
  return config?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The configuration, as commands pass it on. */
export type Config = LoadedConfig;

/** Reads a configuration file with everything that can be checked before a run; with `text`, as if the file said that.
 *  @throws ConfigError with every fault. */
export function readConfig(file: string, text: string | null = null): Config {
  return loadConfig(file, { schedule: checkSchedule, pattern: checkPattern }, undefined, text);
}

/** The time of the machine. */
export const systemClock: Clock = { now: () => new Date() };

/** The store that a configuration names. */
export async function openBackend({ store }: Config, options: { readonly mayWrite: boolean }): Promise<Backend> {
  if (store.kind === 'sqlite') return openSqlite(store.path, options);
  // Who has a file starts without what speaks to servers.
  const { openPostgres } = await import('./store/open-postgres.ts');
  return openPostgres(store.url, options);
}

/** The log that a configuration asks for, on standard error: no secret stands in it (redact.ts). Of errors it has what they say and where, not the values that some have
 *  with them, such as the rows of a database. */
export function createLog(config: Config): Log {
  const isPretty = (config.log.format ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'pretty';
  const options = {
    level: config.log.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: toLoggedError },
    hooks: { streamWrite: createRedaction(config) },
  };
  if (!isPretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true } },
  });
}

function toLoggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {};
  return { type, ...code, message, stack };
}

/** Feeds that are published here: neither moved nor retired. */
export function answering(config: Config): Feed[] {
  return config.feeds.filter((feed) => !hasEnded(feed, systemClock.now()) && feed.movedTo === null);
}

/** What documents are rendered with. */
export function toRenderParts(config: Config, store: Store, clock: Clock): RenderParts {
  const { site, alsoPublished, titlePrefix, updateNotes } = config;
  const options = { siteUrl: site.url, alsoPublished, titlePrefix, updateNotes };
  return { store, clock, site, feeds: answering(config), options, version: VERSION, hubUrl: config.websub.hub };
}

/** The second of the minute at which runs begin: not everybody's (CHECKS A15), and one for all nodes of a store, since a slot of the schedule is theirs together. */
export function secondOf({ store, site, file }: Config): number {
  const text = store.kind === 'postgres' ? site.url : `${hostname()} ${file} ${site.url}`;
  return createHash('sha256').update(text).digest().readUInt32BE() % 60;
}

/** Who asks, in every request (CHECKS A12). */
export function toUserAgent({ fetch, site }: Pick<Config, 'fetch' | 'site'>): string {
  return fetch.userAgent ?? `Newsfold/${VERSION} (+${site.url})`;
}
