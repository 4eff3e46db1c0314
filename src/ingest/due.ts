import type { PollState, Source } from '../model/source.ts';
import type { PollHints } from '../ports/fetcher.ts';

/** The least time between two polls of a stranger, whatever the configuration says (CHECKS A5); 59 minutes is too early. */
const HOUR_MS = 3_600_000;
/** Unconditional requests: one a day, every four hours if the body changed in most of the last ten polls (CHECKS A5). */
const UNCONDITIONAL_MS = 24 * HOUR_MS;
const UNCONDITIONAL_BUSY_MS = 4 * HOUR_MS;
/** An owner may go down to this for a source of his own elsewhere; 0 is for files and loopback alone. */
const OWNER_LEAST_MS = 60_000;

/** Settings that bound the interval. */
export interface DueSettings {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
}

/** Whether a source is to be read now. Local sources always are; a source that is gone never is; a host that asked to be left alone is.
 *  `all` ignores the schedule's own patience, but nothing that the publisher or CHECKS A5 asks for. */
export function isDue(
  source: Source,
  poll: PollState,
  now: Date,
  options: { readonly all: boolean; readonly holds: ReadonlyMap<string, Date> },
): boolean {
  if (source.kind === 'file' || source.kind === 'articles') return true;
  if (poll.gone) return false;
  const hold = options.holds.get(hostOf(source.address));
  if (hold && hold > now) return false;
  const from = options.all ? poll.notBeforeAt : poll.nextPollAt;
  return from === null || from <= now;
}

/** When a source may be polled again after a poll at `now`: `notBefore` binds everybody, `next` is the schedule's own choice. */
export function planNext(
  source: Source,
  after: Pick<PollState, 'etag' | 'lastModified' | 'history' | 'failures'>,
  hints: PollHints,
  now: Date,
  settings: DueSettings,
) {
  const least = leastInterval(source, after, settings);
  const asked = Math.max(hints.freshUntil?.getTime() ?? 0, hints.retryAfter?.getTime() ?? 0);
  const notBefore = Math.max(now.getTime() + least, asked);
  const backoff = Math.min(Math.max(least, OWNER_LEAST_MS) * 2 ** Math.min(after.failures, 10), Math.max(settings.maxIntervalMs, least));
  const next = Math.max(notBefore, after.failures > 0 ? now.getTime() + backoff : 0);
  return { notBeforeAt: new Date(notBefore), nextPollAt: new Date(next) };
}

/** Host and port of an address, as Retry-After holds for it; the empty string for what is no URL. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}

function leastInterval(
  source: Source,
  after: Pick<PollState, 'etag' | 'lastModified' | 'history' | 'failures'>,
  settings: DueSettings,
): number {
  if (source.intervalMs !== null) return isLoopback(source.address) ? source.intervalMs : Math.max(source.intervalMs, OWNER_LEAST_MS);
  const conditional = Math.max(settings.minIntervalMs, HOUR_MS);
  // A failed request brought no body: it is answered by backing off from the hour (CHECKS A8).
  if (after.failures > 0 || after.etag !== null || after.lastModified !== null) return conditional;
  const recent = after.history.slice(0, 10);
  const changed = recent.split('').filter((poll) => poll === 'c').length;
  return Math.max(conditional, changed > 5 ? UNCONDITIONAL_BUSY_MS : UNCONDITIONAL_MS);
}

function isLoopback(address: string): boolean {
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
