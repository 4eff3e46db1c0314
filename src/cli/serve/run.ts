import { openApp } from '../../app/app.ts';
import type { App } from '../../app/app.ts';
import { NewsfoldError } from '../../model/errors.ts';
import { alertAfterRun } from '../../app/alerts.ts';
import { emptyReport } from '../../run/report.ts';
import { run } from '../../run/run.ts';
import type { RunReport } from '../../run/report.ts';
import { maintainSubscriptions } from '../../websub/subscriber/subscriptions.ts';
import { readConfig } from '../../app/config.ts';
import { countOf, print, printJson } from '../output/print.ts';
import { printReport } from '../output/report.ts';

/** Options of `newsfold run`. */
interface RunCommandOptions {
  readonly config: string;
  readonly all?: boolean;
  readonly source?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly acceptDeletions?: boolean;
  readonly ifFree?: boolean;
  readonly retry?: boolean;
}

/** Makes one run of the sources that are due, prints the report and sends alerts (`onProblem`).
 *  When `signal` is aborted it finishes the current step. Exit code 1 under `strict` when
 *  anything failed, else 0. */
export async function runCommand(options: RunCommandOptions, signal: AbortSignal): Promise<number> {
  const config = readConfig(options.config);
  let app: App | null = null;
  try {
    app = await openApp(config, 'run');
    return await runOnce(app, options, signal);
  } catch (error) {
    const isLocked = error instanceof NewsfoldError && error.code === 'run/locked';
    if (!isLocked && options.dryRun !== true) await alertAfterRun(config, app?.store ?? null, error);
    if (!isLocked || options.ifFree !== true) throw error;
    if (options.json === true) {
      const problems = [{ source: '', code: error.code, message: error.message }];
      printJson({ ...emptyReport, problems, bySource: [], held: [] } satisfies RunReport);
    } else print(error.message);
    return 0;
  } finally {
    await app?.close();
  }
}

async function runOnce({ config, store, runContext, subscribing }: App, options: RunCommandOptions, signal: AbortSignal): Promise<number> {
  const isTerminal = process.stderr.isTTY && options.json !== true;
  const report = await run(runContext, {
    sourceId: options.source ?? null,
    all: options.all ?? false,
    dryRun: options.dryRun ?? false,
    acceptDeletions: options.acceptDeletions ?? false,
    retry: options.retry ?? false,
    signal,
    ...(isTerminal && { onProgress: showProgress }),
  });
  const isWhole = options.dryRun !== true && !report.stopped;
  if (isWhole) await maintainSubscriptions(subscribing, () => signal.aborted);
  if (options.json === true) printJson(report);
  else if (options.dryRun === true) printDue(report);
  else printReport(report);
  if (isWhole) await alertAfterRun(config, store, null);
  const isWrong = report.failed > 0 || report.problems.length > 0;
  return (options.strict === true && isWrong) || (options.source !== undefined && report.sources === 0) ? 1 : 0;
}

function printDue(report: RunReport): void {
  for (const { source } of report.bySource) print(`${source}  due`);
  print(
    `${report.bySource.length} of ${countOf(report.sources, 'source')} ${report.bySource.length === 1 ? 'is' : 'are'} due; nothing was requested or read`,
  );
}

function showProgress(done: number, total: number): void {
  const width = 30;
  const filled = Math.round((done / total) * width);
  process.stderr.write(
    `\r${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total} sources${done === total ? '\r\u001b[2K' : ''}`,
  );
}
