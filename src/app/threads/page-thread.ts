import { addresses } from './worker-files.ts';
import type { AppConfig } from '../../config/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { PageCalls } from './page-worker.ts';
import type { Log } from '../../ports/log.ts';
import type { ShowLong } from '../../serve/server-context.ts';
import { createThread } from '../../runtime/thread.ts';

/** Heap, MB: a text of two million characters with its page, and as much again of cached texts. */
const MEMORY_MB = 256;
/** Most stories that wait to be rendered; further requests are told to come again. */
const MOST_WAITING = 50;

/** The process that renders long stories, one at a time. */
interface PageThread extends ShowLong {
  readonly stop: () => Promise<void>;
}

/** Creates the process; it starts with the first long story. Its functions throw NewsfoldError
 *  `page/busy` when too many stories wait. */
export function createPageThread(config: AppConfig, log: Log): PageThread {
  const thread = createThread<PageCalls>({
    address: addresses.page,
    kind: 'process',
    memoryMb: MEMORY_MB,
    setup: config,
    explain: (reason) => `the process that renders long stories died (${reason}); it is started again`,
    log,
    isIdleFree: true,
  });
  let waiting = 0;
  const inTurn = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (waiting >= MOST_WAITING) throw new NewsfoldError('page/busy', 'too many long stories are being rendered');
    waiting++;
    try {
      return await ask();
    } finally {
      waiting--;
    }
  };
  return {
    page: (view, frame) => inTurn(() => thread.ask('page', { view, frame })),
    detail: (view) => inTurn(() => thread.ask('detail', { view })),
    stop: () => thread.stop(),
  };
}
