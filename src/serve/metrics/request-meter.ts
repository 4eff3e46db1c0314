/** Upper bounds of the latency histogram, seconds: a document takes some tens of microseconds, a
 *  page milliseconds, an archive that must be made seconds. */
export const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts of one route. */
interface RouteCounts {
  /** Pattern, such as `/feeds/{slug}.atom`; `other` for addresses without a route. */
  readonly route: string;
  /** Requests by status. */
  readonly statuses: ReadonlyMap<number, { readonly n: number }>;
  /** Requests by the smallest bound above their latency, not cumulative. The last bucket holds
   *  those above all bounds. */
  readonly buckets: Float64Array;
  readonly seconds: number;
}

/** Counts requests in plain numbers, without allocating memory: a 304 takes twenty microseconds
 *  in all. */
export interface RequestMeter {
  /** `path` is the path of the route as it was registered. */
  readonly note: (path: string, status: number, milliseconds: number) => void;
  readonly read: () => readonly RouteCounts[];
}

interface Counting extends RouteCounts {
  readonly statuses: Map<number, { n: number }>;
  seconds: number;
}

export function createRequestMeter(): RequestMeter {
  /** Several paths may belong to one route. */
  const byPath = new Map<string, Counting>();
  const byRoute = new Map<string, Counting>();
  const open = (path: string): Counting => {
    const route = toRoute(path);
    const counting = byRoute.get(route) ?? { route, statuses: new Map(), buckets: new Float64Array(BOUNDS.length + 1), seconds: 0 };
    byRoute.set(route, counting);
    byPath.set(path, counting);
    return counting;
  };
  return {
    note(path, status, milliseconds) {
      const counting = byPath.get(path) ?? open(path);
      const known = counting.statuses.get(status);
      if (known) known.n++;
      else counting.statuses.set(status, { n: 1 });
      const seconds = milliseconds / 1000;
      counting.seconds += seconds;
      let bucket = 0;
      while (bucket < BOUNDS.length && seconds > (BOUNDS[bucket] ?? 0)) bucket++;
      counting.buckets[bucket] = (counting.buckets[bucket] ?? 0) + 1;
    },
    read: () => [...byRoute.values()],
  };
}

/** Returns the pattern of a registered path. Each feed has routes of its own, and the slug of a
 *  private feed must not appear in metrics. */
export function toRoute(path: string): string {
  if (path === '' || path.endsWith('*')) return 'other';
  return path
    .replace(/^\/feeds\/[^./:]+/, '/feeds/{slug}')
    .replace(/:file\{.*\}$/, '{n}.atom')
    .replaceAll(/:(\w+)/g, '{$1}');
}
