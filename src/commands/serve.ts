import { createDocumentCache, openApp, openSite } from '../app.ts';
import type { Site } from '../app.ts';
import { NewsfoldError } from '../model/errors.ts';
import { startSchedule } from '../schedule.ts';
import { complain, print } from './print.ts';
import { printReport } from './run.ts';
import { createRunThread } from './run-thread.ts';

/** Options of `newsfold serve`. */
export interface ServeCommandOptions {
  readonly config: string;
  /** false: no run at start and no schedule. */
  readonly run: boolean;
  readonly port?: number;
  /** Heap of the run's thread, MB. */
  readonly memory: number;
}

/** How often the store is looked at for what other processes changed: it shows within two seconds (DESIGN §8). */
const WATCH_MS = 500;

/** Server, schedule, and a first run at start. Runs and rendering live in a thread of their own; the server only reads. Resolves with 0 when
 *  `signal` is aborted and the work at hand is done. */
export async function serveCommand(options: ServeCommandOptions, signal: AbortSignal): Promise<number> {
  // Brings the store up to date, so that the server's own connection needs only read, and has what is stored at hand before it listens.
  const app = await openApp(options.config, 'serve');
  const { log } = app;
  // Once in the life of a store, that nobody is given an empty feed; later changes of rules are worked in the thread, while the old list is served.
  const isFirst = await app.areFeedsNew();
  if (isFirst) await app.updateFeeds().catch(explainFailure);
  // Before they are rendered: what is published meanwhile is rendered again.
  const published = (await app.store.readGeneration()).n;
  const stored = await app.renderDocuments();
  await app.close();
  const thread = createRunThread(options.config, log, { memoryMb: options.memory });
  const documents = createDocumentCache(stored, thread.render, log);
  const site = await openSite(options.config, {
    read: documents.read,
    makeArchive: (feed, n) => Promise.race([thread.makeArchive(feed.slug, n), later()]),
  });
  const { config, clock } = site;
  try {
    const listening = await site.listen(options.port ?? config.server.port);
    print(`Newsfold serves ${config.site.url}/ on ${listening.url}`);
    for (const feed of config.feeds)
      print(`  ${config.site.url}${feed.isDefault ? '/feed.atom' : `/feeds/${feed.slug}.atom`}  ${feed.title}`);
    const watch = startWatch(site, published, documents.refresh);
    // One after the other, whoever asks: the schedule, or a file that was saved.
    let running = Promise.resolve();
    const startRun = () => (running = running.then(() => thread.run()).then(printReport, explainFailure));
    const schedule = options.run
      ? startSchedule({ clock, log }, startRun, { expression: config.schedule, timeZone: config.timeZone, second: site.second })
      : null;
    let folders: ReturnType<Site['watch']> | null = null;
    if (!options.run && !isFirst) void thread.update().catch(explainFailure);
    if (options.run) {
      // Told to stop during its first run, it stops that run: it does not wait for its end.
      await Promise.race([startRun(), aborted(signal)]);
      folders = site.watch(() => void startRun());
      if (!signal.aborted) print(`Next runs by the schedule ${config.schedule}; Ctrl-C ends`);
    }
    await aborted(signal);
    clearInterval(watch);
    await folders?.close();
    await schedule?.stop();
    await thread.stop();
    await running;
    await listening.close();
    return 0;
  } finally {
    await thread.stop();
    await site.close();
  }
}

/** Renders anew when any process has published since the documents at hand were rendered. */
function startWatch(site: Site, published: number, refresh: () => Promise<boolean>): NodeJS.Timeout {
  // None yet: the first look compares generations.
  let mark: string | null = null;
  let generation = published;
  let looksToSkip = 0;
  const look = async () => {
    if (looksToSkip > 0) looksToSkip--;
    if (looksToSkip > 0) return;
    const newMark = await site.store.readMark();
    if (newMark === mark) return;
    const { n } = await site.store.readGeneration();
    if (n === generation || (await refresh())) [mark, generation] = [newMark, n];
    else looksToSkip = LOOKS_AFTER_FAILURE;
  };
  let looking = Promise.resolve();
  return setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => site.log.error({ err: error }, 'the store could not be looked at'));
  }, WATCH_MS);
}

/** A rendering that fails is tried again after half a minute, whether or not something is published meanwhile. */
const LOOKS_AFTER_FAILURE = 60;

/** How long an archive is waited for that has to be made, while a run may go on in the thread that makes it. */
const ARCHIVE_PATIENCE_MS = 5000;

async function later(): Promise<'later'> {
  await new Promise((resolve) => setTimeout(resolve, ARCHIVE_PATIENCE_MS).unref());
  return 'later';
}

/** A run that could not be is told and leaves the server as it is; the next slot tries again. */
function explainFailure(error: unknown): void {
  if (!(error instanceof NewsfoldError)) throw error;
  complain(`newsfold: ${error.message} [${error.code}]`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
