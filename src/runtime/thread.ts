import { basename, extname } from 'node:path';
import { NewsfoldError } from '../model/errors.ts';
import type { Log } from '../ports/log.ts';
import { startProcess } from './child-process.ts';
import type { Calls, Carrier, FromThread, PartOf } from './messages.ts';
import { startWorker } from './worker-thread.ts';

/** A process or thread of its own that answers questions. It starts with the first of them, and
 *  anew after its end. */
export interface Thread<C extends Calls<C>> {
  /** Starts it, if it does not run; resolves when it is ready to be asked.
   *  @throws NewsfoldError `run/died` when it ends before that. */
  readonly begin: () => Promise<void>;
  /** Asks a question; `onPart` is given the pieces that come before the answer.
   *  @throws NewsfoldError as the thread throws it; `run/died` when the thread dies over it. */
  readonly ask: <N extends keyof C & string>(
    name: N,
    given: C[N]['given'],
    onPart?: (part: PartOf<C[N]>) => void,
  ) => Promise<C[N]['answer']>;
  /** Lets what it has begun finish, then ends it. */
  readonly stop: () => Promise<void>;
  /** Ends it at once; all questions are rejected. */
  readonly kill: () => Promise<void>;
}

/** Settings of a thread. */
export interface ThreadOptions {
  /** The file that it runs, which calls `answerQuestions` (thread-port.ts). */
  readonly address: URL;
  /** A worker thread shares this process, which dies with it when a built-in runs out of memory. */
  readonly kind: 'process' | 'worker';
  /** Cap of its heap. A thread that needs more dies, and costs this process nothing. */
  readonly memoryMb: number;
  /** Plain data that the thread makes its answers with. */
  readonly setup: unknown;
  /** Returns the message of the error that rejects questions over which the thread died. */
  readonly explain: (reason: string) => string;
  /** Told of each death; null: the caller tells it. */
  readonly log: Log | null;
  /** true: it keeps no program from ending while nothing is asked of it. Default false. */
  readonly isIdleFree?: boolean;
}

interface Running {
  readonly carrier: Carrier;
  readonly ready: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<void>;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: NewsfoldError) => void;
  readonly onPart: ((part: never) => void) | undefined;
}

/** Makes a thread, and starts nothing yet. */
export function createThread<C extends Calls<C>>(options: ThreadOptions): Thread<C> {
  const { address, memoryMb, log } = options;
  const waiting = new Map<number, Waiting>();
  let running: Running | null = null;
  let lastId = 0;
  const take = (message: FromThread, { ready }: Running) => {
    if (message.kind === 'ready') ready.resolve();
    if (message.kind === 'ready' || message.kind === 'ended') return;
    const asked = waiting.get(message.id);
    if (message.kind === 'part') {
      asked?.onPart?.(message.part as never);
      return;
    }
    waiting.delete(message.id);
    if (message.kind === 'done') asked?.resolve(message.answer);
    else asked?.reject(new NewsfoldError(message.code, message.message, { exitCode: message.exitCode }));
    if (waiting.size === 0 && options.isIdleFree === true) running?.carrier.hold(false);
  };
  const forget = (over: Running, reason: string) => {
    if (running !== over) return;
    running = null;
    const error = new NewsfoldError('run/died', options.explain(reason), { exitCode: 3 });
    over.ready.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = () => {
    const started: Running = {
      ready: Promise.withResolvers(),
      ended: Promise.withResolvers(),
      carrier: (options.kind === 'process' ? startProcess : startWorker)(address, memoryMb, {
        onMessage: (message) => {
          if (running === started) take(message, started);
        },
        onEnd(reason, isDeath) {
          if (running === started && (isDeath || waiting.size > 0))
            log?.error(
              { reason, thread: basename(address.pathname, extname(address.pathname)) },
              'a thread has died; the next request starts a new one',
            );
          forget(started, reason);
          started.ended.resolve();
        },
      }),
    };
    // Its questions tell it, too.
    started.ready.promise.catch(() => undefined);
    started.carrier.send({ kind: 'open', setup: options.setup });
    return started;
  };
  return {
    async begin() {
      running ??= start();
      await running.ready.promise;
    },
    ask: (name, given, onPart) =>
      new Promise((resolve, reject) => {
        running ??= start();
        const id = ++lastId;
        waiting.set(id, { resolve, reject, onPart });
        running.carrier.hold(true);
        running.carrier.send({ kind: 'ask', id, name, given });
      }),
    async stop() {
      if (running === null) return;
      running.carrier.hold(true);
      running.carrier.send({ kind: 'stop' });
      await running.ended.promise;
    },
    async kill() {
      const over = running;
      if (over === null) return;
      forget(over, 'it was ended');
      await over.carrier.kill();
    },
  };
}
