import type { Config } from '../../config/config.ts';
import type { HubAnswer, Subscribing } from '../../model/hub.ts';
import { openPush } from '../hub.ts';
import type { Push } from '../hub.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';
import type { ThreadWork } from '../../runtime/thread-port.ts';

/** The questions of the process that pushes. */
export interface PushCalls {
  /** Works what is due. With `isNews`, documents that may have news are served now. */
  readonly work: { readonly given: { readonly isNews: boolean }; readonly answer: void };
  /** A subscriber's request to the hub. */
  readonly hub: { readonly given: Subscribing; readonly answer: HubAnswer };
}

/** The process that pushes (W3C WebSub): thousands of deliveries make no reader of the server wait. It has a store connection of its own. */
if (import.meta.main) answerQuestions(openWork);

function openWork(config: Config): ThreadWork<PushCalls> {
  let opened: Promise<Push> | null = null;
  const open = (): Promise<Push> => {
    const opening = (opened ??= openPush(config));
    // A store that cannot be had now may be there for the next question.
    opening.catch(() => (opened = null));
    return opening;
  };
  return {
    answers: {
      work: async ({ isNews }) => (await open()).work(isNews),
      hub: async (request) => (await open()).askHub(request),
    },
    stop: async () => (await opened)?.close(),
  };
}
