import { HOUR_MS } from '../../model/values/time.ts';
import type { Clock } from '../../ports/clock.ts';

/** Counts the requests of clients (docs/serving.md B5). */
interface Limiter {
  /** Counts a request. Returns null when it may be answered, else the whole seconds until one
   *  will be. A refused request does not count, so a client that waits that long is answered. */
  readonly ask: (client: string) => number | null;
  /** Returns the same without counting a request. */
  readonly wait: (client: string) => number | null;
}

/** Requests an hour, and how many of them may come at once; without `burst`, all of them. */
interface Rate {
  readonly perHour: number;
  readonly burst?: number;
}

/** Creates a limiter with a token bucket for each client, in memory. A bucket starts full with
 *  `burst` requests and refills evenly. At most 10,000 clients are kept; the least recently seen
 *  is forgotten first and then starts anew. */
export function createLimiter(clock: Clock, { perHour, burst = perHour }: Rate): Limiter {
  const buckets = new Map<string, Bucket>();
  const full = burst * REQUEST;
  const fill = (client: string, now: number) => {
    const { level, at } = buckets.get(client) ?? { level: full, at: now };
    // A clock that is set back takes nothing from any client.
    return Math.min(full, level + Math.max(0, now - at) * perHour);
  };
  const toSeconds = (filled: number) => (filled >= REQUEST ? null : Math.ceil((REQUEST - filled) / perHour / 1000));
  return {
    wait: (client) => toSeconds(fill(client, clock.now().getTime())),
    ask(client) {
      const now = clock.now().getTime();
      const filled = fill(client, now);
      const isAllowed = filled >= REQUEST;
      // The entry is deleted first, so that the map is in the order of the last requests.
      buckets.delete(client);
      buckets.set(client, { level: isAllowed ? filled - REQUEST : filled, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > MOST_CLIENTS && oldest !== undefined) buckets.delete(oldest);
      return toSeconds(filled);
    },
  };
}

/** Levels are counted in requests an hour times milliseconds: whole numbers, so that a wait is
 *  never a fraction too short. */
interface Bucket {
  readonly level: number;
  /** Milliseconds since 1970 at which the level was measured. */
  readonly at: number;
}

/** The level that one request takes out of a bucket: an hour in milliseconds. */
const REQUEST = HOUR_MS;

/** Some 2 MB of memory. */
const MOST_CLIENTS = 10_000;
