import { foldPending } from './fold-entries.ts';
import { applyRetention } from './prune-stories.ts';
import type { SourceProblem } from '../model/errors.ts';
import type { Stage } from '../model/set-aside.ts';
import { VERSION } from '../model/version.ts';
import type { RunContext } from './run-context.ts';
import { publishStories } from './publish-stories.ts';
import { bindDeclared, readSources } from './read/read-sources.ts';
import { emptyReport } from './report.ts';
import type { RunOptions, RunReport } from './report.ts';
import { withRunLock } from './run-lock.ts';
import { setAsideDeadly } from './set-aside-crashing.ts';
import { openTrustedClock } from './trusted-clock.ts';

/** Makes one run, stage by stage. Every due source is fetched, parsed and normalised, and its
 *  entries are stored as pending. Then the entries are folded in the order of docs/design.md §93.
 *  Then the leads of the changed stories are chosen and the feeds are published. If one source
 *  fails, the others continue. A run that is killed leaves entries pending for the next run. An
 *  aborted `signal` does the same after the present step.
 *  @throws NewsfoldError `run/locked` when another run is under way. The message names its
 *  holder. */
export function run(context: RunContext, options: RunOptions): Promise<RunReport> {
  return withRunLock(context, async () =>
    runLocked(options.dryRun ? context : { ...context, clock: await openTrustedClock(context) }, options),
  );
}

async function runLocked(context: RunContext, options: RunOptions): Promise<RunReport> {
  const { store, clock, log } = context;
  const startedAt = clock.now();
  const report: RunReport = { ...emptyReport, problems: [], bySource: [], held: [] };
  const sources = await bindDeclared(context, report);
  const no = options.dryRun ? null : await store.startRun(startedAt);
  const { problems: crashes, suspects } =
    no === null ? { problems: [], suspects: new Map<string, Stage>() } : await setAsideDeadly(context);
  if (no !== null) await store.openSetAside(options.retry === true ? null : VERSION);
  await readSources(context, sources, options, report);
  // A source that was polled has reported the problem itself.
  const isReported = ({ source, code }: SourceProblem) =>
    report.problems.some((problem) => problem.source === source && problem.code === code);
  report.problems.push(...crashes.filter((problem) => !isReported(problem)));
  if (no === null) return report;
  report.held = await store.readHeld();
  const isAborted = () => options.signal?.aborted ?? false;
  // After an interruption during reading, nothing is folded: the next run reads the rest first.
  // Otherwise the order of folding would depend on the moment of the interruption.
  if (!isAborted()) {
    const { folded, problems } = await foldPending(context, sources, isAborted, suspects);
    report.folded += folded;
    report.problems.push(...problems);
  }
  if (!isAborted()) {
    const { problems, ...counts } = await publishStories(context, isAborted);
    report.problems.push(...problems);
    Object.assign(report, counts);
  }
  if (!isAborted()) report.entriesPruned = await removeExpired(context, isAborted);
  report.setAside = await store.countSetAside();
  report.seconds = (clock.now().getTime() - startedAt.getTime()) / 1000;
  report.stopped = isAborted();
  const held = report.held.length;
  if (report.stopped) await store.noteStopped(no, { ...report, held });
  else await store.endRun(no, clock.now(), { ...report, held });
  log.info({ ...report, held, problems: report.problems.length, bySource: undefined }, report.stopped ? 'run stopped early' : 'run done');
  return report;
}

/** Time that one run spends on retention; the next run continues. */
const RETENTION_MS = 2000;

async function removeExpired(context: RunContext, isAborted: () => boolean): Promise<number> {
  // A monotonic time: the clock may be set meanwhile.
  const end = performance.now() + RETENTION_MS;
  const removed = await applyRetention(context, { dryRun: false, archives: false, isOver: () => isAborted() || performance.now() > end });
  return removed.entries;
}
