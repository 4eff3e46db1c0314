import type { ReadResult } from '../../ingest/polling/read-result.ts';
import type { Problem } from '../../model/errors.ts';
import type { PollState } from '../../model/source.ts';
import { hideAddresses } from '../../model/values/address.ts';
import type { DeliveredDocument } from '../../ports/store/subscriber.ts';
import { readReceived } from './document.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { tryReading } from './guarded-reading.ts';
import { limitProblems } from './problems.ts';

/** The outcome of reading the documents that hubs delivered for one source (WebSub). */
export interface DeliveredOutcome {
  readonly documents: number;
  readonly entriesNew: number;
  readonly entriesRevised: number;
  readonly problems: readonly Problem[];
  /** true when the source must be polled for its news: a delivered document could not be read, or
   *  only in part. */
  readonly needsPoll: boolean;
  /** Poll state of the source afterwards, from which a following poll continues. */
  readonly poll: PollState;
}

/** Reads the delivered documents of a source, oldest first, in the way of a polled document. A
 *  delivered document may hold only news: an entry that it lacks is not deleted, and the poll state
 *  keeps its validators. A document leaves the queue once its entries are stored. After an
 *  interruption it is read again, and its entries are known by then. */
export async function readDelivered(context: RunContext, due: DuePoll): Promise<DeliveredOutcome> {
  const { store, log, clock } = context;
  const { source } = due;
  const outcome = { documents: 0, entriesNew: 0, entriesRevised: 0, needsPoll: false };
  const problems: Problem[] = [];
  let { poll } = due;
  while (!due.isOver()) {
    // Documents are read one by one, since each may have the greatest size allowed.
    const [document] = await store.readDelivered(source.id, 1);
    if (document === undefined) break;
    const reading = await readOne(context, { ...due, poll }, document);
    const { added = 0, revised = 0, rhythm, isCut = false } = reading;
    outcome.documents++;
    outcome.entriesNew += added;
    outcome.entriesRevised += revised;
    outcome.needsPoll ||= isCut || reading.outcome === 'failed';
    problems.push(...reading.problems);
    const at = clock.now();
    const newestAt = toLatest(poll.rhythm.newestAt, rhythm?.newestAt ?? null);
    const lastEntryAt = added > 0 ? at : poll.lastEntryAt;
    poll = toPollAfter(poll, { lastEntryAt, newestAt, notice: reading.notice ?? poll.notice });
    await store.recordDelivery(source.id, { documents: [document.no], at, hasNewEntry: added > 0, newestAt });
    if (reading.notice) await store.noteSubscription(source.id, reading.notice);
    log.info({ source: source.id, outcome: reading.outcome, bytes: document.bytes.length, added, revised }, 'read a WebSub delivery');
  }
  return { ...outcome, poll, problems: limitProblems(source.private ? problems.map(hideAddresses) : problems) };
}

/** Returns the poll state after delivered documents; fields about polling itself stay as they
 *  were. */
function toPollAfter(
  poll: PollState,
  { newestAt, ...changed }: Pick<PollState, 'lastEntryAt' | 'notice'> & { readonly newestAt: Date | null },
): PollState {
  return { ...poll, ...changed, rhythm: { ...poll.rhythm, newestAt } };
}

function toLatest(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other > one) ? other : one;
}

/** Reads one delivered document. If it cannot be read, the source is polled for the whole document.
 *  If that fails too, the source is set aside. */
async function readOne(context: RunContext, due: DuePoll, { bytes, contentType, topic }: DeliveredDocument): Promise<ReadResult> {
  const received = { content: { bytes, contentType, url: topic }, isDelta: true, via: 'push', answer: null } as const;
  const reading = await tryReading(() => readReceived(context, due, received));
  if (!reading.fault) return reading;
  const { error } = reading.fault;
  context.log.error({ err: error, source: due.source.id }, 'a WebSub delivery could not be read');
  const message = `a WebSub delivery cannot be read (${error instanceof Error ? error.message : 'no reason given'})`;
  return { outcome: 'failed', problems: [{ code: 'source/unreadable', message }] };
}
