import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { RunRecord } from '../../model/counts.ts';

/** Counts the results of all runs since this process started, whichever process made them. */
interface RunCounters {
  readonly add: (run: RunRecord) => void;
}

/** Most problem codes with a series of their own. There are some sixty, and a store may hold
 *  codes of other versions. */
const MOST_CODES = 200;

export function createRunCounters(registry: Registry): RunCounters {
  const make = <Label extends string>(name: string, help: string, labelNames: readonly Label[], values: readonly string[]) => {
    const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
    // A series that starts at 0 shows its first increase too.
    const [label] = labelNames;
    if (label !== undefined) for (const value of values) counter.inc({ [label]: value } as Record<Label, string>, 0);
    return counter;
  };
  const runs = make(
    'newsfold_runs_total',
    'Finished runs: clean, with problems, or unfinished (killed, stopped, or failed as a whole).',
    ['outcome'],
    ['clean', 'problems', 'unfinished'],
  );
  const polls = make(
    'newsfold_polls_total',
    'Sources read by runs, by outcome.',
    ['outcome'],
    ['content', 'same', 'notModified', 'failed'],
  );
  const entries = make(
    'newsfold_entries_total',
    'Entries that were new, revised or deleted in runs.',
    ['change'],
    ['new', 'revised', 'deleted'],
  );
  const folds = make('newsfold_folds_total', 'Entries that were folded into an existing story.', [], []);
  const problems = make('newsfold_problems_total', 'Problems that runs have reported, by code.', ['code'], []);
  const codes = new Set<string>();
  return {
    add({ report }) {
      if (report === null) {
        runs.inc({ outcome: 'unfinished' });
        return;
      }
      const {
        failed = 0,
        entriesNew = 0,
        entriesRevised = 0,
        entriesDeleted = 0,
        folded = 0,
        problems: found = [],
        bySource = [],
      } = report;
      runs.inc({ outcome: failed > 0 || found.length > 0 ? 'problems' : 'clean' });
      for (const { outcome } of bySource) polls.inc({ outcome });
      entries.inc({ change: 'new' }, entriesNew);
      entries.inc({ change: 'revised' }, entriesRevised);
      entries.inc({ change: 'deleted' }, entriesDeleted);
      folds.inc(folded);
      for (const { code } of found) {
        if (codes.size < MOST_CODES) codes.add(code);
        problems.inc({ code: codes.has(code) ? code : 'other' });
      }
    },
  };
}
