import { isSuperseded } from '../../cluster/config-agreement.ts';
import type { AppConfig } from '../../config/config.ts';
import { readSiteCounts } from '../../views/counts.ts';
import type { CountsContext } from '../../views/counts.ts';
import type { NewsfoldError } from '../../model/errors.ts';
import { createMetricsSnapshot } from '../../views/metrics-snapshot.ts';
import type { MetricsSnapshot } from '../../views/metrics-snapshot.ts';
import type { Reads } from '../../ports/store/store.ts';
import { createOverdueCheck, createReadiness } from '../../views/readiness.ts';
import { systemClock } from '../../runtime/clock.ts';
import { intervalOf } from '../../run/schedule.ts';
import type { DocumentCache } from '../../serve/documents.ts';
import type { ServerContext } from '../../serve/server-context.ts';
import { readStoryAnswer } from '../../views/story.ts';
import { readSourcesView } from '../../views/sources.ts';
import { readStoryList, readTags } from '../../views/stories.ts';
import type { ViewContext } from '../../views/stories.ts';
import { publishedFeeds } from '../config.ts';

/** The data that a server shows besides documents. */
interface Views extends Pick<
  ServerContext,
  'readList' | 'readTags' | 'readStory' | 'readPublished' | 'readSources' | 'checkReady' | 'readFigures'
> {
  readonly readOverview: () => Promise<MetricsSnapshot>;
  /** Reports whether this server should have completed a run by now and has not. */
  readonly isOverdue: () => Promise<boolean>;
}

/** The context of the views besides the store. */
export interface ViewSources {
  /** false when other processes make the runs: then none is overdue. */
  readonly hasSchedule: boolean;
  readonly documents: Pick<DocumentCache, 'read' | 'hasPublished'>;
  /** Returns the error of the last requested run; null when it succeeded. */
  readonly readRunFailure: () => NewsfoldError | null;
  /** Returns the number of host queues that nodes still have to read; null without a cluster. */
  readonly countQueue: CountsContext['countQueue'];
}

/** Creates the functions that return what pages and API show. */
export function openViews(config: AppConfig, store: Reads, { hasSchedule, documents, readRunFailure, countQueue }: ViewSources): Views {
  const clock = systemClock;
  const context: ViewContext = {
    store,
    clock,
    // Computed at each access, since a feed may end while the server runs.
    get feeds() {
      return publishedFeeds(config);
    },
  };
  const intervalMs = hasSchedule ? intervalOf(config.schedule, config.timeZone) : null;
  const readOverview = createMetricsSnapshot(context);
  const countsContext: CountsContext = {
    store,
    clock,
    readOverview,
    readModified: async (feed) => (await documents.read(feed, 'atom')).lastModified,
    hasHub: config.websub.isOwn,
    countQueue,
  };
  return {
    readList: (feeds, selection) => readStoryList(context, feeds, selection),
    readTags: (feed) => readTags(context, feed),
    readStory: (key, mayRead) => readStoryAnswer(context, key, mayRead),
    readPublished: async () => (await store.readGeneration()).n,
    readSources: (feeds) => readSourcesView(context, feeds),
    checkReady: createReadiness(
      context,
      intervalMs,
      () => isSuperseded(config, store),
      () => readRunFailure()?.code === 'run/died',
      documents.hasPublished,
    ),
    readFigures: (runs) => readSiteCounts(countsContext, runs),
    readOverview,
    isOverdue: createOverdueCheck(context, intervalMs),
  };
}
