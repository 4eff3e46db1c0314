import type { Feed } from '../model/feed.ts';
import type { FeedSnapshot, SiteCounts, SourceCondition } from '../model/counts.ts';
import type { FeedHealth, SourceView } from '../model/view.ts';
import type { MetricsSnapshot } from './metrics-snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reads } from '../ports/store/store.ts';

/** Everything that the counts are read with. */
export interface CountsContext {
  readonly store: Reads;
  readonly clock: Clock;
  readonly readOverview: () => Promise<MetricsSnapshot>;
  /** Returns when a feed's Atom document last changed; null when that is unknown. */
  readonly readModified: (feed: Pick<Feed, 'slug'>) => Promise<Date | null>;
  readonly hasHub: boolean;
  /** Returns null without nodes, or when the queue cannot be counted in time. */
  readonly countQueue: () => Promise<SiteCounts['queue']>;
}

/** Returns everything in numbers. `runs` selects the runs after number `no` that began at or after
 *  `since`. */
export async function readSiteCounts(context: CountsContext, runs: { readonly no: number; readonly since: Date }): Promise<SiteCounts> {
  const { store, clock, readOverview, hasHub } = context;
  const overview = await readOverview();
  const waiting = await store.readWaiting(clock.now());
  const feeds: FeedSnapshot[] = [];
  for (const health of overview.feeds.filter(({ isPrivate }) => !isPrivate)) feeds.push(await toFeedSnapshot(context, health));
  const { ended, last } = await store.readRuns(runs.no, runs.since);
  return {
    runs: ended,
    lastRun: last,
    sources: countConditions(overview.sources),
    entries: overview.entries,
    stories: overview.stories,
    setAside: await store.countSetAside(),
    feeds,
    privateFeedsFailing: overview.feeds.filter(({ isPrivate, problem }) => isPrivate && problem !== null).length,
    hub: hasHub ? await store.countHub() : null,
    pushesWaiting: [...waiting.values()].reduce((sum, { documents }) => sum + documents, 0),
    queue: await context.countQueue(),
  };
}

async function toFeedSnapshot({ readModified }: CountsContext, health: FeedHealth): Promise<FeedSnapshot> {
  const { slug, standing, newestAt, problem } = health;
  return {
    slug,
    standing,
    newestAt,
    modifiedAt: await readModified({ slug }),
    isStale: problem?.code === 'output/stale',
    isShrunk: problem?.code === 'output/shrunk',
  };
}

function countConditions(sources: readonly SourceView[]): Record<SourceCondition, number> {
  const counts: Record<SourceCondition, number> = { ok: 0, failing: 0, silent: 0, gone: 0, moved: 0, new: 0 };
  for (const source of sources) counts[toCondition(source)]++;
  return counts;
}

function toCondition({ status: { poll }, silence }: SourceView): SourceCondition {
  if (poll.gone) return 'gone';
  if (poll.failures > 0) return 'failing';
  if (silence !== null) return 'silent';
  if (poll.move !== null) return 'moved';
  return poll.lastPollAt === null ? 'new' : 'ok';
}
