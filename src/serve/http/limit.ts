import { HOUR_MS } from '../../model/values/time.ts';
import type { Clock } from '../../ports/clock.ts';

/** Counts the requests of clients (docs/serving.md B5). */
interface Limiter {
  /** Counts a request: null when it may be answered, else whole seconds until one will be. A
   *  refused one does not count, so whoever waits that long is answered. */
  readonly ask: (client: string) => number | null;
  /** The same without counting it. */
  readonly wait: (client: string) => number | null;
}

/** Requests an hour, and how many of them may come at once; without that, all. */
interface Rate {
  readonly perHour: number;
  readonly burst?: number;
}

/** A token bucket for each client, in memory: full at first with what may come at once, refilled
 *  evenly. At most 10,000 clients are kept, the least recently seen is forgotten first and then
 *  starts anew. */
export function createLimiter(clock: Clock, { perHour, burst = perHour }: Rate): Limiter {
  const buckets = new Map<string, Bucket>();
  const full = burst * REQUEST;
  const fill = (client: string, now: number) => {
    const { level, at } = buckets.get(client) ?? { level: full, at: now };
    // A clock that is set back costs nobody anything.
    return Math.min(full, level + Math.max(0, now - at) * perHour);
  };
  const toSeconds = (filled: number) => (filled >= REQUEST ? null : Math.ceil((REQUEST - filled) / perHour / 1000));
  return {
    wait: (client) => toSeconds(fill(client, clock.now().getTime())),
    ask(client) {
      const now = clock.now().getTime();
      const filled = fill(client, now);
      const isAllowed = filled >= REQUEST;
      // Deleted first, so that the order of the map is that of the last requests.
      buckets.delete(client);
      buckets.set(client, { level: isAllowed ? filled - REQUEST : filled, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > MOST_CLIENTS && oldest !== undefined) buckets.delete(oldest);
      return toSeconds(filled);
    },
  };
}

/** Levels are counted in requests an hour times milliseconds, so that they stay whole numbers and a
 *  wait is never a fraction too short. */
interface Bucket {
  readonly level: number;
  /** Milliseconds since 1970 at which the level was this. */
  readonly at: number;
}

/** What a request takes out of a bucket: an hour in milliseconds. */
const REQUEST = HOUR_MS;

/** Some 2 MB. */
const MOST_CLIENTS = 10_000;
