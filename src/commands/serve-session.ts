import { createDocumentCache, openSite, withStoredSite } from '../site.ts';
import type { Site, SiteOptions } from '../site.ts';
import { createLog } from '../wiring.ts';
import type { Config } from '../wiring.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Document } from '../model/feed.ts';
import type { Log } from '../ports/log.ts';
import { startSchedule } from '../schedule.ts';
import { startDueWatch } from './due-watch.ts';
import { complain } from './print.ts';
import { printReport } from './report.ts';
import { createPageThread } from './page-thread.ts';
import { createPushThread } from './push-thread.ts';
import { createRunThread } from './run-thread.ts';
import type { RunThread } from './run-thread.ts';

/** All that serves one configuration: the site, the thread that its runs live in, its schedule and its watch over folders. */
export interface Session {
  readonly fetch: Site['fetch'];
  /** Starts a run; resolves at its end, whatever comes of it. */
  readonly startRun: (slot?: Date) => Promise<void>;
  /** Begins the schedule and the watches over folders and over what other processes publish. All nodes go by its configuration then, unless another one has replaced
   *  it before; with `isDeliberate` also then. */
  readonly start: (options?: { readonly isDeliberate: boolean }) => void;
  /** Ends them, and the run at hand, whose step is finished; the site goes on answering with what it has. It can be started again. */
  readonly pause: () => Promise<void>;
  /** Lists anew what feeds have, when their rules were changed since the last run. */
  readonly update: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a server gives all its sessions. */
interface SessionOptions {
  readonly metrics: SiteOptions['metrics'];
  /** false: no runs. */
  readonly run: boolean;
  /** Heap of the run's thread, MB. */
  readonly memory: number;
}

/** Opens the first session of a server. The store is brought up to date, and what is stored is at hand before it listens.
 *  @throws StoreError when the store cannot be used. */
export async function openFirstSession(config: Config, options: SessionOptions): Promise<Session & { readonly isFirst: boolean }> {
  return withThread(config, options, async (thread, log) => {
    const { isFirst, hasRun, ...made } = await withStoredSite(config, async (site) => {
      // Once in the life of a store, that nobody is given an empty feed; later changes of rules are worked while the old list is served.
      const isNew = await site.areFeedsNew();
      if (isNew) await thread.update().catch(explainFailure);
      // Before they are rendered: what is published meanwhile is rendered again.
      const known = { hasRun: await site.hasRun(), published: await site.readPublished() };
      return { isFirst: isNew, ...known, stored: await site.renderDocuments() };
    });
    // The list that is served waits for documents that take too much; without any, all else is there.
    const stored = made.stored ?? (await thread.render().catch(explainNoDocuments));
    return {
      ...(await openSession(config, options, thread, { stored, hasRun, published: stored.length === 0 ? NEVER : made.published, log })),
      isFirst,
    };
  });
}

/** Opens the session that takes over from another one, which must be paused: everything is made in the thread while the other one answers. */
export async function openNextSession(config: Config, options: SessionOptions): Promise<Session> {
  const known = await withStoredSite(config, async (site) => ({ hasRun: await site.hasRun(), published: await site.readPublished() }));
  return withThread(config, options, async (thread, log) => {
    await thread.update().catch((error: unknown) => {
      // Other nodes go by the old one still, until this session starts: its first run lists anew.
      const isNotYet = options.run && error instanceof NewsfoldError && error.code === 'run/other-config';
      if (!isNotYet) explainFailure(error);
    });
    return openSession(config, options, thread, { ...known, stored: await thread.render(), log });
  });
}

/** A session with a thread of its own, which ends when there is no session. */
async function withThread<T>(config: Config, { memory }: SessionOptions, open: (thread: RunThread, log: Log) => Promise<T>): Promise<T> {
  const log = createLog(config);
  const thread = createRunThread(config, log, { memoryMb: memory });
  try {
    return await open(thread, log);
  } catch (error) {
    await thread.stop();
    throw error;
  }
}

async function openSession(
  config: Config,
  options: SessionOptions,
  thread: RunThread,
  made: { readonly stored: readonly Document[]; readonly hasRun: boolean; readonly published: number; readonly log: Log },
): Promise<Session> {
  // One after the other, whoever asks: the schedule, a file that was saved, or the API.
  let running = Promise.resolve();
  let isPaused = false;
  let watch: Watch | null = null;
  const push = config.websub.hub === null ? null : createPushThread(config, made.log);
  const pages = createPageThread(config, made.log);
  let failure: NewsfoldError | null = null;
  let runs = 0;
  const startRun = (slot: Date | null = null) => {
    if (isPaused) return running;
    runs++;
    running = running
      // A run that was asked for before the end, and has not begun, is not begun.
      .then(async () => (isPaused ? ('not begun' as const) : thread.run(slot)))
      .finally(() => runs--)
      .then(
        (report) => {
          if (report === 'not begun') return;
          failure = null;
          printReport(report);
        },
        (error: unknown) => {
          // Somebody else's run is no failure.
          if (error instanceof NewsfoldError && error.code !== 'run/locked') failure = error;
          explainFailure(error);
        },
      )
      // Its documents are there at its end.
      .then(() => watch?.look());
    void running.then(() => {
      if (!isPaused) void site.alerts?.look();
    });
    return running;
  };
  const site = await openSite(
    config,
    (log) => {
      const documents = createDocumentCache(made.stored, thread.render, log);
      if (made.hasRun) documents.noteRun();
      return {
        ...documents,
        makeArchive: (feed, n) => Promise.race([thread.makeArchive(feed.slug, n), later()]),
      };
    },
    {
      startRun,
      act: thread.act,
      askWhy: thread.why,
      hasSchedule: options.run,
      askHub: config.websub.isOwn && push ? push.askHub : null,
      metrics: options.metrics,
      showLong: pages.ask,
      countQueue: thread.countQueue,
      readRunFailure: () => failure,
    },
  );
  const { clock, log } = site;
  let schedule: ReturnType<typeof startSchedule> | null = null;
  let folders: ReturnType<Site['watch']> | null = null;
  let dates: ReturnType<typeof startDueWatch> | null = null;
  let looks: NodeJS.Timeout | undefined;
  const pause = async () => {
    isPaused = true;
    clearInterval(looks);
    await watch?.stop();
    await folders?.close();
    await dates?.stop();
    await schedule?.stop();
    await Promise.all([thread.stop(), push?.stop()]);
    await running;
  };
  return {
    fetch: site.fetch,
    startRun,
    start(how = { isDeliberate: false }) {
      isPaused = false;
      push?.start();
      if (site.alerts) looks = setInterval(() => void site.alerts?.look(), ALERTS_MS);
      watch = startWatch(site, made.published, () => push?.tell());
      if (!options.run) return;
      void thread.join(how).catch(explainFailure);
      schedule = startSchedule({ clock, log }, startRun, { expression: config.schedule, timeZone: config.timeZone, second: site.second });
      folders = site.watch(() => void startRun());
      dates = startDueWatch({ store: site.store, clock, log, isRunning: () => runs > 0, startRun: (date) => void startRun(date) });
    },
    pause,
    update: () => thread.update().catch(explainFailure),
    async close() {
      await pause();
      // An archive may have been asked for since.
      await Promise.all([thread.stop(), pages.stop()]);
      await site.alerts?.close();
      await site.close();
    },
  };
}

/** How often it is looked for what the owner is to be told of. */
const ALERTS_MS = 60_000;

/** How often the store is looked at for what other processes changed: it shows within two seconds (DESIGN §8). */
const WATCH_MS = 500;

/** A watch over what is published. */
interface Watch {
  /** Looks at once; resolves when what there is new is served. */
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Renders anew when any process has published since the documents at hand were rendered. */
function startWatch(site: Site, published: number, onNews: () => void): Watch {
  // None yet: the first look compares generations.
  let mark: string | null = null;
  let generation = published;
  let looksToSkip = 0;
  const look = async () => {
    if (looksToSkip > 0) looksToSkip--;
    if (looksToSkip > 0) return;
    const newMark = await site.store.readMark();
    // The end of a run that has published nothing is no news to PostgreSQL.
    if (newMark === mark && site.hasPublished()) return;
    // Before the generation: then all that this run has published is in the documents.
    const hasRun = site.hasPublished() || (await site.store.readLastRun()) !== null;
    const { n } = await site.store.readGeneration();
    if (n !== generation && !(await site.refresh())) {
      looksToSkip = LOOKS_AFTER_FAILURE;
      return;
    }
    if (hasRun) site.noteRun();
    if (n !== generation) onNews();
    [mark, generation] = [newMark, n];
  };
  let looking = Promise.resolve();
  const lookNext = () => {
    looking = looking.then(look).catch((error: unknown) => site.log.error({ err: error }, 'the store could not be looked at'));
    return looking;
  };
  const timer = setInterval(() => void lookNext(), WATCH_MS);
  const listening = site.store.watchPublished(() => void lookNext());
  return {
    look: lookNext,
    async stop() {
      clearInterval(timer);
      await (
        await listening
      )();
    },
  };
}

/** A rendering that fails is tried again after half a minute, whether or not something is published meanwhile. */
const LOOKS_AFTER_FAILURE = 60;

/** How long an archive is waited for that has to be made, while a run may go on in the thread that makes it. */
const ARCHIVE_PATIENCE_MS = 5000;

async function later(): Promise<'later'> {
  await new Promise((resolve) => setTimeout(resolve, ARCHIVE_PATIENCE_MS).unref());
  return 'later';
}

/** No number of what was published: the documents are still to be rendered. */
const NEVER = -1;

function explainNoDocuments(error: unknown): readonly Document[] {
  explainFailure(error);
  return [];
}

/** What could not be done is told and leaves the server as it is; the next slot tries again. */
export function explainFailure(error: unknown): void {
  if (!(error instanceof NewsfoldError)) throw error;
  complain(`newsfold: ${error.message} [${error.code}]`);
}
