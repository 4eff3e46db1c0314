import { parentPort, workerData } from 'node:worker_threads';
import { openApp } from './app.ts';
import type { App, Config } from './app.ts';
import { NewsfoldError } from './model/errors.ts';
import type { Document, Representation } from './model/feed.ts';
import type { Action, Correction } from './model/story.ts';
import { run } from './run.ts';
import type { RunReport } from './run.ts';

/** What the thread is asked to do; `id` comes back with the answer. */
export type WorkerRequest =
  | { readonly id: number; readonly kind: 'run' | 'render' | 'update' }
  | { readonly id: number; readonly kind: 'archive'; readonly slug: string; readonly n: number }
  | { readonly id: number; readonly kind: 'act'; readonly action: Action }
  | { readonly kind: 'stop' };

/** What it answers. Errors cross the thread as plain data. */
export type WorkerAnswer =
  | { readonly id: number; readonly kind: 'done'; readonly result: WorkerResult }
  | { readonly id: number; readonly kind: 'failed'; readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 };

/** What came of it; each kind of request has its own. */
export interface WorkerResult {
  readonly report?: RunReport;
  readonly documents?: readonly Document[];
  /** null when there is no such archive. */
  readonly archive?: Representation | null;
  readonly correction?: Correction;
}

/** The thread that runs live in and documents are rendered in, so that the server never waits for either: it has a store connection of its
 *  own and works one request at a time, in order. `workerData` is the configuration: not its file, which may be changed and have faults. Told to stop it finishes the step at
 *  hand, closes its store, and ends. */
if (parentPort) void listen(parentPort);

async function listen(port: NonNullable<typeof parentPort>): Promise<void> {
  const stop = new AbortController();
  let opened: Promise<App> | null = null;
  let work: Promise<void> = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    if (request.kind === 'stop') {
      stop.abort();
      void work.then(async () => {
        if (opened) await (await opened).close();
        port.close();
      });
      return;
    }
    const app = (opened ??= openApp(workerData as Config, 'serve'));
    // A store that cannot be had now may be there for the next request.
    app.catch(() => (opened = null));
    work = work.then(async () => port.postMessage(await answer(app, request, stop.signal)));
  });
}

async function answer(opened: Promise<App>, request: Extract<WorkerRequest, { id: number }>, signal: AbortSignal): Promise<WorkerAnswer> {
  const { id } = request;
  try {
    const app = await opened;
    if (request.kind === 'render') return { id, kind: 'done', result: { documents: await app.renderDocuments() } };
    if (request.kind === 'update') {
      await app.updateFeeds();
      return { id, kind: 'done', result: {} };
    }
    if (request.kind === 'act') return { id, kind: 'done', result: { correction: await app.act(request.action) } };
    if (request.kind === 'archive') {
      const feed = app.config.feeds.find(({ slug }) => slug === request.slug);
      return { id, kind: 'done', result: { archive: feed ? await app.renderArchive(feed, request.n) : null } };
    }
    const report = await run(app.runParts, { sourceId: null, all: false, dryRun: false, acceptDeletions: false, signal });
    return { id, kind: 'done', result: { report } };
  } catch (error) {
    if (error instanceof NewsfoldError) return { id, kind: 'failed', code: error.code, message: error.message, exitCode: error.exitCode };
    return {
      id,
      kind: 'failed',
      code: 'run/failed',
      message: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
      exitCode: 3,
    };
  }
}
