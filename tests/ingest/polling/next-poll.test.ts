import { expect, test } from 'vitest';
import { planNext } from '../../../src/ingest/polling/next-poll.ts';
import type { PolledState } from '../../../src/ingest/polling/next-poll.ts';
import type { PublisherHints, Source } from '../../../src/model/source.ts';
import type { PollHints } from '../../../src/ports/fetcher.ts';
import { declare } from '../../support/bench.ts';

const HOUR = 3_600_000;
const now = new Date('2026-03-10T12:00:00Z');
const settings = { minIntervalMs: HOUR, maxIntervalMs: 24 * HOUR };
const silent: PollHints = { status: 304, retryAfter: null, freshUntil: null, finalUrl: '', movedTo: null };
const calm: PolledState = {
  etag: '"one"',
  lastModified: null,
  history: 's',
  failures: 0,
  publisherHints: null,
  rhythm: { gapMs: 2 * HOUR, newestAt: new Date('2026-03-10T10:00:00Z') },
  isSubscribed: false,
};
const noHints: PublisherHints = { ttlMinutes: null, skipHours: [], skipDays: [], updateIntervalMs: null, updateBase: null };
const inHours = (hours: number) => new Date(now.getTime() + hours * HOUR);

interface Case {
  readonly after?: Partial<PolledState>;
  readonly publisherHints?: Partial<PublisherHints>;
  readonly hints?: Partial<PollHints>;
  readonly intervalMs?: number;
  readonly address?: string;
}

/** Checks the deciding rule and the hours until the next poll. Jitter may add a tenth, or a quarter
 *  of an hour after a skip. */
function check(given: Case, reason: string, hours: number): void {
  const { intervalMs = null, address = 'https://a.test/feed' } = given;
  const source: Source = { ...declare('feed', address, { intervalMs }), id: 'a' };
  const after = { ...calm, ...(given.publisherHints && { publisherHints: { ...noHints, ...given.publisherHints } }), ...given.after };
  const plan = planNext(source, after, { ...silent, ...given.hints }, now, settings);
  expect(plan.reason).toBe(reason);
  const waited = (plan.nextPollAt.getTime() - now.getTime()) / HOUR;
  expect(waited).toBeGreaterThanOrEqual(hours - 0.001);
  expect(waited).toBeLessThanOrEqual(hours * 1.1 + 0.25);
  expect(plan.nextPollAt.getTime()).toBeGreaterThanOrEqual(plan.notBeforeAt.getTime());
}

test.each<[what: string, given: Case, reason: string, hours: number]>([
  ['a busy source waits an hour', {}, 'rhythm', 1],
  ['a daily source waits six hours', { after: { rhythm: { gapMs: 24 * HOUR, newestAt: inHours(-3) } } }, 'rhythm', 6],
  ['a weekly source waits a day', { after: { rhythm: { gapMs: 168 * HOUR, newestAt: inHours(-3) } } }, 'rhythm', 24],
  [
    'a busy source that fell silent five days ago waits twelve hours',
    { after: { rhythm: { gapMs: HOUR, newestAt: inHours(-120) } } },
    'rhythm',
    12,
  ],
  [
    'an undated source that brings nothing waits ever longer',
    { after: { rhythm: { gapMs: null, newestAt: null }, history: 'ssssssc' } },
    'rhythm',
    4,
  ],
  [
    'an undated source that brought something waits an hour',
    { after: { rhythm: { gapMs: null, newestAt: null }, history: 'cssssss' } },
    'rhythm',
    1,
  ],
  ['a source without validators waits a day', { after: { etag: null } }, 'no-validator', 24],
  [
    'a source without validators but with news in most polls waits four hours',
    { after: { etag: null, history: 'ccccccssss' } },
    'no-validator',
    4,
  ],
  ['max-age is waited for', { hints: { freshUntil: inHours(30) } }, 'fresh', 30],
  ['Retry-After is waited for, past the longest interval', { hints: { retryAfter: inHours(100) } }, 'retry-after', 100],
  ['ttl is waited for', { publisherHints: { ttlMinutes: 600 } }, 'ttl', 10],
  ['a ttl of years is thirty days', { publisherHints: { ttlMinutes: 5_000_000 } }, 'ttl', 720],
  ['sy:updatePeriod is waited for', { publisherHints: { updateIntervalMs: 8 * HOUR } }, 'syndication', 8],
  [
    'sy:updateBase says when the period ends',
    { publisherHints: { updateIntervalMs: 8 * HOUR, updateBase: inHours(-802) } },
    'syndication',
    6,
  ],
  ['the next poll is after the skipped hours', { publisherHints: { skipHours: [13, 14, 15] } }, 'skip', 4],
  ['the next poll is after the skipped days', { publisherHints: { skipDays: [2, 3] } }, 'skip', 36],
  ['a feed that skips its whole week is polled all the same', { publisherHints: { skipDays: [0, 1, 2, 3, 4, 5, 6] } }, 'rhythm', 1],
  ['a subscribed source is polled every four hours at most', { after: { isSubscribed: true } }, 'push', 4],
  [
    'a slow subscribed source is polled half as often as before',
    { after: { isSubscribed: true, rhythm: { gapMs: 20 * HOUR, newestAt: inHours(-1) } } },
    'push',
    10,
  ],
  [
    'a silent subscribed source is polled once a day all the same',
    { after: { isSubscribed: true, rhythm: { gapMs: HOUR, newestAt: inHours(-2000) } } },
    'push',
    24,
  ],
  [
    'the hints of its document hold for a subscribed source too',
    { after: { isSubscribed: true }, publisherHints: { ttlMinutes: 600 } },
    'ttl',
    10,
  ],
  [
    "an owner's interval is kept for a subscribed source",
    { intervalMs: 600_000, after: { isSubscribed: true } },
    'owner',
    1 / 6 - 1 / 3600,
  ],
  ['the second failure means four hours', { after: { failures: 2 } }, 'backoff', 4],
  [
    "an owner's interval is kept",
    { intervalMs: 600_000, publisherHints: { ttlMinutes: 600, skipHours: [12, 13] } },
    'owner',
    1 / 6 - 1 / 3600,
  ],
  ["an owner's interval is a minute at least", { intervalMs: 0 }, 'owner', 59 / 3600],
  ["an owner's interval may be zero on this machine", { intervalMs: 0, address: 'http://localhost/feed' }, 'owner', 0],
  ["max-age counts for an owner's source too", { intervalMs: 600_000, hints: { freshUntil: inHours(2) } }, 'fresh', 2],
  ['a failing source of the owner is polled after a backoff', { intervalMs: 600_000, after: { failures: 1 } }, 'backoff', 1 / 3 - 1 / 1800],
])('%s', (_, given, reason, hours) => check(given, reason, hours));

test('sources that are due at once are spread by jitter, the same each time', () => {
  const plan = (id: string) =>
    planNext({ ...declare('feed', 'https://a.test/', { intervalMs: null }), id }, calm, silent, now, settings).nextPollAt.getTime();
  const times = Array.from({ length: 100 }, (_, n) => plan(`source-${n}`));
  expect(new Set(times).size).toBeGreaterThan(95);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(4 * 60_000);
  expect(plan('source-1')).toBe(times[1]);
});
