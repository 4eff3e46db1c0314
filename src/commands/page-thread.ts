import type { Config } from '../wiring.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { StoryResult } from '../page-worker.ts';
import type { Log } from '../ports/log.ts';
import type { StoryRequest } from '../serve/parts.ts';
import { createThread } from './thread.ts';
import type { Thread } from './thread.ts';

/** Heap, MB: a text of two million characters and what is made of it, and as much again of texts that are remembered. */
const MEMORY_MB = 256;
/** Stories that wait to be shown: whoever comes after them is told to come again. */
const MOST_WAITING = 50;

/** The thread that shows long stories, one at a time; it starts with the first of them.
 *  @throws NewsfoldError `page/busy` when too many wait. */
export function createPageThread(config: Config, log: Log): Thread<StoryRequest, StoryResult> {
  const thread = createThread<StoryRequest, StoryResult>(config, log, {
    file: 'page-worker',
    memoryMb: MEMORY_MB,
    explain: (reason) => `the process that shows long stories has died (${reason}); it is started anew`,
    isIdleFree: true,
  });
  let waiting = 0;
  return {
    async ask(request) {
      if (waiting >= MOST_WAITING) throw new NewsfoldError('page/busy', 'too many long stories wait to be shown');
      waiting++;
      try {
        return await thread.ask(request);
      } finally {
        waiting--;
      }
    },
    stop: () => thread.stop(),
  };
}
