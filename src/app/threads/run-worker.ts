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

/** Sent with every call. `node` says how this process joins the cluster; null: it runs alone. A
 *  process that has not joined yet (it is new, or joining failed) joins with the next call of
 *  any kind. */
export interface AsNode {
  readonly node: { readonly isDeliberate: boolean } | null;
}

/** The calls of the run process. */
export interface RunCalls {
  readonly join: { readonly given: AsNode; readonly answer: void };
  /** A run for a slot of the schedule, or at once when null. The answer is null when another
   *  node makes the run. */
  readonly run: { readonly given: AsNode & { readonly slot: Date | null }; readonly answer: RunReport | null };
  /** Documents: all when `slug` is null, those of one feed, or the list of sources (`sources`). */
  readonly render: { readonly given: AsNode & { readonly slug: string | null }; readonly answer: void; readonly part: Document };
  /** Updates the feeds whose rules have changed. */
  readonly update: { readonly given: AsNode; readonly answer: void };
  /** The answer is null when no archive has that number. */
  readonly archive: { readonly given: AsNode & { readonly slug: string; readonly n: number }; readonly answer: Representation | null };
  readonly correct: { readonly given: AsNode & { readonly correction: Correction }; readonly answer: CorrectionOutcome };
  /** Explains what became of an article. */
  readonly why: { readonly given: AsNode & { readonly question: string }; readonly answer: object };
  /** The answer is null without a cluster. */
  readonly count: { readonly given: AsNode; readonly answer: QueueCounts | null };
}

/** The process that makes runs and renders documents, so that the server waits for neither. It
 *  has its own store connection and does one call at a time, in order; work for other nodes goes
 *  on beside. It gets the parsed configuration, since the file may have changed or have faults
 *  by now. When it is stopped it finishes the current step, closes its store and ends. */
if (import.meta.main) answerQuestions(openWork);

function openWork(config: AppConfig): ThreadWork<RunCalls> {
  const stop = new AbortController();
  const isStopped = () => stop.signal.aborted;
  let opened: Promise<App> | null = null;
  let node: Promise<Node | null> | null = null;
  let work: Promise<unknown> = Promise.resolve();
  let keeping: Promise<void> = Promise.resolve();
  let between: SubscriptionUpkeep | null = null;

  /** Opens the store with the first call, and joins the cluster where that is wanted. */
  const open = async ({ node: asNode }: AsNode): Promise<{ readonly app: App; readonly joining: Promise<Node | null> | null }> => {
    const opening = (opened ??= openApp(config, 'serve'));
    // A store that cannot be opened now may be available at the next call.
    opening.catch(() => (opened = null));
    const app = await opening;
    if (asNode === null) return { app, joining: null };
    const joining = (node ??= openNode(app, asNode));
    joining.catch(() => (node = null));
    return { app, joining };
  };
  /** Does a call after all calls before it. */
  const inTurn = <T>(answer: () => Promise<T>): Promise<T> => {
    const answering = work.then(answer);
    work = answering.catch(() => undefined);
    return answering;
  };
  /** Keeps subscriptions from the first run on: without runs, another process keeps them. A slow
   *  hub does not delay publishing. */
  const keepAfter = async ({ subscribing, log }: App, running: Promise<unknown>): Promise<void> => {
    await running.catch(() => undefined);
    keeping = keeping
      .then(() => maintainSubscriptions(subscribing, isStopped))
      .catch((error: unknown) => log.error({ err: error }, 'WebSub subscriptions could not be renewed'))
      .then(() => between?.lookSoon());
  };
  return {
    answers: {
      join: async (asNode) => void (await (await open(asNode)).joining),
      count: async (asNode) => (await (await (await open(asNode)).joining)?.count()) ?? null,
      async run({ slot, ...asNode }) {
        const { app, joining } = await open(asNode);
        between ??= maintainBetweenRuns(app.subscribing, isStopped);
        const shared = await joining;
        // Later calls do not wait for a run that all nodes share.
        const running = shared ? shared.requestRun(slot) : inTurn(() => runHere(app, stop.signal));
        void keepAfter(app, running);
        return running;
      },
      async render({ slug, ...asNode }, give) {
        const { app } = await open(asNode);
        return inTurn(() => render(app, slug, give));
      },
      async update(asNode) {
        const { app } = await open(asNode);
        return inTurn(async () => {
          await checkConfig(app.config, app.store);
          await app.updateFeeds();
        });
      },
      async archive({ slug, n, ...asNode }) {
        const { app } = await open(asNode);
        const feed = app.config.feeds.find((one) => one.slug === slug);
        return inTurn(async () => (feed ? app.renderArchive(feed, n) : null));
      },
      async correct({ correction, ...asNode }) {
        const { app } = await open(asNode);
        return inTurn(async () => {
          await checkConfig(app.config, app.store);
          return app.correct(correction);
        });
      },
      // Answered at once, beside other calls.
      why: async ({ question, ...asNode }) => (await open(asNode)).app.askWhy(question),
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
  // The source texts of the documents take as much memory as the documents do.
  freeMemory();
}

async function listDocuments(app: App, slug: string | null): Promise<readonly Document[]> {
  if (slug === null) return app.renderDocuments();
  const feed = app.config.feeds.find((one) => one.slug === slug);
  return feed ? app.renderFeed(feed) : [await app.renderOpml()];
}
