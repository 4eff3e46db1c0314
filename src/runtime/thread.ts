import { basename, extname } from 'node:path';
import { NewsfoldError } from '../model/errors.ts';
import type { Log } from '../ports/log.ts';
import { startProcess } from './child-process.ts';
import type { Calls, Carrier, FromThread, PartOf } from './messages.ts';
import { startWorker } from './worker-thread.ts';

/** A process or thread that answers questions. It starts with the first question, and again after
 *  its death. */
interface Thread<C extends Calls<C>> {
  /** Starts the thread unless it runs; resolves when the thread is ready for questions.
   *  @throws NewsfoldError `run/died` when the thread ends before that. */
  readonly begin: () => Promise<void>;
  /** Asks a question; `onPart` receives the pieces that come before the answer.
   *  @throws NewsfoldError as the thread throws it; `run/died` when the thread dies during the
   *  question. */
  readonly ask: <N extends keyof C & string>(
    name: N,
    given: C[N]['given'],
    onPart?: (part: PartOf<C[N]>) => void,
  ) => Promise<C[N]['answer']>;
  /** Lets the thread finish what it has begun, then ends it. */
  readonly stop: () => Promise<void>;
  /** Ends the thread at once; all open questions are rejected. */
  readonly kill: () => Promise<void>;
}

/** Settings of a thread. */
interface ThreadOptions {
  /** The file that the thread runs, which calls `answerQuestions` (thread-port.ts). */
  readonly address: URL;
  /** A worker thread shares this process, which dies with it when a built-in runs out of memory. */
  readonly kind: 'process' | 'worker';
  /** Limit of the heap. A thread that needs more dies, and this process survives. */
  readonly memoryMb: number;
  /** Plain data from which the thread makes its answering functions. */
  readonly setup: unknown;
  /** Returns the message of the error that rejects the questions of a thread that died. */
  readonly explain: (reason: string) => string;
  /** Receives an entry for each death; null when the caller reports deaths itself. */
  readonly log: Log | null;
  /** true: an idle thread does not keep the program alive. Default false. */
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

/** Makes a thread without starting it. */
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
    // The questions of this thread report the same error.
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
