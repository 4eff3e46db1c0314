import { setTimeout } from 'node:timers/promises';
import { addresses } from './addresses.ts';
import type { AppConfig } from '../../config/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { Document, Representation } from '../../model/feed.ts';
import type { Correction, CorrectionOutcome } from '../../model/story.ts';
import type { Log } from '../../ports/log.ts';
import type { QueueCounts } from '../../ports/queue.ts';
import type { RunReport } from '../../run/report.ts';
import type { AsNode, RunCalls } from './run-worker.ts';
import { answering } from '../config.ts';
import { createThread } from '../../runtime/thread.ts';

/** The run's thread as the server sees it. Each call rejects with NewsfoldError when the thread
 *  dies over it; the next call starts a new one. */
export interface RunThread {
  /** A run: of a slot of the schedule or at once. null when another node was asked for it. */
  readonly run: (slot: Date | null) => Promise<RunReport | null>;
  /** Begins to share the work of runs with other nodes, where the store can, until it is stopped,
   *  also after it has failed or the thread has died; `isDeliberate`: also when their configuration
   *  has taken the place of this one before.
   *  @throws NewsfoldError `run/other-config` when that is so, else. */
  readonly join: (options: { readonly isDeliberate: boolean }) => Promise<void>;
  /** All documents; where the thread dies over them, those of the feeds that it does not die
   *  over. */
  readonly render: () => Promise<readonly Document[]>;
  /** Lists anew what feeds have, when their rules were changed since the last run. */
  readonly update: () => Promise<void>;
  /** Makes an archive that nobody has asked for before; null when there is none of that number. */
  readonly makeArchive: (slug: string, n: number) => Promise<Representation | null>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` at once while a run goes on in the thread, and when another
   *  process has the run lock. */
  readonly correct: (correction: Correction) => Promise<CorrectionOutcome>;
  /** Says what became of an article, beside a run that goes on (why-form.ts). */
  readonly why: (question: string) => Promise<object>;
  /** Lanes of sources that all nodes have still to read; null where there are no others, or when
   *  the thread does not say in time. */
  readonly countQueue: () => Promise<QueueCounts | null>;
  /** Lets the step at hand finish, then ends the thread. */
  readonly stop: () => Promise<void>;
}

/** A thread that folds says nothing for a while. */
const COUNT_MS = 1000;

/** Starts the thread at its first use. `memoryMb` caps its heap: a run that needs more dies, is
 *  reported, and costs the server nothing. */
export function createRunThread(config: AppConfig, log: Log, options: { readonly memoryMb: number }): RunThread {
  const thread = createThread<RunCalls>({
    address: addresses.run,
    kind: 'process',
    memoryMb: options.memoryMb,
    setup: config,
    explain: (reason) => `the run died (${reason}); the server goes on, and the next run completes it`,
    log,
  });
  let runs = 0;
  let node: AsNode['node'] = null;
  const render = async (slug: string | null): Promise<Document[]> => {
    const documents: Document[] = [];
    await thread.ask('render', { node, slug }, (document) => documents.push(document));
    return documents;
  };
  return {
    async join(how) {
      node = how;
      await thread.ask('join', { node });
      // A thread that takes the place of this one goes back on nothing.
      if (node === how) node = { isDeliberate: false };
    },
    async countQueue() {
      if (node === null || config.store.kind !== 'postgres') return null;
      const late = setTimeout(COUNT_MS, null, { ref: false });
      // Why it cannot join is told by the next run.
      return Promise.race([thread.ask('count', { node }).catch(() => null), late]);
    },
    run(slot) {
      runs++;
      return thread.ask('run', { node, slot }).finally(() => runs--);
    },
    async render() {
      try {
        return await render(null);
      } catch (error) {
        if (!(error instanceof NewsfoldError) || error.code !== 'run/died') throw error;
        // A feed that needs too much costs itself alone.
        const made: Document[] = [];
        for (const slug of [...answering(config).map((feed) => feed.slug), 'sources'])
          made.push(
            ...(await render(slug).catch((cause: unknown) => {
              log.error({ err: cause, feed: slug }, 'the documents of a feed could not be rendered; those from before are served');
              return [];
            })),
          );
        if (made.length === 0) throw error;
        return made;
      }
    },
    update: () => thread.ask('update', { node }),
    makeArchive: (slug, n) => thread.ask('archive', { node, slug, n }),
    async correct(correction) {
      if (runs > 0) throw new NewsfoldError('run/locked', 'a run goes on: try again when it has ended', { exitCode: 3 });
      return thread.ask('correct', { node, correction });
    },
    why: (question) => thread.ask('why', { node, question }),
    async stop() {
      node = null;
      await thread.stop();
    },
  };
}
