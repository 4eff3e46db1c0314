import { settleStory } from './fold/fold.ts';
import { foldPending } from './fold-stage.ts';
import { addressOf, hostOf, isDue } from './ingest/due.ts';
import { breathe, Gate } from './memory.ts';
import { workInLanes } from './lanes.ts';
import { NewsfoldError } from './model/errors.ts';
import type { SourceProblem } from './model/errors.ts';
import { keepBounded } from './keep-stage.ts';
import type { PollState, Source, SourceDeclaration } from './model/source.ts';
import type { WaitingPush } from './ports/push-store.ts';
import { BATCH_SIZE } from './ports/store.ts';
import type { LockHolder, PollRecord } from './ports/store.ts';
import { updateFeeds } from './publish-stage.ts';
import { readDue } from './read-due.ts';
import type { DueOutcome } from './read-due.ts';
import { keepTime } from './steady-clock.ts';
import { keepSubscriptions } from './subscribe.ts';
import { cutArchives } from './takedown.ts';
import { nothingSaid } from './reading.ts';
import type { RunParts } from './run-parts.ts';

/** What the caller asks of one run. */
export interface RunOptions {
  /** Only the source of this id or address; null means all. */
  readonly sourceId: string | null;
  /** Ignore the schedule's patience, never the publisher's (DESIGN §9). */
  readonly all: boolean;
  /** Say what is due and ask nobody: nothing is fetched, nothing stored. */
  readonly dryRun: boolean;
  /** Delete local articles that are missed, however many. */
  readonly acceptDeletions: boolean;
  /** Told before and after each source; for progress bars. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborted: the step at hand is finished, the rest is left to the next run. */
  readonly signal?: AbortSignal;
}

/** Counts of one run; what `run --json` prints. */
export interface RunReport {
  sources: number;
  polled: number;
  notModified: number;
  failed: number;
  /** Documents that were pushed and are read. */
  pushed: number;
  entriesNew: number;
  entriesRevised: number;
  entriesDeleted: number;
  /** Kept no longer. */
  entriesPruned: number;
  storiesNew: number;
  storiesUpdated: number;
  storiesWithdrawn: number;
  folded: number;
  seconds: number;
  /** true when it was told to stop: the next run goes on from there. */
  stopped: boolean;
  problems: SourceProblem[];
  bySource: SourceCounts[];
}

/** Counts of one source in one run. */
export interface SourceCounts {
  readonly source: string;
  /** `due` in a dry run, else what came of it. */
  readonly outcome: PollRecord['outcome'] | 'due';
  readonly entriesNew: number;
  readonly entriesRevised: number;
}

/** One run, stage by stage: ingest, parse and normalise every due source and store its entries as pending; then fold them in the order
 *  of DESIGN §11; then settle the stories that changed and publish. A source that fails costs only itself. What is stored as pending when a
 *  run is cut short (killed, or `signal` aborted, which finishes the step at hand) is folded by the next one.
 *  @throws NewsfoldError `run/locked` when another run goes on: its message says whose. */
export async function run(parts: RunParts, options: RunOptions): Promise<RunReport> {
  const report = await withRunLock(parts, async () =>
    runLocked(options.dryRun ? parts : { ...parts, clock: await keepTime(parts) }, options),
  );
  // A hub may take its time, and the lock is for what is stored.
  if (!options.dryRun && !report.stopped) await keepSubscriptions(parts, () => options.signal?.aborted ?? false);
  return report;
}

/** Does something while no run goes on: takes the run lock, and gives it back whatever happens.
 *  @throws NewsfoldError `run/locked`, exit code 3, when somebody has it: its message says who. */
export async function withRunLock<T>(parts: Pick<RunParts, 'store' | 'clock' | 'holder'>, work: () => Promise<T>): Promise<T> {
  const { store, clock, holder } = parts;
  const lock = await store.takeLock({ ...holder, since: clock.now() });
  if (lock.kind === 'held') throw new NewsfoldError('run/locked', toHeldMessage(store.name, lock.holder), { exitCode: 3 });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function runLocked(parts: RunParts, options: RunOptions): Promise<RunReport> {
  const { store, clock, log } = parts;
  const startedAt = clock.now();
  const report: RunReport = { ...emptyReport, problems: [], bySource: [] };
  const sources = await bindDeclared(parts, report);
  const no = options.dryRun ? null : await store.startRun(startedAt);
  await readSources(parts, sources, options, report);
  if (no === null) return report;
  const isAborted = () => options.signal?.aborted ?? false;
  // A run that was cut short finishes reading before it folds: else the order of folding would depend on where it was cut.
  if (!isAborted()) {
    const { folded, problems } = await foldPending(parts, sources, isAborted);
    report.folded += folded;
    report.problems.push(...problems);
  }
  if (!isAborted()) Object.assign(report, await settleAndPublish(parts, isAborted));
  if (!isAborted()) report.entriesPruned = await keepForAWhile(parts, isAborted);
  report.seconds = (clock.now().getTime() - startedAt.getTime()) / 1000;
  report.stopped = isAborted();
  if (!report.stopped) await store.endRun(no, clock.now(), report);
  log.info({ ...report, problems: report.problems.length, bySource: undefined }, report.stopped ? 'run stopped early' : 'run done');
  return report;
}

/** Time that a run takes for what is kept no longer: what is left is for the next one. */
const KEEP_MS = 2000;

async function keepForAWhile(parts: RunParts, isAborted: () => boolean): Promise<number> {
  // The machine's own time: clocks may be set.
  const end = performance.now() + KEEP_MS;
  const kept = await keepBounded(parts, { dryRun: false, archives: false, isOver: () => isAborted() || performance.now() > end });
  return kept.entries;
}

function toHeldMessage(store: string, holder: LockHolder | null): string {
  const whose =
    holder === null
      ? 'another process'
      : `newsfold ${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.since.toISOString()})`;
  return `a run goes on: ${whose} holds the lock of ${store}; try again when it has ended`;
}

const emptyReport = {
  sources: 0,
  polled: 0,
  notModified: 0,
  failed: 0,
  pushed: 0,
  entriesNew: 0,
  entriesRevised: 0,
  entriesDeleted: 0,
  entriesPruned: 0,
  storiesNew: 0,
  storiesUpdated: 0,
  storiesWithdrawn: 0,
  folded: 0,
  seconds: 0,
  stopped: false,
} as const;

/** Lists anew what feeds have after the configuration was changed, without reading a source. */
export function updateSite(parts: RunParts): Promise<unknown> {
  return withRunLock(parts, async () => {
    // Tags and ids of sources as they are now: rules of feeds name them.
    await bindDeclared(parts, { problems: [], failed: 0 });
    return settleAndPublish(parts, () => false);
  });
}

async function bindDeclared(parts: RunParts, report: Pick<RunReport, 'problems' | 'failed'>): Promise<readonly Source[]> {
  return parts.store.bindSources(await expandGlobs(parts, report), parts.clock.now());
}

/** Each file of a glob is a source of its own (DESIGN §3). */
async function expandGlobs(parts: RunParts, report: Pick<RunReport, 'problems' | 'failed'>): Promise<SourceDeclaration[]> {
  const expanded: SourceDeclaration[] = [];
  for (const declaration of parts.settings.declarations) {
    const paths = declaration.kind === 'file' ? await parts.files.expand(declaration.address) : [declaration.address];
    if (paths.length === 0) {
      const message = `no file matches ${declaration.address}: check the path in the configuration`;
      report.problems.push({ source: declaration.id ?? '', code: 'file/none', message });
      report.failed++;
    }
    const isOne = paths.length === 1;
    expanded.push(
      ...paths.map((address) => ({ ...declaration, address, id: isOne ? declaration.id : null, title: isOne ? declaration.title : null })),
    );
  }
  return expanded;
}

async function readSources(parts: RunParts, sources: readonly Source[], options: RunOptions, report: RunReport): Promise<void> {
  const { store, clock, settings } = parts;
  const now = clock.now();
  const polls = new Map((await store.readSources()).map((status) => [status.source.id, status]));
  const holds = new Map(await store.readHolds(now));
  const own = { ids: await store.readFeedIds(), urls: settings.ownUrls };
  const isMeant = ({ id, address }: Source) => options.sourceId === null || [id, address].includes(options.sourceId);
  const wanted = sources.filter(isMeant);
  if (options.sourceId !== null && wanted.length === 0)
    report.problems.push({
      source: options.sourceId,
      code: 'source/unknown',
      message: 'no source of the configuration has this id or address: see newsfold sources',
    });
  const pollOf = (source: Source) => polls.get(source.id)?.poll ?? neverPolled;
  const waiting = await store.readWaiting(now);
  const waitingOf = (source: Source) => waiting.get(source.id) ?? nothingWaits;
  // A push that asks for a poll hurries nobody more than the owner may by hand (`all`).
  const isPolled = (source: Source, { isAsked }: { readonly isAsked: boolean }) =>
    isDue(source, pollOf(source), now, { all: options.all || isAsked, holds });
  const isWanted = (source: Source) => {
    const { documents, pollAskedAt } = waitingOf(source);
    return documents > 0 || isPolled(source, { isAsked: pollAskedAt !== null });
  };
  const due = wanted.filter(isWanted);
  report.sources = wanted.length;
  let done = 0;
  const gate = new Gate();
  const isLate = () => clock.now().getTime() - now.getTime() > settings.runTimeoutMs;
  const isOver = () => isLate() || (options.signal?.aborted ?? false);
  const read = async (source: Source) => {
    if (options.dryRun) report.bySource.push({ source: source.id, outcome: 'due', entriesNew: 0, entriesRevised: 0 });
    else if (isLate()) {
      const message = 'not asked in this run, which had used its time: it is due in the next one';
      report.problems.push({ source: source.id, code: 'run/timeout', message });
    } else if (isWanted(source)) {
      const description = polls.get(source.id)?.description ?? nothingSaid;
      const { acceptDeletions } = options;
      const given = { poll: pollOf(source), description, acceptDeletions, seenAt: now, own, gate, holds, isOver };
      const isDueWhen = (how: { readonly isAsked: boolean }) => isPolled(source, how);
      const outcome = await readDue(parts, source, given, { waiting: waitingOf(source), isDueWhen });
      // Who asks to be left alone is so at once, not from the next run on (CHECKS A7).
      if (outcome.polled?.hold) holds.set(outcome.polled.hold.host, outcome.polled.hold.until);
      count(report, source, outcome);
    }
    options.onProgress?.(++done, due.length);
    await breathe();
  };
  // Files are on no host: each has a lane of its own.
  const laneOf = (source: Source) => hostOf(addressOf(source, pollOf(source))) || source.id;
  const limits = { total: settings.concurrency, perLane: settings.perHost };
  await workInLanes(waitedLongest(due, pollOf), laneOf, limits, read, () => options.signal?.aborted ?? false);
  // In the order of the configuration, whatever answered first.
  const order = new Map(sources.map((source, index) => [source.id, index]));
  const place = (item: { readonly source: string }) => order.get(item.source) ?? -1;
  report.bySource.sort((a, b) => place(a) - place(b));
  report.problems.sort((a, b) => place(a) - place(b));
}

const nothingWaits: WaitingPush = { documents: 0, pollAskedAt: null, aliveUntil: null };

const neverPolled: PollState = {
  etag: null,
  lastModified: null,
  bodyHash: null,
  lastPollAt: null,
  lastSuccessAt: null,
  lastEntryAt: null,
  nextPollAt: null,
  notBeforeAt: null,
  failures: 0,
  history: '',
  gone: false,
  problem: null,
  wishes: null,
  rhythm: { gapMs: null, newestAt: null },
  move: null,
  notice: null,
  found: null,
  push: null,
};

/** In the order in which they fell due: what a run had no time for comes first in the next one. */
function waitedLongest(sources: readonly Source[], pollOf: (source: Source) => PollState): Source[] {
  const dueAt = (source: Source) => pollOf(source).nextPollAt?.getTime() ?? 0;
  return sources.toSorted((a, b) => dueAt(a) - dueAt(b));
}

function count(report: RunReport, source: Source, { pushed, polled }: DueOutcome): void {
  const entriesNew = (pushed?.entriesNew ?? 0) + (polled?.entriesNew ?? 0);
  const entriesRevised = (pushed?.entriesRevised ?? 0) + (polled?.entriesRevised ?? 0);
  if (polled !== null) report.polled++;
  if (polled?.outcome === 'notModified' || polled?.outcome === 'same') report.notModified++;
  if (polled?.outcome === 'failed') report.failed++;
  report.pushed += pushed?.documents ?? 0;
  report.entriesNew += entriesNew;
  report.entriesRevised += entriesRevised;
  report.entriesDeleted += polled?.entriesDeleted ?? 0;
  const outcome = pushed === null || entriesNew + entriesRevised === 0 ? (polled?.outcome ?? 'same') : 'content';
  report.bySource.push({ source: source.id, outcome, entriesNew, entriesRevised });
  const problems = [...(pushed?.problems ?? []), ...(polled?.problems ?? [])];
  report.problems.push(...problems.map((problem) => ({ source: source.id, ...problem })));
}

/** A run's last stage: settles the stories that changed, brings the feeds up to date, and raises the generation. The caller has the run lock; cut short, it is completed by
 *  the next run. */
export async function settleAndPublish(
  parts: Pick<RunParts, 'store' | 'clock'> & { readonly settings: Pick<RunParts['settings'], 'feeds' | 'rules'> },
  isAborted: () => boolean,
): Promise<Pick<RunReport, 'storiesNew' | 'storiesUpdated' | 'storiesWithdrawn'>> {
  const { store, clock, settings } = parts;
  const counts = { storiesNew: 0, storiesUpdated: 0, storiesWithdrawn: 0 };
  const holdBackMs = settings.feeds.length === 0 ? 0 : Math.min(...settings.feeds.map((feed) => feed.holdBackMs));
  for (; !isAborted(); await breathe()) {
    const unsettled = await store.readUnsettled(BATCH_SIZE);
    if (unsettled.length === 0) {
      await updateFeeds(parts);
      await cutArchives(parts);
      while (!isAborted() && (await store.indexWords())) await breathe();
      await store.publish(clock.now(), new Date(clock.now().getTime() - settings.rules.windowMs));
      return counts;
    }
    const settlements = unsettled.map((story) => settleStory(story, clock.now(), { holdBackMs }));
    await store.saveSettlements(settlements, clock.now());
    for (const { change } of settlements) {
      if (change === 'new') counts.storiesNew++;
      else if (change === 'updated') counts.storiesUpdated++;
      else if (change === 'withdrawn') counts.storiesWithdrawn++;
    }
  }
  return counts;
}
