import { openApp } from '../../app/app.ts';
import { applyRetention } from '../../run/prune-stories.ts';
import type { RetentionReport } from '../../run/prune-stories.ts';
import { publishStories } from '../../run/publish-stories.ts';
import { withRunLock } from '../../run/run-lock.ts';
import { openTrustedClock } from '../../run/trusted-clock.ts';
import { complain, countOf, print, printJson } from '../output/print.ts';

/** Options of `newsfold prune`. */
interface PruneCommandOptions {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly archives?: boolean;
  readonly json?: boolean;
}

/** Removes everything that is no longer kept, which runs do a little at a time. `archives` also
 *  removes archive documents without remaining stories. It prints a line of counts, or with
 *  `json` one object {"entries","stories","archives","rows","isDone","isClockDoubted"}. When
 *  `signal` is aborted it finishes the current step.
 *  @throws NewsfoldError `run/locked`, exit code 3, when a run goes on. */
export async function pruneCommand(options: PruneCommandOptions, signal: AbortSignal): Promise<number> {
  const { dryRun = false, archives = false, json = false } = options;
  const app = await openApp(options.config, 'prune');
  const isAborted = () => signal.aborted;
  try {
    const report = await withRunLock(app.runContext, async () => {
      // The documents are updated first, so that it is known which entries they show.
      const context = dryRun ? app.runContext : { ...app.runContext, clock: await openTrustedClock(app.runContext) };
      if (!dryRun) await publishStories(context, isAborted);
      return applyRetention(context, { dryRun, archives, isOver: isAborted });
    });
    if (json) printJson(report);
    else show(report, { dryRun, keepsAll: app.config.keep.days === null && app.config.keep.perSource === null });
    return 0;
  } finally {
    await app.close();
  }
}

function show(report: RetentionReport, { dryRun, keepsAll }: { readonly dryRun: boolean; readonly keepsAll: boolean }): void {
  if (keepsAll) print('entries are kept forever: set keep.days or keep.perSource in the configuration to change that');
  const would = dryRun ? ' would be' : '';
  const { entries, stories, archives, rows } = report;
  print(
    `${countOf(entries, 'entry')} of ${countOf(stories, 'story')}${would} pruned, ${countOf(archives, 'archive')}${would} removed${dryRun ? '' : `, ${countOf(rows, 'row')} cleaned up`}`,
  );
  if (report.isClockDoubted)
    complain('the clock has jumped since the last run: no entry is deleted for its age until runs have used the new time for a day');
  if (!report.isDone) print('stopped early: nothing is lost, and the next run or prune continues from here');
}
