import { isSuperseded } from '../../cluster/config-agreement.ts';
import type { Config } from '../../config/config.ts';
import { readFigures } from '../../views/counts.ts';
import type { FigureParts } from '../../views/counts.ts';
import type { NewsfoldError } from '../../model/errors.ts';
import { createOverview } from '../../views/metrics-snapshot.ts';
import type { Overview } from '../../views/metrics-snapshot.ts';
import type { Reads } from '../../ports/store/store.ts';
import { createOverdueCheck, createReadiness } from '../../views/readiness.ts';
import { systemClock } from '../../runtime/clock.ts';
import { intervalOf } from '../../run/schedule.ts';
import type { DocumentCache } from '../../serve/documents.ts';
import type { ServeParts } from '../../serve/server-context.ts';
import { readStoryAnswer } from '../../views/story.ts';
import { readSourcesView } from '../../views/sources.ts';
import { readList, readTags } from '../../views/stories.ts';
import type { ViewParts } from '../../views/stories.ts';
import { answering } from '../config.ts';

/** All that a server shows of its store beside documents. */
export interface Views extends Pick<
  ServeParts,
  'readList' | 'readTags' | 'readStory' | 'readPublished' | 'readSources' | 'checkReady' | 'readFigures'
> {
  readonly readOverview: () => Promise<Overview>;
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
  readonly countQueue: FigureParts['countQueue'];
}

/** Makes the functions that a server answers from. */
export function openViews(config: Config, store: Reads, { hasSchedule, documents, readRunFailure, countQueue }: ViewSources): Views {
  const clock = systemClock;
  const parts: ViewParts = {
    store,
    clock,
    // Asked anew: one may end while the server runs.
    get feeds() {
      return answering(config);
    },
  };
  const intervalMs = hasSchedule ? intervalOf(config.schedule, config.timeZone) : null;
  const readOverview = createOverview(parts);
  const figureParts: FigureParts = {
    store,
    clock,
    readOverview,
    readModified: async (feed) => (await documents.read(feed, 'atom')).lastModified,
    hasHub: config.websub.isOwn,
    countQueue,
  };
  return {
    readList: (feeds, selection) => readList(parts, feeds, selection),
    readTags: (feed) => readTags(parts, feed),
    readStory: (key, mayRead) => readStoryAnswer(parts, key, mayRead),
    readPublished: async () => (await store.readGeneration()).n,
    readSources: (feeds) => readSourcesView(parts, feeds),
    checkReady: createReadiness(
      parts,
      intervalMs,
      () => isSuperseded(config, store),
      () => readRunFailure()?.code === 'run/died',
      documents.hasPublished,
    ),
    readFigures: (runs) => readFigures(figureParts, runs),
    readOverview,
    isOverdue: createOverdueCheck(parts, intervalMs),
  };
}
