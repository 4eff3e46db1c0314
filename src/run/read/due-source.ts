import type { ReadResult } from '../../ingest/polling/read-result.ts';
import { readDelivered } from './delivered-documents.ts';
import type { DeliveredOutcome } from './delivered-documents.ts';
import { readSource } from './source.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { recordPoll } from './record-poll.ts';
import type { SourceOutcome } from './record-poll.ts';

/** The outcome of a source that was due: of its delivered documents, and of polling it. A field is
 *  null for a step that was not taken. */
export interface DueOutcome {
  readonly pushed: DeliveredOutcome | null;
  readonly polled: SourceOutcome | null;
  /** An error that no reader foresaw; the poll is not recorded yet. */
  readonly fault?: NonNullable<ReadResult['fault']>;
}

/** Reads the delivered documents of a source, then polls it if it is due: by the schedule, or
 *  because the deliveries are incomplete. A requested poll that is not allowed yet remains for a
 *  later run. */
export async function readDue(context: RunContext, due: DuePoll): Promise<DueOutcome> {
  const { store, clock } = context;
  const { source, waiting, seenAt, holds } = due;
  const pushed = waiting.documents > 0 ? await readDelivered(context, due) : null;
  const isAsked = waiting.pollAskedAt !== null || pushed?.needsPoll === true;
  // A delivery that asks for a poll cannot make it earlier than the owner could by hand (`all`).
  if (due.isOver() || !due.plan.isDue(seenAt, { all: due.all || isAsked, holds })) {
    if (pushed?.needsPoll === true) await store.askForPoll(source.id, clock.now(), 0);
    return { pushed, polled: null };
  }
  const askedAt = clock.now();
  const now = pushed === null ? due : { ...due, poll: pushed.poll };
  const reading = await readSource(context, now);
  if (reading.fault) return { pushed, polled: null, fault: reading.fault };
  const polled = await recordPoll(context, now, reading);
  if (isAsked) await store.endPollRequest(source.id, askedAt);
  return { pushed, polled };
}
