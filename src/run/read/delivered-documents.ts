import type { Reading } from '../../ingest/polling/reading.ts';
import type { Problem } from '../../model/errors.ts';
import type { PollState } from '../../model/source.ts';
import { hideAddresses } from '../../model/values/address.ts';
import type { DeliveredDocument } from '../../ports/store/subscriber.ts';
import { readReceived } from './document.ts';
import type { DuePoll } from './reading.ts';
import type { RunContext } from '../run-context.ts';
import { tryReading } from './in-hand.ts';
import { limitProblems } from './problems.ts';

/** What came of the documents that were pushed for one source. */
export interface DeliveredOutcome {
  readonly documents: number;
  readonly entriesNew: number;
  readonly entriesRevised: number;
  readonly problems: readonly Problem[];
  /** true when the source must be polled to know what is new: a document could not be read, or not
   *  to its end. */
  readonly needsPoll: boolean;
  /** Its poll state afterwards: what a poll that follows goes on from. */
  readonly poll: PollState;
}

/** Reads what was pushed for a source, oldest first, as a polled document is read; a pushed one may
 *  hold only what is new, so that what is not in it is not gone, and nothing that polling goes by
 *  changes. A document leaves the queue once its entries are stored: cut short before, it is read
 *  again, and its entries are known by then. */
export async function readDelivered(context: RunContext, due: DuePoll): Promise<DeliveredOutcome> {
  const { store, log, clock } = context;
  const { source } = due;
  const outcome = { documents: 0, entriesNew: 0, entriesRevised: 0, needsPoll: false };
  const problems: Problem[] = [];
  let { poll } = due;
  while (!due.isOver()) {
    // One by one: each may be as large as a document can be.
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
    log.info({ source: source.id, outcome: reading.outcome, bytes: document.bytes.length, added, revised }, 'read what was pushed');
  }
  return { ...outcome, poll, problems: limitProblems(source.private ? problems.map(hideAddresses) : problems) };
}

/** What polling goes by otherwise stays as it was. */
function toPollAfter(
  poll: PollState,
  { newestAt, ...changed }: Pick<PollState, 'lastEntryAt' | 'notice'> & { readonly newestAt: Date | null },
): PollState {
  return { ...poll, ...changed, rhythm: { ...poll.rhythm, newestAt } };
}

function toLatest(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other > one) ? other : one;
}

/** Reads one pushed document. The source is polled for the whole if it cannot be read, and if that
 *  fails too the source is set aside. */
async function readOne(context: RunContext, due: DuePoll, { bytes, contentType, topic }: DeliveredDocument): Promise<Reading> {
  const received = { content: { bytes, contentType, url: topic }, isDelta: true, via: 'push', answer: null } as const;
  const reading = await tryReading(() => readReceived(context, due, received));
  if (!reading.fault) return reading;
  const { error } = reading.fault;
  context.log.error({ err: error, source: due.source.id }, 'what was pushed could not be read');
  const message = `it was pushed something that cannot be read (${error instanceof Error ? error.message : 'no reason given'})`;
  return { outcome: 'failed', problems: [{ code: 'source/unreadable', message }] };
}
