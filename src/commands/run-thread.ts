import type { Config } from '../app.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Document, Representation } from '../model/feed.ts';
import type { Log } from '../ports/log.ts';
import type { RunReport } from '../run.ts';
import type { WorkerRequest, WorkerResult } from '../run-worker.ts';
import { createThread } from './thread.ts';

/** The run's thread as the server sees it. Each call rejects with NewsfoldError when the thread dies over it; the next call starts a new one. */
export interface RunThread {
  readonly run: () => Promise<RunReport>;
  readonly render: () => Promise<readonly Document[]>;
  /** Lists anew what feeds have, when their rules were changed since the last run. */
  readonly update: () => Promise<void>;
  /** Makes an archive that nobody has asked for before; null when there is none of that number. */
  readonly makeArchive: (slug: string, n: number) => Promise<Representation | null>;
  /** Lets the step at hand finish, then ends the thread. */
  readonly stop: () => Promise<void>;
}

/** Starts the thread at its first use. `memoryMb` caps its heap: a run that needs more dies, is reported, and costs the server nothing. */
export function createRunThread(config: Config, log: Log, options: { readonly memoryMb: number }): RunThread {
  const { ask, stop } = createThread<WorkerRequest, WorkerResult>(config, log, {
    file: 'run-worker',
    memoryMb: options.memoryMb,
    explain: (reason) => `the run died (${reason}); the server goes on, and the next run completes it`,
  });
  return {
    async run() {
      const { report } = await ask({ kind: 'run' });
      if (!report) throw new NewsfoldError('run/failed', 'the run brought no report');
      return report;
    },
    render: async () => (await ask({ kind: 'render' })).documents ?? [],
    update: async () => void (await ask({ kind: 'update' })),
    makeArchive: async (slug, n) => (await ask({ kind: 'archive', slug, n })).archive ?? null,
    stop,
  };
}
