import { openApp } from '../app.ts';
import type { App } from '../app.ts';
import { checkConfig } from '../../cluster/config-agreement.ts';
import type { AppConfig } from '../../config/config.ts';
import type { Document, Representation } from '../../model/feed.ts';
import type { Correction, CorrectionOutcome } from '../../model/story.ts';
import { freeMemory } from '../../runtime/memory.ts';
import { openNode } from '../../cluster/node.ts';
import type { Node } from '../../cluster/node.ts';
import type { QueueCounts } from '../../ports/queue.ts';
import { run } from '../../run/run.ts';
import type { RunReport } from '../../run/report.ts';
import { maintainBetweenRuns, maintainSubscriptions } from '../../websub/subscriber/subscriptions.ts';
import type { SubscriptionUpkeep } from '../../websub/subscriber/subscriptions.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';
import type { ThreadWork } from '../../runtime/thread-port.ts';

/** Given with every question. `node` says how this process joins the cluster; null: it works alone.
 *  A process that has not joined yet (it is new, or joining failed) joins with the next question of
 *  any kind. */
export interface AsNode {
  readonly node: { readonly isDeliberate: boolean } | null;
}

/** The questions of the process that runs live in. */
export interface RunCalls {
  readonly join: { readonly given: AsNode; readonly answer: void };
  /** A run of a slot of the schedule; null: at once. The answer is null when another node was asked
   *  for the run. */
  readonly run: { readonly given: AsNode & { readonly slot: Date | null }; readonly answer: RunReport | null };
  /** Documents: all of them, those of one feed, or the list of sources (`sources`). */
  readonly render: { readonly given: AsNode & { readonly slug: string | null }; readonly answer: void; readonly part: Document };
  /** Lists anew what feeds have, when their rules were changed. */
  readonly update: { readonly given: AsNode; readonly answer: void };
  /** null when there is no such archive. */
  readonly archive: { readonly given: AsNode & { readonly slug: string; readonly n: number }; readonly answer: Representation | null };
  readonly correct: { readonly given: AsNode & { readonly correction: Correction }; readonly answer: CorrectionOutcome };
  /** Says what became of an article. */
  readonly why: { readonly given: AsNode & { readonly question: string }; readonly answer: object };
  /** null where there are no nodes. */
  readonly count: { readonly given: AsNode; readonly answer: QueueCounts | null };
}

/** The process that runs live in and documents are rendered in, so that the server never waits
 *  for either. It has a store connection of its own and works one request at a time, in order.
 *  Its work for other nodes goes on beside. It is given the configuration: not its file, which
 *  may be changed and have faults. Told to stop it finishes the step at hand, closes its store,
 *  and ends. */
if (import.meta.main) answerQuestions(openWork);

function openWork(config: AppConfig): ThreadWork<RunCalls> {
  const stop = new AbortController();
  const isStopped = () => stop.signal.aborted;
  let opened: Promise<App> | null = null;
  let node: Promise<Node | null> | null = null;
  let work: Promise<unknown> = Promise.resolve();
  let keeping: Promise<void> = Promise.resolve();
  let between: SubscriptionUpkeep | null = null;

  /** Opens the store with the first question, and joins the other nodes, if they are to be
   *  joined. */
  const open = async ({ node: how }: AsNode): Promise<{ readonly app: App; readonly joining: Promise<Node | null> | null }> => {
    const opening = (opened ??= openApp(config, 'serve'));
    // A store that cannot be had now may be there for the next request.
    opening.catch(() => (opened = null));
    const app = await opening;
    if (how === null) return { app, joining: null };
    const joining = (node ??= openNode(app, how));
    joining.catch(() => (node = null));
    return { app, joining };
  };
  /** Does what was asked for after all that was asked before. */
  const inTurn = <T>(answer: () => Promise<T>): Promise<T> => {
    const answering = work.then(answer);
    work = answering.catch(() => undefined);
    return answering;
  };
  /** Subscriptions are kept from the first run on: without runs, they are somebody else's. A hub
   *  that takes its time keeps nothing from being published. */
  const keepAfter = async ({ subscribing, log }: App, running: Promise<unknown>): Promise<void> => {
    await running.catch(() => undefined);
    keeping = keeping
      .then(() => maintainSubscriptions(subscribing, isStopped))
      .catch((error: unknown) => log.error({ err: error }, 'subscriptions could not be kept'))
      .then(() => between?.lookSoon());
  };
  return {
    answers: {
      join: async (how) => void (await (await open(how)).joining),
      count: async (how) => (await (await (await open(how)).joining)?.count()) ?? null,
      async run({ slot, ...how }) {
        const { app, joining } = await open(how);
        between ??= maintainBetweenRuns(app.subscribing, isStopped);
        const shared = await joining;
        // Runs of all nodes are not waited for by what is asked next.
        const running = shared ? shared.requestRun(slot) : inTurn(() => runHere(app, stop.signal));
        void keepAfter(app, running);
        return running;
      },
      async render({ slug, ...how }, give) {
        const { app } = await open(how);
        return inTurn(() => render(app, slug, give));
      },
      async update(how) {
        const { app } = await open(how);
        return inTurn(async () => {
          await checkConfig(app.config, app.store);
          await app.updateFeeds();
        });
      },
      async archive({ slug, n, ...how }) {
        const { app } = await open(how);
        const feed = app.config.feeds.find((one) => one.slug === slug);
        return inTurn(async () => (feed ? app.renderArchive(feed, n) : null));
      },
      async correct({ correction, ...how }) {
        const { app } = await open(how);
        return inTurn(async () => {
          await checkConfig(app.config, app.store);
          return app.correct(correction);
        });
      },
      // Beside what goes on.
      why: async ({ question, ...how }) => (await open(how)).app.askWhy(question),
    },
    async stop() {
      stop.abort();
      await (await node?.catch(() => null))?.close();
      await work;
      if (opened) await (await opened).subscribing.http.close();
      await keeping;
      await between?.stop();
      if (opened) await (await opened).close();
    },
  };
}

async function runHere(app: App, signal: AbortSignal): Promise<RunReport> {
  await checkConfig(app.config, app.store);
  return run(app.runContext, { sourceId: null, all: false, dryRun: false, acceptDeletions: false, signal });
}

async function render(app: App, slug: string | null, give: (document: Document) => void): Promise<void> {
  for (const document of await listDocuments(app, slug)) give(document);
  // The texts that they were made of are as large as they are.
  freeMemory();
}

async function listDocuments(app: App, slug: string | null): Promise<readonly Document[]> {
  if (slug === null) return app.renderDocuments();
  const feed = app.config.feeds.find((one) => one.slug === slug);
  return feed ? app.renderFeed(feed) : [await app.renderOpml()];
}
