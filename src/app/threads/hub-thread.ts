import { addresses } from './worker-files.ts';
import type { AppConfig } from '../../config/config.ts';
import type { HubAnswer, SubscriptionRequest } from '../../model/hub.ts';
import type { Log } from '../../ports/log.ts';
import type { PushCalls } from './hub-worker.ts';
import { createThread } from '../../runtime/thread.ts';

/** The hub's process as the server sees it. */
interface HubThread {
  /** Does the work that is due, now and then every second. */
  readonly start: () => void;
  /** Notes that the served documents have changed, so that subscribers are notified. */
  readonly tell: () => void;
  /** Passes a request to the hub.
   *  @throws NewsfoldError when the process dies over it. */
  readonly askHub: (request: SubscriptionRequest) => Promise<HubAnswer>;
  readonly stop: () => Promise<void>;
}

/** Interval at which due work is looked for: retries, verifications, leases. */
const BEAT_MS = 1000;
/** Heap, MB: the documents of all public feeds and a thousand deliveries under way. */
const MEMORY_MB = 512;

/** Creates the process; it starts with `start`. */
export function createHubThread(config: AppConfig, log: Log): HubThread {
  const thread = createThread<PushCalls>({
    address: addresses.push,
    kind: 'process',
    memoryMb: MEMORY_MB,
    setup: config,
    explain: (reason) => `the WebSub process died (${reason}); it is started again`,
    log,
  });
  let beat: NodeJS.Timeout | undefined;
  let working: Promise<unknown> | null = null;
  // A new process does not know what was announced before, so it assumes news.
  let isNews = true;
  const work = () => {
    if (working !== null || beat === undefined) return;
    const hasNews = isNews;
    isNews = false;
    working = thread.ask('work', { isNews: hasNews }).then(
      () => {
        working = null;
        if (isNews) work();
      },
      (error: unknown) => {
        working = null;
        // The next beat tries again.
        isNews = true;
        log.error({ err: error }, 'WebSub deliveries could not be made; they are tried again');
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
