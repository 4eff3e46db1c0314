import type { MessagePort } from 'node:worker_threads';
import { NewsfoldError } from './model/errors.ts';

/** What a thread is to do with what it is asked. */
export interface ThreadWork<Request, Result> {
  readonly answer: (request: Request) => Promise<Result>;
  /** What it is told to finish, and then closes. */
  readonly stop: () => Promise<void>;
}

/** Answers requests that come to a thread, each with its `id`, until one says `stop`; then the thread ends (commands/thread.ts). */
export function answerRequests<Request, Result>(port: MessagePort, work: ThreadWork<Request, Result>): void {
  port.on('message', (request: { readonly id: number } & Request & { readonly kind: string }) => {
    if (request.kind === 'stop') void work.stop().finally(() => port.close());
    else
      void work.answer(request).then(
        (result) => port.postMessage({ id: request.id, kind: 'done', result }),
        (error: unknown) => port.postMessage({ id: request.id, kind: 'failed', ...toPlain(error) }),
      );
  });
}

/** An error as plain data. */
function toPlain(error: unknown): { readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 } {
  if (error instanceof NewsfoldError) return { code: error.code, message: error.message, exitCode: error.exitCode };
  return { code: 'run/failed', message: error instanceof Error ? (error.stack ?? error.message) : 'unknown', exitCode: 3 };
}
