import type { RunReport } from '../run.ts';
import { colour, complain, print, table } from './print.ts';

/** The report of a run in words: a line for each source that brought something or failed, the counts, and every problem. */
export function printReport(report: RunReport | null): void {
  // Another node was asked for it, and says so there.
  if (report === null) return;
  const rows = report.bySource.map(({ source, outcome, entriesNew, entriesRevised }) => [
    source,
    outcomes[outcome],
    `${entriesNew} new`,
    `${entriesRevised} revised`,
  ]);
  for (const line of table(rows)) print(line);
  for (const problem of report.problems)
    complain(`${colour('yellow', 'problem')} ${problem.source === '' ? '' : `${problem.source}: `}${problem.message} [${problem.code}]`);
  if (report.stopped) print('stopped early: nothing is lost, and the next run goes on from here');
  const { sources, polled, pushed, notModified, failed, entriesNew, entriesRevised, entriesDeleted, storiesNew, folded, seconds } = report;
  print(
    `${sources} sources, ${polled} read, ${pushed === 0 ? '' : `${pushed} pushed, `}${notModified} unchanged, ${failed > 0 ? colour('red', `${failed} failed`) : '0 failed'}`,
  );
  print(
    `${entriesNew} new entries, ${entriesRevised} revised, ${entriesDeleted} deleted; ${storiesNew} new stories, ${folded} folded into others; ${seconds.toFixed(1)} s`,
  );
}

const outcomes = { content: 'read', same: 'unchanged', notModified: 'not modified', failed: 'failed', due: 'due' } as const;
