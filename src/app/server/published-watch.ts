import type { Log } from '../../ports/log.ts';
import type { RunReads } from '../../ports/store/runs.ts';
import type { DocumentCache } from '../../serve/documents.ts';

/** A watch over what is published. */
export interface PublishedWatch {
  /** Looks at once; resolves when what there is new is served. */
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** How often the store is looked at for what other processes changed: it shows within two seconds
 *  (docs/design.md §88). */
const WATCH_MS = 500;
/** A rendering that fails is tried again after half a minute, whether or not something is published
 *  meanwhile. */
const LOOKS_AFTER_FAILURE = 60;

/** All that the watch needs from outside. */
export interface PublishedWatchContext {
  readonly store: RunReads;
  readonly documents: Pick<DocumentCache, 'hasPublished' | 'refresh' | 'noteRun'>;
  readonly log: Log;
  /** Number of what was published when the documents at hand were rendered. */
  readonly published: number;
  /** Called when new documents are served. */
  readonly onNews: () => void;
}

/** Renders anew when any process has published since the documents at hand were rendered. */
export function watchPublished({ store, documents, log, published, onNews }: PublishedWatchContext): PublishedWatch {
  // None yet: the first look compares generations.
  let mark: string | null = null;
  let generation = published;
  let looksToSkip = 0;
  const look = async () => {
    if (looksToSkip > 0) looksToSkip--;
    if (looksToSkip > 0) return;
    const newMark = await store.readMark();
    // The end of a run that has published nothing is no news to PostgreSQL.
    if (newMark === mark && documents.hasPublished()) return;
    // Before the generation: then all that this run has published is in the documents.
    const hasRun = documents.hasPublished() || (await store.readLastRun()) !== null;
    const { n } = await store.readGeneration();
    if (n !== generation && !(await documents.refresh())) {
      looksToSkip = LOOKS_AFTER_FAILURE;
      return;
    }
    if (hasRun) documents.noteRun();
    if (n !== generation) onNews();
    [mark, generation] = [newMark, n];
  };
  let looking = Promise.resolve();
  const lookNext = () => {
    looking = looking.then(look).catch((error: unknown) => log.error({ err: error }, 'the store could not be looked at'));
    return looking;
  };
  const timer = setInterval(() => void lookNext(), WATCH_MS);
  const listening = store.watchPublished(() => void lookNext());
  return {
    look: lookNext,
    async stop() {
      clearInterval(timer);
      const stopListening = await listening;
      await stopListening();
    },
  };
}
