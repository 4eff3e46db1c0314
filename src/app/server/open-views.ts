import { isSuperseded } from '../../check-config.ts';
import type { Config } from '../../config/config.ts';
import { readFigures } from '../../figures.ts';
import type { FigureParts } from '../../figures.ts';
import type { NewsfoldError } from '../../model/errors.ts';
import { createOverview } from '../../overview.ts';
import type { Overview } from '../../overview.ts';
import type { Reads } from '../../ports/store/store.ts';
import { createOverdueCheck, createReadiness } from '../../readiness.ts';
import { systemClock } from '../../runtime/clock.ts';
import { intervalOf } from '../../schedule.ts';
import type { DocumentCache } from '../../serve/documents.ts';
import type { ServeParts } from '../../serve/parts.ts';
import { readStoryAnswer } from '../../story-view.ts';
import { readSourcesView } from '../../views/sources.ts';
import { readList, readTags } from '../../views.ts';
import type { ViewParts } from '../../views.ts';
import { answering } from '../../wiring.ts';

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
