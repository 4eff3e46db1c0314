import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../wiring.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Log } from '../ports/log.ts';

/** An answer of a thread; `id` is that of the request. Errors cross as plain data. */
export type ThreadAnswer<Result> =
  | { readonly id: number; readonly kind: 'done'; readonly result: Result }
  | { readonly id: number; readonly kind: 'part'; readonly part: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 };

/** A thread of work that answers requests, and to `{ kind: 'stop' }` finishes the step at hand and ends. */
export interface Thread<Request, Result> {
  /** Rejects with NewsfoldError when the thread says so or dies over it; the next request starts a new one. */
  readonly ask: (request: Request, onPart?: (part: unknown) => void) => Promise<Result>;
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
  /** true: it keeps no program from ending while nothing is asked of it. Default false. */
  readonly isIdleFree?: boolean;
}

/** Makes a thread of work that starts with the first request. It is a process of its own. A
 *  worker thread of Node that runs out of memory inside a built-in takes the whole server with
 *  it: V8 cannot stop it there. Examples are an ArrayBuffer and a regular expression. */
export function createThread<Request extends object, Result>(config: Config, log: Log, options: ThreadOptions): Thread<Request, Result> {
  const waiting = new Map<number, Waiting<Result>>();
  let child: ChildProcess | null = null;
  let lastId = 0;
  const settle = (answer: ThreadAnswer<Result>) => {
    const asked = waiting.get(answer.id);
    if (answer.kind === 'part') {
      asked?.onPart?.(answer.part);
      return;
    }
    waiting.delete(answer.id);
    if (answer.kind === 'done') asked?.resolve(answer.result);
    else asked?.reject(new NewsfoldError(answer.code, answer.message, { exitCode: answer.exitCode }));
    if (waiting.size === 0) holdProgram(false);
  };
  /** Whether the program waits for the thread before it ends. */
  const holdProgram = (isHeld: boolean) => {
    if (options.isIdleFree !== true) return;
    if (isHeld) child?.ref();
    else child?.unref();
    if (isHeld) child?.channel?.ref();
    else child?.channel?.unref();
  };
  const start = () => {
    // The file beside this one's folder: .ts from source, .js from dist.
    const file = new URL(`../${options.file}${extname(import.meta.url)}`, import.meta.url);
    const started = fork(fileURLToPath(file), [], {
      serialization: 'advanced',
      // A terminal's Ctrl-C is for the server, which lets the step at hand finish.
      detached: true,
      execArgv: [...process.execArgv, `--max-old-space-size=${options.memoryMb}`],
    });
    let reason = 'it ended';
    let isOver = false;
    const end = (why: string, isDeath: boolean) => {
      if (isOver) return;
      isOver = true;
      if (child === started) child = null;
      if (isDeath || waiting.size > 0)
        log.error({ reason: why, thread: options.file }, 'a thread has died; the next request starts a new one');
      for (const { reject } of waiting.values()) reject(new NewsfoldError('run/died', options.explain(why), { exitCode: 3 }));
      waiting.clear();
    };
    started.on('message', (answer) => settle(answer as ThreadAnswer<Result>));
    started.on('error', (error: Error) => {
      reason = error.message;
      if (started.pid === undefined) end(reason, true);
    });
    started.on('exit', (code, signal) => end(toReason(reason, code, signal, options.memoryMb), code !== 0));
    started.send(config, ignore);
    return started;
  };
  return {
    ask: (request, onPart) =>
      new Promise<Result>((resolve, reject) => {
        child ??= start();
        const id = ++lastId;
        waiting.set(id, { resolve, reject, onPart });
        holdProgram(true);
        // A request that cannot be sent is told by the end of the process.
        child.send({ id, ...request }, ignore);
      }),
    async stop() {
      const ending = child;
      if (!ending) return;
      ending.ref();
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.send({ kind: 'stop' }, ignore);
      await ended;
    },
  };
}

/** The caller that has asked. */
interface Waiting<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: NewsfoldError) => void;
  readonly onPart: ((part: unknown) => void) | undefined;
}

const ignore = () => undefined;

/** V8 aborts when its heap is full; a system that is short of memory kills. */
function toReason(said: string, code: number | null, signal: NodeJS.Signals | null, memoryMb: number): string {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134) return `it needed more than its ${memoryMb} MB of memory`;
  if (signal === 'SIGKILL') return 'it was killed, as a system does that is short of memory';
  return signal !== null ? `it was ended by ${signal}` : code === 0 ? said : `it ended with code ${code}`;
}
