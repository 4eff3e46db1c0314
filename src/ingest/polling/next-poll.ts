import type { PollReason, PollState, PublisherHints, Rhythm, Source } from '../../model/source.ts';
import { DAY_MS, HOUR_MS } from '../../model/values/time.ts';
import type { PollHints } from '../../ports/fetcher.ts';

/** Least time between two polls of a site that is not the owner's, whatever the configuration says
 *  (docs/polling.md A5); 59 minutes is too early. */
const LEAST_MS = HOUR_MS;
/** Interval of unconditional requests: a day, or four hours if the body changed in most of the last
 *  ten polls (docs/polling.md A5). */
const UNCONDITIONAL_MS = DAY_MS;
const UNCONDITIONAL_BUSY_MS = 4 * HOUR_MS;
/** Least interval that owners may set for sources of their own on other machines; 0 is for files
 *  and loopback alone. */
const OWNER_LEAST_MS = 60_000;
/** Tolerance for the interval that an owner sets. The beats of a schedule differ by milliseconds,
 *  and "every ten minutes" must not miss every second beat. */
const OWNER_SLACK_MS = 1000;
/** Polls for each entry that a source publishes: with four an entry is late by an eighth of the
 *  usual gap. */
const POLLS_PER_ENTRY = 4;
/** The interval is at least this share of a source's silence: after ten silent days it is polled
 *  once a day. */
const SILENCE_SHARE = 10;
/** Longest wait that a feed's own hints cause: no feed means more, but some state a ttl of
 *  years. */
const MAX_HINT_MS = 30 * DAY_MS;

/** A source with an active subscription (WebSub) is polled half as often, and every four hours at
 *  most. The poll only finds entries that no delivery brought. */
const PUSHED_SHARE = 2;
const PUSHED_MS = 4 * HOUR_MS;

/** Settings that bound the interval. */
export interface DueSettings {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
}

/** The state after a poll, as far as the next poll depends on it. */
export type PolledState = Pick<PollState, 'etag' | 'lastModified' | 'history' | 'failures' | 'publisherHints' | 'rhythm'> & {
  /** true while a verified subscription has an unexpired lease. */
  readonly isSubscribed: boolean;
};

/** Plans the next poll of a source after a poll at `now`. `notBefore` is the earliest time allowed
 *  for any poll. `next` is the latest of the source's rhythm, the hints of its answer and document,
 *  and the backoff after failures (docs/polling.md A5 to A9). `reason` is the rule that decided.
 *  The same poll gives the same instants, since jitter depends on source and time alone. */
export function planNext(source: Source, after: PolledState, hints: PollHints, now: Date, settings: DueSettings) {
  const at = now.getTime();
  const least = leastInterval(source, after, settings);
  const bounds: [PollReason, number][] = [
    [least.reason, at + least.ms],
    ['fresh', hints.freshUntil?.getTime() ?? 0],
    ['retry-after', hints.retryAfter?.getTime() ?? 0],
  ];
  const notBefore = Math.max(...bounds.map(([, time]) => time));
  const jitter = jitterOf(`${source.id} ${at}`);
  if (after.failures > 0) {
    const backoff = Math.max(least.ms, OWNER_LEAST_MS) * 2 ** Math.min(after.failures, 10);
    bounds.push(['backoff', at + Math.min(backoff, Math.max(settings.maxIntervalMs, least.ms)) * (1 + jitter / 4)]);
  } else if (source.intervalMs === null) {
    const usual = rhythmInterval(after.rhythm, after.history, at, settings);
    const pushed = Math.max(usual, Math.min(Math.max(usual * PUSHED_SHARE, PUSHED_MS), settings.maxIntervalMs));
    bounds.push(after.isSubscribed ? ['push', at + pushed * (1 + jitter / 10)] : ['rhythm', at + usual * (1 + jitter / 10)]);
  }
  // Owners who set an interval for a source of their own know better than its document
  // (docs/design.md §71).
  if (source.intervalMs === null && after.publisherHints) bounds.push(...toBounds(after.publisherHints, at, jitter));
  let [reason, next] = bounds.reduce((latest, bound) => (bound[1] > latest[1] ? bound : latest));
  const free = source.intervalMs === null && after.publisherHints ? firstFree(next, after.publisherHints, jitter) : next;
  if (free > next) [reason, next] = ['skip', free];
  return { notBeforeAt: new Date(notBefore), nextPollAt: new Date(Math.round(next)), reason };
}

/** Reports whether a host is this machine, which may be polled as often as the owner wants. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function leastInterval(source: Source, after: PolledState, settings: DueSettings): { readonly reason: PollReason; readonly ms: number } {
  if (source.intervalMs !== null) {
    const isOwn = URL.canParse(source.address) && isLoopback(new URL(source.address).hostname);
    const ms = isOwn ? source.intervalMs : Math.max(source.intervalMs, OWNER_LEAST_MS);
    return { reason: 'owner', ms: Math.max(0, ms - OWNER_SLACK_MS) };
  }
  const conditional = Math.max(settings.minIntervalMs, LEAST_MS);
  // A failed request brought no body. The backoff counts from the hour (docs/polling.md A8).
  if (after.failures > 0 || after.etag !== null || after.lastModified !== null) return { reason: 'interval', ms: conditional };
  const changed = after.history.slice(0, 10).split('c').length - 1;
  return { reason: 'no-validator', ms: Math.max(conditional, changed > 5 ? UNCONDITIONAL_BUSY_MS : UNCONDITIONAL_MS) };
}

/** Returns a quarter of the usual gap between entries, or a tenth of the present silence, whichever
 *  is longer. A source without dates is judged by its answers: every third empty one in a row
 *  doubles the interval. */
function rhythmInterval({ gapMs, newestAt }: Rhythm, history: string, at: number, { minIntervalMs, maxIntervalMs }: DueSettings): number {
  const least = Math.max(minIntervalMs, LEAST_MS);
  const quiet = /^s*/.exec(history)?.[0].length ?? 0;
  const wanted =
    newestAt === null
      ? least * 2 ** Math.floor(quiet / 3)
      : Math.max((gapMs ?? 0) / POLLS_PER_ENTRY, (at - newestAt.getTime()) / SILENCE_SHARE);
  return Math.max(least, Math.min(wanted, maxIntervalMs));
}

function toBounds({ ttlMinutes, updateIntervalMs, updateBase }: PublisherHints, at: number, jitter: number): [PollReason, number][] {
  const bounds: [PollReason, number][] = [];
  if (ttlMinutes !== null) bounds.push(['ttl', at + Math.min(ttlMinutes * 60_000, MAX_HINT_MS)]);
  if (updateIntervalMs !== null) {
    const every = Math.min(updateIntervalMs, MAX_HINT_MS);
    // With a base the feed changes at known instants: the first one after this poll is soon enough.
    const base = updateBase?.getTime() ?? at;
    // Thousands of feeds have the same base, midnight or noon: jitter spreads their polls
    // (docs/polling.md A15).
    bounds.push(['syndication', base + (Math.floor((at - base) / every) + 1 + jitter / 10) * every]);
  }
  return bounds;
}

/** Reports whether a feed asks not to be polled in this hour or on this day (RSS 2.0 skipHours,
 *  skipDays). */
export function isSkipped(at: number, { skipHours, skipDays }: PublisherHints): boolean {
  const date = new Date(at);
  return skipHours.includes(date.getUTCHours()) || skipDays.includes(date.getUTCDay());
}

/** Returns an instant in the first quarter of the next hour that is not skipped. Returns `at`
 *  itself when its hour is not skipped, or when a feed skips its whole week. */
function firstFree(at: number, hints: PublisherHints, jitter: number): number {
  if (!isSkipped(at, hints)) return at;
  for (let hour = Math.floor(at / HOUR_MS) + 1, last = hour + 7 * 24; hour < last; hour++)
    if (!isSkipped(hour * HOUR_MS, hints)) return (hour + jitter / 4) * HOUR_MS;
  return at;
}

/** Returns a number from 0 to 1 that depends on the text alone (FNV-1a). */
function jitterOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93) >>> 0;
  return hash / 2 ** 32;
}
