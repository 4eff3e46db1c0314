import { settleStory } from './fold/fold.ts';
import { foldPending } from './fold-stage.ts';
import { setAsideDeadly, Trial } from './bulkhead.ts';
import type { ItemName } from './bulkhead.ts';
import { breathe } from './memory.ts';
import { workInLanes } from './lanes.ts';
import { NewsfoldError } from './model/errors.ts';
import type { SourceProblem } from './model/errors.ts';
import { keepBounded } from './keep-stage.ts';
import type { Stage } from './model/set-aside.ts';
import type { HeldFile } from './model/release.ts';
import type { Source, SourceDeclaration } from './model/source.ts';
import type { Settlement } from './model/story.ts';
import { VERSION } from './model/version.ts';
import type { Queue, SharedOutcome, SharedTask } from './ports/queue.ts';
import { BATCH_SIZE } from './ports/store/store.ts';
import type { LockHolder } from './ports/store/runs.ts';
import type { PollRecord } from './ports/store/sources.ts';
import { updateFeeds } from './publish-stage.ts';
import { createSourceReader } from './read-sources.ts';
import type { SourceReader } from './read-sources.ts';
import { keepTime } from './steady-clock.ts';
import { cutArchives } from './takedown.ts';
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
  /** Try once more all that is set aside; absent or false: what an older version has set aside. */
  readonly retry?: boolean;
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
  /** Sources, entries and stories that are set aside when it ends, since a stage has failed over them. */
  setAside: number;
  storiesNew: number;
  storiesUpdated: number;
  storiesWithdrawn: number;
  folded: number;
  seconds: number;
  /** true when it was told to stop: the next run goes on from there. */
  stopped: boolean;
  problems: SourceProblem[];
  bySource: SourceCounts[];
  /** Own articles that wait after it, of whatever source. */
  held: readonly HeldFile[];
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
export function run(parts: RunParts, options: RunOptions): Promise<RunReport> {
  return withRunLock(parts, async () => runLocked(options.dryRun ? parts : { ...parts, clock: await keepTime(parts) }, options));
}

/** Does something while no run goes on: takes the run lock, and gives it back whatever happens.
 *  @throws NewsfoldError `run/locked`, exit code 3, when somebody has it: its message says who; what `checkConfig` throws. */
export async function withRunLock<T>(
  parts: Pick<RunParts, 'store' | 'clock' | 'holder' | 'checkConfig'>,
  work: () => Promise<T>,
): Promise<T> {
  const { store, clock, holder, checkConfig } = parts;
  const lock = await store.takeLock({ ...holder, since: clock.now() });
  if (lock.kind === 'held') throw new NewsfoldError('run/locked', toHeldMessage(store.name, lock.holder), { exitCode: 3 });
  try {
    await checkConfig();
    return await work();
  } finally {
    await lock.release();
  }
}

async function runLocked(parts: RunParts, options: RunOptions): Promise<RunReport> {
  const { store, clock, log } = parts;
  const startedAt = clock.now();
  const report: RunReport = { ...emptyReport, problems: [], bySource: [], held: [] };
  const sources = await bindDeclared(parts, report);
  const no = options.dryRun ? null : await store.startRun(startedAt);
  const { problems: deadly, suspects } = no === null ? { problems: [], suspects: new Map<string, Stage>() } : await setAsideDeadly(parts);
  if (no !== null) await store.openSetAside(options.retry === true ? null : VERSION);
  await readSources(parts, sources, options, report);
  // A source that was polled has said so itself.
  const isTold = ({ source, code }: SourceProblem) => report.problems.some((problem) => problem.source === source && problem.code === code);
  report.problems.push(...deadly.filter((problem) => !isTold(problem)));
  if (no === null) return report;
  report.held = await store.readHeld();
  const isAborted = () => options.signal?.aborted ?? false;
  // A run that was cut short finishes reading before it folds: else the order of folding would depend on where it was cut.
  if (!isAborted()) {
    const { folded, problems } = await foldPending(parts, sources, isAborted, suspects);
    report.folded += folded;
    report.problems.push(...problems);
  }
  if (!isAborted()) {
    const { problems, ...counts } = await settleAndPublish(parts, isAborted);
    report.problems.push(...problems);
    Object.assign(report, counts);
  }
  if (!isAborted()) report.entriesPruned = await keepForAWhile(parts, isAborted);
  report.setAside = await store.countSetAside();
  report.seconds = (clock.now().getTime() - startedAt.getTime()) / 1000;
  report.stopped = isAborted();
  const held = report.held.length;
  if (report.stopped) await store.noteStopped(no, { ...report, held });
  else await store.endRun(no, clock.now(), { ...report, held });
  log.info({ ...report, held, problems: report.problems.length, bySource: undefined }, report.stopped ? 'run stopped early' : 'run done');
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

/** Of a run that did nothing. */
export const emptyReport = {
  sources: 0,
  polled: 0,
  notModified: 0,
  failed: 0,
  pushed: 0,
  entriesNew: 0,
  entriesRevised: 0,
  entriesDeleted: 0,
  entriesPruned: 0,
  setAside: 0,
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

/** Binds the sources of the configuration, each file of a glob for itself. */
export async function bindDeclared(parts: RunParts, report: Pick<RunReport, 'problems' | 'failed'>): Promise<readonly Source[]> {
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
  const { clock } = parts;
  const isMeant = ({ id, address }: Source) => options.sourceId === null || [id, address].includes(options.sourceId);
  const wanted = sources.filter(isMeant);
  if (options.sourceId !== null && wanted.length === 0)
    report.problems.push({
      source: options.sourceId,
      code: 'source/unknown',
      message: 'no source of the configuration has this id or address: see newsfold sources',
    });
  const isAborted = () => options.signal?.aborted ?? false;
  const task = { startedAt: clock.now(), all: options.all, acceptDeletions: options.acceptDeletions };
  const reader = await createSourceReader(parts, task, { only: null, isAborted });
  const due = wanted.filter(reader.isWanted).toSorted((a, b) => reader.dueAt(a) - reader.dueAt(b));
  report.sources = wanted.length;
  if (options.dryRun) due.forEach(({ id }) => report.bySource.push({ source: id, outcome: 'due', entriesNew: 0, entriesRevised: 0 }));
  else if (parts.queue !== null) await readElsewhere(parts, parts.queue, task, due, reader, options, report);
  else await readHere(parts, due, reader, options, report);
  // In the order of the configuration, whatever answered first.
  const order = new Map(sources.map((source, index) => [source.id, index]));
  const place = (item: { readonly source: string }) => order.get(item.source) ?? -1;
  report.bySource.sort((a, b) => place(a) - place(b));
  report.problems.sort((a, b) => place(a) - place(b));
}

/** What fell due first comes first: what a run had no time for is so in the next one. */
async function readHere(
  parts: RunParts,
  due: readonly Source[],
  reader: SourceReader,
  options: RunOptions,
  report: RunReport,
): Promise<void> {
  let done = 0;
  const read = async (source: Source) => {
    if (reader.isLate()) report.problems.push(tooLate(source));
    // A host may have asked to be left alone since.
    else if (reader.isWanted(source)) {
      const outcome = await reader.read(source);
      if (outcome) count(report, { source: source.id, ...outcome });
    }
    options.onProgress?.(++done, due.length);
    await breathe();
  };
  const limits = { total: parts.settings.concurrency, perLane: parts.settings.perHost };
  await workInLanes(due, reader.laneOf, limits, read, () => options.signal?.aborted ?? false);
  for (const outcome of await reader.conclude()) count(report, outcome);
}

/** Has the sources read by all nodes, the lane of a host by one at a time: so its patience is tried by nobody (CHECKS A15). */
async function readElsewhere(
  parts: Pick<RunParts, 'store'>,
  queue: Queue,
  task: SharedTask,
  due: readonly Source[],
  reader: SourceReader,
  options: RunOptions,
  report: RunReport,
): Promise<void> {
  const lanes = Map.groupBy(due, reader.laneOf);
  const left = new Map(due.map((source) => [source.id, source]));
  const onOutcome = (outcome: SharedOutcome) => {
    left.delete(outcome.source);
    if (outcome.polled !== null || outcome.pushed !== null) count(report, outcome);
    options.onProgress?.(due.length - left.size, due.length);
  };
  const named = [...lanes].map(([name, lane]) => ({ name, sources: lane.map(({ id }) => id) }));
  await queue.distribute(task, named, onOutcome, () => reader.isLate() || (options.signal?.aborted ?? false));
  if (options.signal?.aborted === true) return;
  const isLate = reader.isLate();
  // Nodes that ended may have read some before.
  for (const { source, poll } of await parts.store.readSources([...left.keys()]))
    if ((poll.lastPollAt ?? 0) >= task.startedAt && poll.problem?.code !== 'source/lost') left.delete(source.id);
  for (const source of left.values()) report.problems.push(isLate ? tooLate(source) : lost(source));
}

/** No node came to an end with it: what it will say for itself is `source/lost` too (node-work.ts). */
function lost({ id }: Source): SourceProblem {
  return {
    source: id,
    code: 'source/lost',
    message: 'every node that was reading it, or others of its host, has ended over that: it is tried again later',
  };
}

function tooLate({ id }: Source): SourceProblem {
  return { source: id, code: 'run/timeout', message: 'not asked in this run, which had used its time: it is due in the next one' };
}

function count(report: RunReport, { source, pushed, polled }: SharedOutcome): void {
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
  report.bySource.push({ source, outcome, entriesNew, entriesRevised });
  const problems = [...(pushed?.problems ?? []), ...(polled?.problems ?? [])];
  report.problems.push(...problems.map((problem) => ({ source, ...problem })));
}

/** A run's last stage: settles the stories that changed, brings the feeds up to date, and raises the generation. A story that fails alone is set aside (bulkhead.ts): it
 *  stays as it was published. The caller has the run lock; cut short, it is completed by the next run. */
export async function settleAndPublish(
  parts: Pick<RunParts, 'store' | 'clock'> &
    Partial<Pick<RunParts, 'log'>> & { readonly settings: Pick<RunParts['settings'], 'feeds' | 'rules'> },
  isAborted: () => boolean,
): Promise<Pick<RunReport, 'storiesNew' | 'storiesUpdated' | 'storiesWithdrawn' | 'problems'>> {
  const { store, clock, settings } = parts;
  const counts = { storiesNew: 0, storiesUpdated: 0, storiesWithdrawn: 0, problems: [] as SourceProblem[] };
  const trial = new Trial('settle');
  const holdBackMs = settings.feeds.length === 0 ? 0 : Math.min(...settings.feeds.map((feed) => feed.holdBackMs));
  const oldestDatedAt = await store.findOldestDated();
  for (; !isAborted(); await breathe()) {
    const unsettled = await store.readUnsettled(BATCH_SIZE);
    if (unsettled.length === 0) {
      await store.freeSetAside(['settle']);
      counts.problems.push(...(await updateFeeds(parts)));
      await cutArchives(parts);
      while (!isAborted() && (await store.indexWords())) await breathe();
      await store.publish(clock.now(), new Date(clock.now().getTime() - settings.rules.windowMs));
      return counts;
    }
    const nameOf = ({ no }: { readonly no: number }): ItemName => ({ what: 'story', no });
    const settlements: Settlement[] = [];
    for (const story of unsettled) {
      const settlement = trial.attempt(nameOf(story), () => settleStory(story, clock.now(), { holdBackMs, oldestDatedAt }));
      if (settlement) settlements.push(settlement);
    }
    const saved: Settlement[] = [];
    await trial.together(settlements, nameOf, async (some) => {
      await store.saveSettlements(some, clock.now());
      saved.push(...some);
    });
    counts.problems.push(...(await trial.conclude(parts)));
    for (const { change } of saved) {
      if (change === 'new') counts.storiesNew++;
      else if (change === 'updated') counts.storiesUpdated++;
      else if (change === 'withdrawn') counts.storiesWithdrawn++;
    }
  }
  return counts;
}
