import { readHealth } from './views.ts';
import type { ViewParts } from './views.ts';

/** What is published is looked at no more often than this: load balancers ask every few seconds. */
const LOOK_MS = 30_000;
/** A run is overdue when three slots have gone by, and never before an hour. */
const MISSED_SLOTS = 3;
const LEAST_OVERDUE_MS = 3_600_000;

/** Says what keeps a server from being ready, a line each: nothing has been published, runs are overdue (`intervalMs`: the time between two; null when they are not the
 *  server's business), or what is published is stale or has shrunk. Private feeds are neither named nor counted.
 *  `hasPublished`: whether the first run of the store has ended.
 *  Nor is a node ready when the others go by another configuration (`isSuperseded`).
 *  @throws whatever the store throws that cannot be reached. */
export function createReadiness(
  parts: ViewParts,
  intervalMs: number | null,
  isSuperseded: () => Promise<boolean>,
  hasPublished: () => boolean,
) {
  const { store, clock } = parts;
  const isOverdue = createOverdueCheck(parts, intervalMs);
  let looked: { readonly at: Date; readonly faults: readonly string[] } | null = null;
  return async (): Promise<readonly string[]> => {
    const now = clock.now();
    // Asked first in any case: it tells whether the store can be reached.
    const { n } = await store.readGeneration();
    if (n === 0 || !hasPublished()) return ['nothing has been published yet'];
    const overdue = (await isOverdue()) ? ['the last run is overdue'] : [];
    if (looked === null || now.getTime() - looked.at.getTime() > LOOK_MS) {
      const health = await readHealth(parts);
      const ill = health.filter(({ problem }) => problem !== null);
      const faults = ill.flatMap(({ slug, isPrivate, problem }) =>
        isPrivate ? [] : [`the feed ${slug}: ${problem?.message} [${problem?.code}]`],
      );
      // Anybody may ask: what and how many is its readers' business.
      const hidden = ill.some(({ isPrivate }) => isPrivate) ? ['a private feed has a fault'] : [];
      looked = { at: now, faults: [...faults, ...hidden] };
    }
    const other = (await isSuperseded()) ? ['another node has started with another configuration'] : [];
    return [...other, ...overdue, ...looked.faults];
  };
}

/** Says whether runs are overdue, with `intervalMs` between two, from now on: a server that was away for days has missed nothing yet. */
export function createOverdueCheck(
  { store, clock }: Pick<ViewParts, 'store' | 'clock'>,
  intervalMs: number | null,
): () => Promise<boolean> {
  const startedAt = clock.now();
  return async () => {
    if (intervalMs === null) return false;
    const last = (await store.readLastRun()) ?? startedAt;
    const since = last > startedAt ? last : startedAt;
    return clock.now().getTime() - since.getTime() > Math.max(MISSED_SLOTS * intervalMs, LEAST_OVERDUE_MS);
  };
}
