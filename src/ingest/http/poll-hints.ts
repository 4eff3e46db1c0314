import { parseHttpDate } from '../../model/values/http-date.ts';
import { DAY_MS } from '../../model/values/time.ts';

/** Longest freshness. No feed means to be left alone for longer; one real feed sent a max-age of
 *  sixteen years (docs/polling.md A6). */
const MAX_FRESH_MS = 30 * DAY_MS;
/** Longest Retry-After. The field is not cut down to our own preference (docs/polling.md A7). A
 *  field of years, however, would silence every source of a host until the owner notices. */
const MAX_RETRY_MS = 31 * DAY_MS;

/** The fields of an answer that determine its freshness, as sent; null when absent. A repeated
 *  field is joined by commas (RFC 9110 §5.3), except Expires, Date and Age, whose first value
 *  counts. */
interface FreshnessFields {
  readonly cacheControl: string | null;
  readonly expires: string | null;
  readonly date: string | null;
  readonly age: string | null;
}

/** Returns the instant at which a host may be asked again by its Retry-After, at most 31 days
 *  ahead. The field has seconds from `now`, or an HTTP-date (RFC 9110 §10.2.3, docs/polling.md A7).
 *  null when the field is absent, unreadable, or names no time after `now`. The caller checks
 *  whether the status gives it a meaning (429, 503). */
export function readRetryAfter(value: string | null, now: Date): Date | null {
  const text = value?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : (parseHttpDate(text, now, 'tolerant')?.getTime() ?? 0) - now.getTime();
  return waitMs > 0 ? new Date(now.getTime() + Math.min(waitMs, MAX_RETRY_MS)) : null;
}

/** Returns the end of an answer's freshness, at most 30 days ahead (RFC 9111 §4.2.1, §5.2.2,
 *  docs/polling.md A6). It is `now` plus max-age, else plus Expires minus the answer's own Date, so
 *  that a wrong clock on either side does no harm. Age is subtracted. null when the answer has no
 *  such field, is stale on arrival, or forbids reuse by no-cache or no-store. `no-cache="field"`
 *  forbids only a field and is ignored, like s-maxage, which is for shared caches. A max-age that
 *  is no number makes the answer stale. */
export function readFreshUntil(fields: FreshnessFields, now: Date): Date | null {
  const directives = parseDirectives(fields.cacheControl ?? '');
  if (directives.get('no-cache') === '' || directives.has('no-store')) return null;
  const maxAge = directives.get('max-age');
  const lifetimeMs = maxAge === undefined ? untilExpiry(fields, now) : (readSeconds(maxAge) ?? 0) * 1000;
  const freshMs = lifetimeMs - (readSeconds(fields.age ?? '') ?? 0) * 1000;
  return freshMs > 0 ? new Date(now.getTime() + Math.min(freshMs, MAX_FRESH_MS)) : null;
}

function untilExpiry(fields: FreshnessFields, now: Date): number {
  const expires = parseHttpDate(fields.expires ?? '', now, 'tolerant');
  if (expires === null) return 0;
  const date = parseHttpDate(fields.date ?? '', now, 'tolerant') ?? now;
  return expires.getTime() - date.getTime();
}

/** Returns directives by lower-case name. The first of several counts; a directive without a value
 *  has an empty one. */
function parseDirectives(text: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;"]*)))?/g)) {
    const key = name.toLowerCase();
    if (!directives.has(key)) directives.set(key, quoted ?? plain ?? '');
  }
  return directives;
}

function readSeconds(text: string): number | null {
  const trimmed = text.trim();
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}
