import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Config } from '../wiring.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Log } from '../ports/log.ts';

/** What a thread answers; `id` is that of the request. Errors cross the thread as plain data. */
export type ThreadAnswer<Result> =
  | { readonly id: number; readonly kind: 'done'; readonly result: Result }
  | { readonly id: number; readonly kind: 'failed'; readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 };

/** A thread that answers requests, and to `{ kind: 'stop' }` finishes the step at hand and ends. */
export interface Thread<Request, Result> {
  /** Rejects with NewsfoldError when the thread says so or dies over it; the next request starts a new one. */
  readonly ask: (request: Request) => Promise<Result>;
  /** Lets the step at hand finish, then ends the thread. */
  readonly stop: () => Promise<void>;
}

interface ThreadOptions {
  /** `run-worker`: the file of src/ that it runs, without its ending. */
  readonly file: string;
  /** Cap of its heap: what needs more dies, is reported, and costs the server nothing. */
  readonly memoryMb: number;
  /** Why a request failed that the thread has died over. */
  readonly explain: (reason: string) => string;
}

/** Makes a thread that starts with the first request. */
export function createThread<Request extends object, Result>(config: Config, log: Log, options: ThreadOptions): Thread<Request, Result> {
  const waiting = new Map<number, { readonly resolve: (result: Result) => void; readonly reject: (error: NewsfoldError) => void }>();
  let worker: Worker | null = null;
  let lastId = 0;
  const settle = (answer: ThreadAnswer<Result>) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'done') asked?.resolve(answer.result);
    else asked?.reject(new NewsfoldError(answer.code, answer.message, { exitCode: answer.exitCode }));
  };
  const start = () => {
    // The file beside this one's folder: .ts from source, .js from dist.
    const file = new URL(`../${options.file}${extname(import.meta.url)}`, import.meta.url);
    const started = new Worker(file, { workerData: config, resourceLimits: { maxOldGenerationSizeMb: options.memoryMb } });
    let reason = 'it ended';
    started.on('message', settle);
    started.on('error', (error: Error) => (reason = error.message));
    started.on('exit', (code) => {
      if (worker === started) worker = null;
      if (code !== 0 || waiting.size > 0)
        log.error({ code, reason, thread: options.file }, 'a thread has died; the next request starts a new one');
      for (const { reject } of waiting.values()) reject(new NewsfoldError('run/died', options.explain(reason), { exitCode: 3 }));
      waiting.clear();
    });
    return started;
  };
  return {
    ask: (request) =>
      new Promise<Result>((resolve, reject) => {
        worker ??= start();
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ...request });
      }),
    async stop() {
      const ending = worker;
      if (!ending) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.postMessage({ kind: 'stop' });
      await ended;
    },
  };
}
