import { readHealth } from './feed-health.ts';
import { HOUR_MS } from '../model/values/time.ts';
import type { ViewContext } from './stories.ts';

/** What is published is looked at no more often than this: load balancers ask every few seconds. */
const LOOK_MS = 30_000;
/** A run is overdue when three slots have gone by, and never before an hour. */
const MISSED_SLOTS = 3;
const LEAST_OVERDUE_MS = HOUR_MS;

/** Runs in a row that do not come to their end: after so many none is likely to. */
const MOST_DEATHS = 3;
/** With this begins a line that keeps no server from being ready (serve/context.ts). */
const WARNING = 'warning: ';

/** Warnings that the owner should look at. Anybody may ask: names are told by newsfold sources
 *  alone. */
async function readWarnings({ store }: ViewContext, deaths: number): Promise<readonly string[]> {
  const items = await store.countSetAside();
  return [
    ...(items > 0 ? [`${WARNING}${items === 1 ? '1 item is' : `${items} items are`} set aside`] : []),
    ...(deaths > 0 && deaths < MOST_DEATHS
      ? [`${WARNING}${deaths === 1 ? 'the last run has' : `the last ${deaths} runs have`} not ended well`]
      : []),
  ];
}

/** Says what keeps a server from being ready, a line each: nothing is published, runs are
 *  overdue, or a feed is stale or has shrunk. `intervalMs` is the time between two runs; null
 *  when they are not the server's business. Private feeds are neither named nor counted.
 *  `hasDied`: whether the last run of this process died; `hasPublished`: whether the first run
 *  of the store has ended. Nor is a node ready when the others go by another configuration
 *  (`isSuperseded`), or when its store can only be read. Lines that begin with WARNING keep none
 *  from that.
 *  @throws whatever the store throws that cannot be reached. */
export function createReadiness(
  context: ViewContext,
  intervalMs: number | null,
  isSuperseded: () => Promise<boolean>,
  hasDied: () => boolean = () => false,
  hasPublished: () => boolean = () => true,
) {
  const { store, clock } = context;
  const isOverdue = createOverdueCheck(context, intervalMs);
  let looked: { readonly at: Date; readonly faults: readonly string[] } | null = null;
  return async (): Promise<readonly string[]> => {
    const now = clock.now();
    // Asked first in any case: it tells whether the store can be reached.
    const { n } = await store.readGeneration();
    if (n === 0 || !hasPublished()) return ['nothing has been published yet'];
    const overdue = (await isOverdue()) ? ['the last run is overdue'] : [];
    if (looked === null || now.getTime() - looked.at.getTime() > LOOK_MS) {
      const health = await readHealth(context);
      const ill = health.filter(({ problem }) => problem !== null);
      const faults = ill.flatMap(({ slug, isPrivate, problem }) =>
        isPrivate ? [] : [`the feed ${slug}: ${problem?.message} [${problem?.code}]`],
      );
      // Anybody may ask: what and how many is its readers' business.
      const hidden = ill.some(({ isPrivate }) => isPrivate) ? ['a private feed has a fault'] : [];
      looked = { at: now, faults: [...faults, ...hidden] };
    }
    const deaths = Math.max(await store.countDeaths(), hasDied() ? 1 : 0);
    const warnings = await readWarnings(context, deaths);
    const dead = deaths >= MOST_DEATHS ? [`${deaths} runs in a row have not come to their end`] : [];
    const other = (await isSuperseded()) ? ['another node has started with another configuration'] : [];
    const closed = (await store.isReadOnly())
      ? ['the store can only be read: runs publish nothing until its server takes changes again']
      : [];
    return [...other, ...closed, ...overdue, ...dead, ...looked.faults, ...warnings];
  };
}

/** Says whether runs are overdue, with `intervalMs` between two, from now on: a server that was
 *  away for days has missed nothing yet. */
export function createOverdueCheck(
  { store, clock }: Pick<ViewContext, 'store' | 'clock'>,
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
