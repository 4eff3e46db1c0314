import { openApp } from './app.ts';
import type { App } from './app.ts';
import type { Config } from './wiring.ts';
import { checkConfig } from './check-config.ts';
import type { Document, Representation } from './model/feed.ts';
import type { QueueCounts } from './ports/queue.ts';
import type { Action, Correction } from './model/story.ts';
import { freeMemory } from './memory.ts';
import { openNode } from './node.ts';
import type { Node } from './node.ts';
import { run } from './run.ts';
import type { RunReport } from './run/report.ts';
import { keepBetweenRuns, keepSubscriptions } from './subscribe.ts';
import type { Keeping } from './subscribe.ts';
import { answerRequests } from './thread-port.ts';
import type { ThreadWork } from './thread-port.ts';

/** What the thread is asked to do. */
export type WorkerRequest =
  | { readonly kind: 'update' | 'join' | 'count' }
  /** All documents; or those of one feed, or the list of sources (`sources`). */
  | { readonly kind: 'render'; readonly slug: string | null }
  /** Of a slot of the schedule; null: at once. */
  | { readonly kind: 'run'; readonly slot: Date | null }
  | { readonly kind: 'archive'; readonly slug: string; readonly n: number }
  | { readonly kind: 'act'; readonly action: Action }
  /** Says what became of an article. */
  | { readonly kind: 'why'; readonly question: string };

/** What goes with all that it is asked: how it is one of many nodes (openNode); null when it is none. A thread that is new, since the one before has died, and one that could
 *  not join so far, joins with the next request, whichever that is. */
export interface AskedAs {
  readonly node: { readonly isDeliberate: boolean } | null;
}

/** What came of it; each kind of request has its own. */
export interface WorkerResult {
  /** null when another node was asked for the run. */
  readonly report?: RunReport | null;
  /** null when there is no such archive. */
  readonly archive?: Representation | null;
  readonly correction?: Correction;
  readonly why?: object;
  /** null where there are no nodes. */
  readonly queue?: QueueCounts | null;
}

/** The process that runs live in and documents are rendered in, so that the server never waits
 *  for either. It has a store connection of its own and works one request at a time, in order.
 *  Its work for other nodes goes on beside. It is given the configuration: not its file, which
 *  may be changed and have faults. Told to stop it finishes the step at hand, closes its store,
 *  and ends. */
if (import.meta.main) answerRequests(openWork);

function openWork(config: Config): ThreadWork<WorkerRequest & AskedAs, WorkerResult> {
  const stop = new AbortController();
  let opened: Promise<App> | null = null;
  let node: Promise<Node | null> | null = null;
  let work: Promise<void> = Promise.resolve();
  const open = () => {
    const app = (opened ??= openApp(config, 'serve'));
    // A store that cannot be had now may be there for the next request.
    app.catch(() => (opened = null));
    return app;
  };
  const join = (app: App, how: AskedAs['node']) => {
    if (how === null) return null;
    node ??= openNode(app, how);
    node.catch(() => (node = null));
    return node;
  };
  let keeping: Promise<void> = Promise.resolve();
  let between: Keeping | null = null;
  return {
    async answer(request, give) {
      const app = await open();
      const joining = join(app, request.node);
      if (request.kind === 'join') {
        await joining;
        return {};
      }
      // Beside what goes on.
      if (request.kind === 'count') return { queue: (await (await joining)?.count()) ?? null };
      if (request.kind === 'why') return { why: await app.askWhy(request.question) };
      // From the first run on: without runs, subscriptions are somebody else's.
      if (request.kind === 'run') between ??= keepBetweenRuns(app.runParts, () => stop.signal.aborted);
      const shared = request.kind === 'run' ? await joining : null;
      const answering =
        request.kind === 'run' && shared
          ? shared.requestRun(request.slot).then((report) => ({ report }))
          : work.then(() => answer(app, request, { signal: stop.signal, give }));
      const done = answering.then(
        () => undefined,
        () => undefined,
      );
      // What other nodes do is not waited for.
      if (!shared) work = done;
      // Beside what is asked next: a hub that takes its time keeps nothing from being published.
      if (request.kind === 'run')
        void done.then(() => (keeping = keeping.then(() => keep(app, stop.signal)).then(() => between?.lookSoon())));
      return answering;
    },
    async stop() {
      stop.abort();
      await (await node?.catch(() => null))?.close();
      await work;
      if (opened) await (await opened).runParts.http.close();
      await keeping;
      await between?.stop();
      if (opened) await (await opened).close();
    },
  };
}

/** Asks hubs for what is due after a run; what fails is told and due again. */
async function keep({ runParts, log }: App, signal: AbortSignal): Promise<void> {
  try {
    await keepSubscriptions(runParts, () => signal.aborted);
  } catch (error) {
    log.error({ err: error }, 'subscriptions could not be kept');
  }
}

async function answer(
  app: App,
  request: WorkerRequest,
  { signal, give }: { readonly signal: AbortSignal; readonly give: (document: Document) => void },
): Promise<WorkerResult> {
  if (request.kind === 'render') {
    for (const document of await render(app, request.slug)) give(document);
    // The texts that they were made of are as large as they are.
    freeMemory();
    return {};
  }
  if (['update', 'act', 'run'].includes(request.kind)) await checkConfig(app.config, app.store);
  if (request.kind === 'update') {
    await app.updateFeeds();
    return {};
  }
  if (request.kind === 'act') return { correction: await app.act(request.action) };
  if (request.kind === 'archive') {
    const feed = app.config.feeds.find(({ slug }) => slug === request.slug);
    return { archive: feed ? await app.renderArchive(feed, request.n) : null };
  }
  return { report: await run(app.runParts, { sourceId: null, all: false, dryRun: false, acceptDeletions: false, signal }) };
}

async function render(app: App, slug: string | null): Promise<readonly Document[]> {
  if (slug === null) return app.renderDocuments();
  const feed = app.config.feeds.find((one) => one.slug === slug);
  return feed ? app.renderFeed(feed) : [await app.renderOpml()];
}
