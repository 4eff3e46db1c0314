import type { AppConfig } from '../../config/config.ts';
import type { HubAnswer, SubscriptionRequest } from '../../model/hub.ts';
import { openHubProcess } from '../hub.ts';
import type { HubProcess } from '../hub.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';
import type { ThreadWork } from '../../runtime/thread-port.ts';

/** The calls of the hub's process. */
export interface PushCalls {
  /** Does the work that is due. With `isNews`, documents that may have changed are being served. */
  readonly work: { readonly given: { readonly isNews: boolean }; readonly answer: void };
  /** A subscriber's request to the hub. */
  readonly hub: { readonly given: SubscriptionRequest; readonly answer: HubAnswer };
}

/** The hub's process (W3C WebSub): thousands of deliveries must not slow the server. It has its
 *  own store connection. */
if (import.meta.main) answerQuestions(openWork);

function openWork(config: AppConfig): ThreadWork<PushCalls> {
  let opened: Promise<HubProcess> | null = null;
  const open = (): Promise<HubProcess> => {
    const opening = (opened ??= openHubProcess(config));
    // A store that cannot be opened now may be available at the next call.
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
