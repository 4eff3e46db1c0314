import { parentPort } from 'node:worker_threads';
import { NewsfoldError } from '../model/errors.ts';
import type { Calls, FromThread, PartOf, ToThread } from './messages.ts';

/** The functions of a thread. */
export interface ThreadWork<C extends Calls<C>> {
  /** A function for each question. A large answer is given in pieces, since the asking thread takes
   *  each message in one step. */
  readonly answers: {
    readonly [N in keyof C]: (given: C[N]['given'], give: (part: PartOf<C[N]>) => void) => Promise<C[N]['answer']>;
  };
  /** Finishes or aborts any other work, and closes all resources. */
  readonly stop: () => Promise<void>;
}

/** The channel to the asking side: a worker thread's port, or the channel of a child process. */
interface Port {
  readonly listen: (take: (message: ToThread) => void) => void;
  /** Resolves when the message is on its way. */
  readonly send: (message: FromThread) => Promise<void>;
  readonly end: () => void;
}

/** Answers the questions that are asked of this thread (runtime/thread.ts) until it is told to
 *  stop; then the thread ends. `open` makes the answering functions from the `setup` of
 *  ThreadOptions. */
export function answerQuestions<C extends Calls<C>>(open: (setup: never) => ThreadWork<C>): void {
  const port = openPort();
  const send = (message: FromThread) => void port.send(message);
  const answering = new Set<Promise<unknown>>();
  let work: ThreadWork<C> | null = null;
  port.listen((message) => {
    if (message.kind === 'open') {
      work = open(message.setup as never);
      send({ kind: 'ready' });
      return;
    }
    if (message.kind === 'stop') {
      // This message must be the last one sent: the end of the process would cut off the others.
      void Promise.allSettled([work?.stop(), ...answering])
        .then(() => port.send({ kind: 'ended' }))
        .then(port.end);
      return;
    }
    const { id, name, given } = message;
    const answer = work?.answers[name as keyof C];
    if (!answer) return;
    const answered = answer(given, (part) => send({ kind: 'part', id, part }))
      .then(
        (result) => send({ kind: 'done', id, answer: result }),
        (error: unknown) => send({ kind: 'failed', id, ...toPlain(error) }),
      )
      .finally(() => answering.delete(answered));
    answering.add(answered);
  });
}

function openPort(): Port {
  const worker = parentPort;
  if (worker !== null)
    return {
      listen: (take) => void worker.on('message', take),
      send: async (message) => worker.postMessage(message),
      end: () => worker.close(),
    };
  // The server decides when this process ends. A signal to all processes of a service is meant for
  // the server.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // The asking process is gone.
  process.on('disconnect', () => process.exit());
  return {
    listen: (take) => void process.on('message', (message) => take(message as ToThread)),
    send: (message) => new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve())),
    end: () => process.exit(),
  };
}

/** An error as plain data. */
function toPlain(error: unknown): { readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 } {
  if (error instanceof NewsfoldError) return { code: error.code, message: error.message, exitCode: error.exitCode };
  return { code: 'run/failed', message: error instanceof Error ? (error.stack ?? error.message) : 'unknown', exitCode: 3 };
}
