import type { AppConfig } from '../../config/config.ts';
import type { HubAnswer, Subscribing } from '../../model/hub.ts';
import { openHubProcess } from '../hub.ts';
import type { HubProcess } from '../hub.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';
import type { ThreadWork } from '../../runtime/thread-port.ts';

/** The questions of the process that pushes. */
export interface PushCalls {
  /** Works what is due. With `isNews`, documents that may have news are served now. */
  readonly work: { readonly given: { readonly isNews: boolean }; readonly answer: void };
  /** A subscriber's request to the hub. */
  readonly hub: { readonly given: Subscribing; readonly answer: HubAnswer };
}

/** The process that pushes (W3C WebSub): thousands of deliveries make no reader of the server wait.
 *  It has a store connection of its own. */
if (import.meta.main) answerQuestions(openWork);

function openWork(config: AppConfig): ThreadWork<PushCalls> {
  let opened: Promise<HubProcess> | null = null;
  const open = (): Promise<HubProcess> => {
    const opening = (opened ??= openHubProcess(config));
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
