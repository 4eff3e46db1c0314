import type { Log } from '../../ports/log.ts';
import type { RunReads } from '../../ports/store/runs.ts';
import type { DocumentCache } from '../../serve/documents.ts';

/** Watches the store for new publications. */
export interface PublishedWatch {
  /** Checks at once; resolves when new documents are served. */
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Interval at which the store is checked for changes of other processes, which must show within
 *  two seconds (docs/design.md §88). */
const WATCH_MS = 500;
/** Checks that are skipped after a failed rendering: half a minute, whether or not something is
 *  published meanwhile. */
const LOOKS_AFTER_FAILURE = 60;

/** The context of the watch. */
interface PublishedWatchContext {
  readonly store: RunReads;
  readonly documents: Pick<DocumentCache, 'hasPublished' | 'refresh' | 'noteRun'>;
  readonly log: Log;
  /** Publication number at which the current documents were rendered. */
  readonly published: number;
  /** Called when new documents are served. */
  readonly onNews: () => void;
}

/** Renders the documents again when any process has published. */
export function watchPublished({ store, documents, log, published, onNews }: PublishedWatchContext): PublishedWatch {
  // null at first: the first check compares the generations.
  let mark: string | null = null;
  let generation = published;
  let looksToSkip = 0;
  const look = async () => {
    if (looksToSkip > 0) looksToSkip--;
    if (looksToSkip > 0) return;
    const newMark = await store.readMark();
    // PostgreSQL sends no notice of a run that published nothing.
    if (newMark === mark && documents.hasPublished()) return;
    // Read before the generation, so that the documents contain all that this run published.
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
    looking = looking.then(look).catch((error: unknown) => log.error({ err: error }, 'the store could not be read'));
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
