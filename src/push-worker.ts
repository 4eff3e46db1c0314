import type { Config } from './config/config.ts';
import { openPush } from './push.ts';
import type { Push } from './push.ts';
import type { HubAnswer, Subscribing } from './serve/parts.ts';
import { answerRequests } from './thread-port.ts';
import type { ThreadWork } from './thread-port.ts';

/** What the thread is asked to do: what is due, with `isNews` after documents that may have news are served; or what a subscriber asks of the hub. */
export type PushRequest = { readonly kind: 'work'; readonly isNews: boolean } | { readonly kind: 'hub'; readonly request: Subscribing };

/** What came of it. */
export interface PushResult {
  readonly answer?: HubAnswer;
}

/** The process that pushes (W3C WebSub): thousands of deliveries make no reader of the server wait. It has a store connection of its own. */
if (import.meta.main) answerRequests(openWork);

function openWork(config: Config): ThreadWork<PushRequest, PushResult> {
  let opened: Promise<Push> | null = null;
  return {
    async answer(request) {
      opened ??= openPush(config);
      // A store that cannot be had now may be there for the next request.
      opened.catch(() => (opened = null));
      const push = await opened;
      if (request.kind === 'hub') return { answer: await push.askHub(request.request) };
      await push.work(request.isNews);
      return {};
    },
    stop: async () => (await opened)?.close(),
  };
}
