import { addresses } from './addresses.ts';
import type { AppConfig } from '../../config/config.ts';
import type { HubAnswer, Subscribing } from '../../model/hub.ts';
import type { Log } from '../../ports/log.ts';
import type { PushCalls } from './hub-worker.ts';
import { createThread } from '../../runtime/thread.ts';

/** The thread that pushes, as the server sees it. */
export interface HubThread {
  /** Works what is due, and from now on every second. */
  readonly start: () => void;
  /** The documents that are served have changed: whoever is to be told is told. */
  readonly tell: () => void;
  /** @throws NewsfoldError when the thread dies over it. */
  readonly askHub: (request: Subscribing) => Promise<HubAnswer>;
  readonly stop: () => Promise<void>;
}

/** How often it is looked for what is due: retries, questions, leases. */
const BEAT_MS = 1000;
/** Heap, MB: the documents of all public feeds, and a thousand deliveries under way. */
const MEMORY_MB = 512;

/** Makes the thread; it starts with `start`. */
export function createHubThread(config: AppConfig, log: Log): HubThread {
  const thread = createThread<PushCalls>({
    address: addresses.push,
    kind: 'process',
    memoryMb: MEMORY_MB,
    setup: config,
    explain: (reason) => `what pushes has died (${reason}); it is started anew`,
    log,
  });
  let beat: NodeJS.Timeout | undefined;
  let working: Promise<unknown> | null = null;
  // At first, and after a death, nothing is known of what is news.
  let isNews = true;
  const work = () => {
    if (working !== null || beat === undefined) return;
    const told = isNews;
    isNews = false;
    working = thread.ask('work', { isNews: told }).then(
      () => {
        working = null;
        if (isNews) work();
      },
      (error: unknown) => {
        working = null;
        // The next beat tries again.
        isNews = true;
        log.error({ err: error }, 'what is to be pushed could not be worked');
      },
    );
  };
  return {
    start() {
      beat ??= setInterval(work, BEAT_MS);
      work();
    },
    tell() {
      isNews = true;
      work();
    },
    askHub: (request) => thread.ask('hub', request),
    async stop() {
      clearInterval(beat);
      beat = undefined;
      await thread.stop();
    },
  };
}
