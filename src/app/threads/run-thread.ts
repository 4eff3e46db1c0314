import { setTimeout } from 'node:timers/promises';
import { addresses } from './worker-files.ts';
import type { AppConfig } from '../../config/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { Document, Representation } from '../../model/feed.ts';
import type { Correction, CorrectionOutcome } from '../../model/story.ts';
import type { Log } from '../../ports/log.ts';
import type { QueueCounts } from '../../ports/queue.ts';
import type { RunReport } from '../../run/report.ts';
import type { AsNode, RunCalls } from './run-worker.ts';
import { publishedFeeds } from '../config.ts';
import { createThread } from '../../runtime/thread.ts';

/** The run process as the server sees it. A call rejects with NewsfoldError when the process
 *  dies over it; the next call starts a new one. */
export interface RunThread {
  /** Makes a run for a slot of the schedule, or at once when null. Returns null when another
   *  node makes it. */
  readonly run: (slot: Date | null) => Promise<RunReport | null>;
  /** Joins the cluster where the store has one and stays in it until stopped, also after a
   *  failure. `isDeliberate` joins even when another configuration has replaced this one.
   *  @throws NewsfoldError `run/other-config` when it was replaced and `isDeliberate` is false. */
  readonly join: (options: { readonly isDeliberate: boolean }) => Promise<void>;
  /** Renders all documents. When the process dies over them, returns those of the feeds that can
   *  be rendered one by one. */
  readonly render: () => Promise<readonly Document[]>;
  /** Updates the feeds whose rules have changed since the last run. */
  readonly update: () => Promise<void>;
  /** Renders an archive at its first request; null when no archive has that number. */
  readonly makeArchive: (slug: string, n: number) => Promise<Representation | null>;
  /** Corrects a story.
   *  @throws NewsfoldError `run/locked` at once while a run goes on here or in another process. */
  readonly correct: (correction: Correction) => Promise<CorrectionOutcome>;
  /** Explains what became of an article, also during a run (why-json.ts). */
  readonly why: (question: string) => Promise<object>;
  /** Returns the number of host queues that all nodes still have to read. Returns null without a
   *  cluster, or when the process does not answer in time. */
  readonly countQueue: () => Promise<QueueCounts | null>;
  /** Finishes the current step, then ends the process. */
  readonly stop: () => Promise<void>;
}

/** Milliseconds to wait for a count: a process that folds does not answer meanwhile. */
const COUNT_MS = 1000;

/** Creates the process, which starts at its first use. `memoryMb` caps its heap: a run that
 *  needs more dies and is reported, and the server goes on. */
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
    async join(joining) {
      node = joining;
      await thread.ask('join', { node });
      // A restarted process must not override a newer configuration again.
      if (node === joining) node = { isDeliberate: false };
    },
    async countQueue() {
      if (node === null || config.store.kind !== 'postgres') return null;
      const late = setTimeout(COUNT_MS, null, { ref: false });
      // The next run reports why the process cannot join.
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
        // Feeds are rendered one by one, so that only the feed that needs too much fails.
        const made: Document[] = [];
        for (const slug of [...publishedFeeds(config).map((feed) => feed.slug), 'sources'])
          made.push(
            ...(await render(slug).catch((cause: unknown) => {
              log.error({ err: cause, feed: slug }, 'the documents of a feed could not be rendered; the previous ones are still served');
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
      if (runs > 0) throw new NewsfoldError('run/locked', 'a run is going on: try again when it has ended', { exitCode: 3 });
      return thread.ask('correct', { node, correction });
    },
    why: (question) => thread.ask('why', { node, question }),
    async stop() {
      node = null;
      await thread.stop();
    },
  };
}
