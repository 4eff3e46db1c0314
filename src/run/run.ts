import { foldPending } from './fold.ts';
import { applyRetention } from './retention.ts';
import type { SourceProblem } from '../model/errors.ts';
import type { Stage } from '../model/set-aside.ts';
import { VERSION } from '../model/version.ts';
import type { RunContext } from './run-context.ts';
import { publishStories } from './publish-stories.ts';
import { bindDeclared, readSources } from './read/read-sources.ts';
import { emptyReport } from './report.ts';
import type { RunOptions, RunReport } from './report.ts';
import { withRunLock } from './run-lock.ts';
import { setAsideDeadly } from './set-aside-deadly.ts';
import { openTrustedClock } from './trusted-clock.ts';

/** One run, stage by stage: ingest, parse and normalise every due source and store its entries as
 *  pending; then fold them in the order of docs/design.md §93; then settle the stories that changed
 *  and publish. A source that fails costs only itself. What is stored as pending when a run is cut
 *  short (killed, or `signal` aborted, which finishes the step at hand) is folded by the next one.
 *  @throws NewsfoldError `run/locked` when another run goes on: its message says whose. */
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
  const { problems: deadly, suspects } = no === null ? { problems: [], suspects: new Map<string, Stage>() } : await setAsideDeadly(context);
  if (no !== null) await store.openSetAside(options.retry === true ? null : VERSION);
  await readSources(context, sources, options, report);
  // A source that was polled has said so itself.
  const isTold = ({ source, code }: SourceProblem) => report.problems.some((problem) => problem.source === source && problem.code === code);
  report.problems.push(...deadly.filter((problem) => !isTold(problem)));
  if (no === null) return report;
  report.held = await store.readHeld();
  const isAborted = () => options.signal?.aborted ?? false;
  // A run that was cut short finishes reading before it folds: else the order of folding would
  // depend on where it was cut.
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
  if (!isAborted()) report.entriesPruned = await keepForAWhile(context, isAborted);
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

async function keepForAWhile(context: RunContext, isAborted: () => boolean): Promise<number> {
  // The machine's own time: clocks may be set.
  const end = performance.now() + KEEP_MS;
  const kept = await applyRetention(context, { dryRun: false, archives: false, isOver: () => isAborted() || performance.now() > end });
  return kept.entries;
}
