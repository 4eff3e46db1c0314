import type { Config } from './config/config.ts';
import { NewsfoldError } from './model/errors.ts';

/** What a thread is to do with what it is asked. */
export interface ThreadWork<Request, Result> {
  /** A large result is given piece by piece: each message is taken in one step of the server's
   *  thread. */
  readonly answer: (request: Request, give: (part: unknown) => void) => Promise<Result>;
  /** What it is told to finish, and then closes. */
  readonly stop: () => Promise<void>;
}

/** Answers requests that the server sends to this process, each with its `id`, until one says `stop`; then the process ends (commands/thread.ts). The first message is
 *  the configuration, with which `open` makes what answers. */
export function answerRequests<Request, Result>(open: (config: Config) => ThreadWork<Request, Result>): void {
  // The server is who decides when it ends: a signal to all processes of a service is the server's to hear.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ignore);
  // Nobody is left to answer.
  process.on('disconnect', () => process.exit());
  const send = (answer: object) => process.send?.(answer, undefined, undefined, ignore);
  process.once('message', (config) => {
    const work = open(config as Config);
    const answering = new Set<Promise<unknown>>();
    process.on('message', (request: { readonly id: number } & Request & { readonly kind: string }) => {
      if (request.kind === 'stop') {
        const end = () => process.send?.({ id: 0, kind: 'part', part: null }, undefined, undefined, () => process.exit());
        // After all that was sent before: the end of the process would cut it off.
        void Promise.allSettled([work.stop(), ...answering]).then(end);
        return;
      }
      const answered = work
        .answer(request, (part) => send({ id: request.id, kind: 'part', part }))
        .then(
          (result) => send({ id: request.id, kind: 'done', result }),
          (error: unknown) => send({ id: request.id, kind: 'failed', ...toPlain(error) }),
        )
        .finally(() => answering.delete(answered));
      answering.add(answered);
    });
  });
}

const ignore = () => undefined;

/** An error as plain data. */
function toPlain(error: unknown): { readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 } {
  if (error instanceof NewsfoldError) return { code: error.code, message: error.message, exitCode: error.exitCode };
  return { code: 'run/failed', message: error instanceof Error ? (error.stack ?? error.message) : 'unknown', exitCode: 3 };
}
