import { setTimeout } from 'node:timers/promises';
import { answering } from '../wiring.ts';
import type { Config } from '../wiring.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Document, Representation } from '../model/feed.ts';
import type { Action, Correction } from '../model/story.ts';
import type { Log } from '../ports/log.ts';
import type { QueueCounts } from '../ports/queue.ts';
import type { RunReport } from '../run/report.ts';
import type { AskedAs, WorkerRequest, WorkerResult } from '../run-worker.ts';
import { createThread } from './thread.ts';

/** The run's thread as the server sees it. Each call rejects with NewsfoldError when the thread dies over it; the next call starts a new one. */
export interface RunThread {
  /** A run: of a slot of the schedule or at once. null when another node was asked for it. */
  readonly run: (slot: Date | null) => Promise<RunReport | null>;
  /** Begins to share the work of runs with other nodes, where the store can, until it is stopped, also after it has failed or the thread has died; `isDeliberate`: also when their configuration has taken the place of this one before.
   *  @throws NewsfoldError `run/other-config` when that is so, else. */
  readonly join: (options: { readonly isDeliberate: boolean }) => Promise<void>;
  /** All documents; where the thread dies over them, those of the feeds that it does not die over. */
  readonly render: () => Promise<readonly Document[]>;
  /** Lists anew what feeds have, when their rules were changed since the last run. */
  readonly update: () => Promise<void>;
  /** Makes an archive that nobody has asked for before; null when there is none of that number. */
  readonly makeArchive: (slug: string, n: number) => Promise<Representation | null>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` at once while a run goes on in the thread, and when another process has the run lock. */
  readonly act: (action: Action) => Promise<Correction>;
  /** Says what became of an article, beside a run that goes on (why-form.ts). */
  readonly why: (question: string) => Promise<object>;
  /** Lanes of sources that all nodes have still to read; null where there are no others, or when the thread does not say in time. */
  readonly countQueue: () => Promise<QueueCounts | null>;
  /** Lets the step at hand finish, then ends the thread. */
  readonly stop: () => Promise<void>;
}

/** A thread that folds says nothing for a while. */
const COUNT_MS = 1000;

/** Starts the thread at its first use. `memoryMb` caps its heap: a run that needs more dies, is reported, and costs the server nothing. */
export function createRunThread(config: Config, log: Log, options: { readonly memoryMb: number }): RunThread {
  const thread = createThread<WorkerRequest & AskedAs, WorkerResult>(config, log, {
    file: 'run-worker',
    memoryMb: options.memoryMb,
    explain: (reason) => `the run died (${reason}); the server goes on, and the next run completes it`,
  });
  let runs = 0;
  let node: AskedAs['node'] = null;
  const ask = (request: WorkerRequest, onPart?: (part: unknown) => void) => thread.ask({ ...request, node }, onPart);
  return {
    async join(how) {
      node = how;
      await ask({ kind: 'join' });
      // A thread that takes the place of this one goes back on nothing.
      if (node === how) node = { isDeliberate: false };
    },
    async countQueue() {
      if (node === null || config.store.kind !== 'postgres') return null;
      const late = setTimeout(COUNT_MS, null, { ref: false });
      const counting = ask({ kind: 'count' }).then(
        ({ queue = null }) => queue,
        // Why it cannot join is told by the next run.
        () => null,
      );
      return Promise.race([counting, late]);
    },
    async run(slot) {
      runs++;
      const { report } = await ask({ kind: 'run', slot }).finally(() => runs--);
      if (report === undefined) throw new NewsfoldError('run/failed', 'the run brought no report');
      return report;
    },
    async render() {
      const renderOne = async (slug: string | null) => {
        const documents: Document[] = [];
        await ask({ kind: 'render', slug }, (document) => documents.push(document as Document));
        return documents;
      };
      try {
        return await renderOne(null);
      } catch (error) {
        if (!(error instanceof NewsfoldError) || error.code !== 'run/died') throw error;
        // A feed that needs too much costs itself alone.
        const made: Document[] = [];
        for (const slug of [...answering(config).map((feed) => feed.slug), 'sources'])
          made.push(
            ...(await renderOne(slug).catch((cause: unknown) => {
              log.error({ err: cause, feed: slug }, 'the documents of a feed could not be rendered; those from before are served');
              return [];
            })),
          );
        if (made.length === 0) throw error;
        return made;
      }
    },
    update: async () => void (await ask({ kind: 'update' })),
    makeArchive: async (slug, n) => (await ask({ kind: 'archive', slug, n })).archive ?? null,
    async act(action) {
      if (runs > 0) throw new NewsfoldError('run/locked', 'a run goes on: try again when it has ended', { exitCode: 3 });
      const { correction } = await ask({ kind: 'act', action });
      if (!correction) throw new NewsfoldError('run/failed', 'the correction brought no answer');
      return correction;
    },
    async why(question) {
      const { why } = await ask({ kind: 'why', question });
      if (!why) throw new NewsfoldError('run/failed', 'the question brought no answer');
      return why;
    },
    async stop() {
      node = null;
      await thread.stop();
    },
  };
}
