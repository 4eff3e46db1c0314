import type { SourceProblem } from '../model/errors.ts';
import type { HeldFile } from '../model/release.ts';
import type { SharedOutcome } from '../ports/queue.ts';
import type { PollRecord } from '../ports/store/sources.ts';

/** Options of one run. */
export interface RunOptions {
  /** Id or address of the only source to read; null reads all sources. */
  readonly sourceId: string | null;
  /** true reads sources before the schedule says so, but never before their publishers allow it. */
  readonly all: boolean;
  /** true only reports which sources are due: nothing is fetched and nothing is stored. */
  readonly dryRun: boolean;
  /** true deletes local articles whose files are missing, however many there are. */
  readonly acceptDeletions: boolean;
  /** true tries all set-aside items once more; false tries only those that an older version set
   *  aside. */
  readonly retry?: boolean;
  /** Called after each source, for progress bars. */
  readonly onProgress?: (done: number, total: number) => void;
  /** When it is aborted, the run finishes its present step and leaves the rest to the next run. */
  readonly signal?: AbortSignal;
}

/** Counts of one run, which `run --json` prints. */
export interface RunReport {
  sources: number;
  polled: number;
  notModified: number;
  failed: number;
  /** Delivered documents (WebSub) that were read. */
  pushed: number;
  entriesNew: number;
  entriesRevised: number;
  entriesDeleted: number;
  /** Entries that retention removed from the store. */
  entriesPruned: number;
  /** Sources, entries and stories that are set aside at the end of the run. */
  setAside: number;
  storiesNew: number;
  storiesUpdated: number;
  storiesWithdrawn: number;
  folded: number;
  seconds: number;
  /** true when the run was told to stop: the next run continues. */
  stopped: boolean;
  problems: SourceProblem[];
  bySource: SourceCounts[];
  /** Own articles of every source that wait after the run. */
  held: readonly HeldFile[];
}

/** Counts of one source in one run. */
interface SourceCounts {
  readonly source: string;
  /** `due` in a dry run, else the outcome of reading the source. */
  readonly outcome: PollRecord['outcome'] | 'due';
  readonly entriesNew: number;
  readonly entriesRevised: number;
}

/** The counts of a run that did nothing. */
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

/** Adds the outcome of one source to a report. */
export function countReading(report: RunReport, { source, pushed, polled }: SharedOutcome): void {
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
