import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Config } from '../app.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Document, Representation } from '../model/feed.ts';
import type { Action, Correction } from '../model/story.ts';
import type { Log } from '../ports/log.ts';
import type { RunReport } from '../run.ts';
import type { WorkerAnswer, WorkerRequest, WorkerResult } from '../run-worker.ts';

/** The run's thread as the server sees it. Each call rejects with NewsfoldError when the thread dies over it; the next call starts a new one. */
export interface RunThread {
  readonly run: () => Promise<RunReport>;
  readonly render: () => Promise<readonly Document[]>;
  /** Lists anew what feeds have, when their rules were changed since the last run. */
  readonly update: () => Promise<void>;
  /** Makes an archive that nobody has asked for before; null when there is none of that number. */
  readonly makeArchive: (slug: string, n: number) => Promise<Representation | null>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` at once while a run goes on in the thread, and when another process has the run lock. */
  readonly act: (action: Action) => Promise<Correction>;
  /** Lets the step at hand finish, then ends the thread. */
  readonly stop: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (result: WorkerResult) => void;
  readonly reject: (error: NewsfoldError) => void;
}

/** Starts the thread at its first use. `memoryMb` caps its heap: a run that needs more dies, is reported, and costs the server nothing. */
export function createRunThread(config: Config, log: Log, options: { readonly memoryMb: number }): RunThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;
  const start = () => {
    // The file beside this one's folder: .ts from source, .js from dist.
    const file = new URL(`../run-worker${extname(import.meta.url)}`, import.meta.url);
    const started = new Worker(file, { workerData: config, resourceLimits: { maxOldGenerationSizeMb: options.memoryMb } });
    let reason = 'it ended';
    started.on('message', (answer: WorkerAnswer) => settle(waiting, answer));
    started.on('error', (error: Error) => (reason = error.message));
    started.on('exit', (code) => {
      if (worker === started) worker = null;
      if (code !== 0 || waiting.size > 0) log.error({ code, reason }, 'the thread of the run has died; the next run starts a new one');
      const message = `the run died (${reason}); the server goes on, and the next run completes it`;
      for (const { reject } of waiting.values()) reject(new NewsfoldError('run/died', message, { exitCode: 3 }));
      waiting.clear();
    });
    return started;
  };
  const ask = (
    request:
      | { readonly kind: 'run' | 'render' | 'update' }
      | { readonly kind: 'archive'; readonly slug: string; readonly n: number }
      | { readonly kind: 'act'; readonly action: Action },
  ) =>
    new Promise<WorkerResult>((resolve, reject) => {
      worker ??= start();
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ...request } satisfies WorkerRequest);
    });
  let runs = 0;
  return {
    async run() {
      runs++;
      const { report } = await ask({ kind: 'run' }).finally(() => runs--);
      if (!report) throw new NewsfoldError('run/failed', 'the run brought no report');
      return report;
    },
    render: async () => (await ask({ kind: 'render' })).documents ?? [],
    update: async () => void (await ask({ kind: 'update' })),
    makeArchive: async (slug, n) => (await ask({ kind: 'archive', slug, n })).archive ?? null,
    async act(action) {
      if (runs > 0) throw new NewsfoldError('run/locked', 'a run goes on: try again when it has ended', { exitCode: 3 });
      const { correction } = await ask({ kind: 'act', action });
      if (!correction) throw new NewsfoldError('run/failed', 'the correction brought no answer');
      return correction;
    },
    async stop() {
      const ending = worker;
      if (!ending) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.postMessage({ kind: 'stop' } satisfies WorkerRequest);
      await ended;
    },
  };
}

function settle(waiting: Map<number, Waiting>, answer: WorkerAnswer): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.kind === 'done') asked?.resolve(answer.result);
  else asked?.reject(new NewsfoldError(answer.code, answer.message, { exitCode: answer.exitCode }));
}
