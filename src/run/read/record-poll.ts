import { toPollRecord } from '../../ingest/polling/after-poll.ts';
import { hideAddresses } from '../../model/values/address.ts';
import type { ReadResult } from '../../ingest/polling/read-result.ts';
import type { Problem } from '../../model/errors.ts';
import type { PollRecord } from '../../ports/store/sources.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { limitProblems } from './problems.ts';

/** The outcome of polling one source in one run. */
export interface SourceOutcome {
  readonly outcome: PollRecord['outcome'];
  readonly entriesNew: number;
  readonly entriesRevised: number;
  readonly entriesDeleted: number;
  readonly problems: readonly Problem[];
  /** The host that sent Retry-After, and until when; null for none. */
  readonly hold: PollRecord['hold'];
}

/** Records a poll and the time of the next one. */
export async function recordPoll(
  { store, clock, settings }: Pick<RunContext, 'store' | 'clock' | 'settings'>,
  due: DuePoll,
  reading: ReadResult,
): Promise<SourceOutcome> {
  const { source } = due;
  const { outcome, added = 0, revised = 0, deleted = 0 } = reading;
  const problems = limitProblems(source.private ? reading.problems.map(hideAddresses) : reading.problems);
  const record = toPollRecord(due, { ...reading, problems }, clock.now(), settings);
  await store.recordPoll(source.id, record);
  return { outcome, entriesNew: added, entriesRevised: revised, entriesDeleted: deleted, problems, hold: record.hold };
}
