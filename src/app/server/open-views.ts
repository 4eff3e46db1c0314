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
import { answering } from '../config.ts';

/** All that a server shows of its store beside documents. */
export interface Views extends Pick<
  ServerContext,
  'readList' | 'readTags' | 'readStory' | 'readPublished' | 'readSources' | 'checkReady' | 'readFigures'
> {
  readonly readOverview: () => Promise<MetricsSnapshot>;
  /** Reports whether runs are the server's business, and none has come to its end in time. */
  readonly isOverdue: () => Promise<boolean>;
}

/** What views need beside the store. */
export interface ViewSources {
  /** false when runs are somebody else's business: then none is missed. */
  readonly hasSchedule: boolean;
  readonly documents: Pick<DocumentCache, 'read' | 'hasPublished'>;
  /** Why the last run that this server asked for could not be made; null when it was. */
  readonly readRunFailure: () => NewsfoldError | null;
  /** Lanes of sources that nodes have still to read; null where there are none. */
  readonly countQueue: CountsContext['countQueue'];
}

/** Makes the functions that a server answers from. */
export function openViews(config: AppConfig, store: Reads, { hasSchedule, documents, readRunFailure, countQueue }: ViewSources): Views {
  const clock = systemClock;
  const context: ViewContext = {
    store,
    clock,
    // Asked anew: one may end while the server runs.
    get feeds() {
      return answering(config);
    },
  };
  const intervalMs = hasSchedule ? intervalOf(config.schedule, config.timeZone) : null;
  const readOverview = createMetricsSnapshot(context);
  const figureParts: CountsContext = {
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
    readFigures: (runs) => readSiteCounts(figureParts, runs),
    readOverview,
    isOverdue: createOverdueCheck(context, intervalMs),
  };
}
