import { readHealth } from './feed-health.ts';
import { HOUR_MS } from '../model/values/time.ts';
import type { ViewContext } from './stories.ts';

/** Feeds are checked no more often than this, since load balancers ask every few seconds. */
const CHECK_EVERY_MS = 30_000;
/** A run is overdue after three missed slots, and never before an hour. */
const MISSED_SLOTS = 3;
const LEAST_OVERDUE_MS = HOUR_MS;

/** Runs in a row that did not end; after this many no further run is likely to end. */
const MOST_DEATHS = 3;
/** Marks a line that does not make a server unready. */
const WARNING = 'warning: ';

/** Returns warnings for the owner. Anybody may ask, so they hold counts and no names; `newsfold
 *  sources` has the names. */
async function readWarnings({ store }: ViewContext, deaths: number): Promise<readonly string[]> {
  const items = await store.countSetAside();
  return [
    ...(items > 0 ? [`${WARNING}${items === 1 ? '1 item is' : `${items} items are`} set aside`] : []),
    ...(deaths > 0 && deaths < MOST_DEATHS
      ? [`${WARNING}${deaths === 1 ? 'the last run has' : `the last ${deaths} runs have`} not ended well`]
      : []),
  ];
}

/** Returns a function that lists the faults that keep a server from being ready, a line each. Lines
 *  that begin with WARNING are only warnings. The faults: nothing is published, runs are overdue,
 *  runs die, or a feed is stale or has shrunk. Also another node has another configuration
 *  (`isSuperseded`), or the store is read-only. `intervalMs` is the time between two runs; null:
 *  this server starts none. `hasDied` reports that the last run of this process died.
 *  `hasPublished` reports that the store's first run has ended. Private feeds are neither named nor
 *  counted.
 *  @throws an error of the store that cannot be reached. */
export function createReadiness(
  context: ViewContext,
  intervalMs: number | null,
  isSuperseded: () => Promise<boolean>,
  hasDied: () => boolean = () => false,
  hasPublished: () => boolean = () => true,
) {
  const { store, clock } = context;
  const isOverdue = createOverdueCheck(context, intervalMs);
  let lastCheck: { readonly at: Date; readonly faults: readonly string[] } | null = null;
  return async (): Promise<readonly string[]> => {
    const now = clock.now();
    // Read first in any case: it fails when the store cannot be reached.
    const { n } = await store.readGeneration();
    if (n === 0 || !hasPublished()) return ['nothing has been published yet'];
    const overdue = (await isOverdue()) ? ['the last run is overdue'] : [];
    if (lastCheck === null || now.getTime() - lastCheck.at.getTime() > CHECK_EVERY_MS) {
      const health = await readHealth(context);
      const failing = health.filter(({ problem }) => problem !== null);
      const faults = failing.flatMap(({ slug, isPrivate, problem }) =>
        isPrivate ? [] : [`the feed ${slug}: ${problem?.message} [${problem?.code}]`],
      );
      // Anybody may ask; only readers of private feeds may know their names and number.
      const hidden = failing.some(({ isPrivate }) => isPrivate) ? ['a private feed has a fault'] : [];
      lastCheck = { at: now, faults: [...faults, ...hidden] };
    }
    const deaths = Math.max(await store.countDeaths(), hasDied() ? 1 : 0);
    const warnings = await readWarnings(context, deaths);
    const dead = deaths >= MOST_DEATHS ? [`${deaths} runs in a row have not ended`] : [];
    const other = (await isSuperseded()) ? ['another node has started with another configuration'] : [];
    const closed = (await store.isReadOnly())
      ? ['the store is read-only: runs publish nothing until the database accepts writes again']
      : [];
    return [...other, ...closed, ...overdue, ...dead, ...lastCheck.faults, ...warnings];
  };
}

/** Returns a function that reports whether runs are overdue. The time counts from this call: a
 *  server that was off for days has missed nothing yet. */
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
