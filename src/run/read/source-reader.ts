import { toAsideProblem } from '../../model/set-aside.ts';
import { Trial } from '../../runtime/trial.ts';
import type { ItemName } from '../../runtime/trial.ts';
import { plan } from '../../ingest/polling/due.ts';
import type { Problem } from '../../model/errors.ts';
import { readingStages } from '../../model/set-aside.ts';
import { neverPolled } from '../../model/source.ts';
import type { Source } from '../../model/source.ts';
import type { WaitingDelivery } from '../../ports/store/subscriber.ts';
import type { SharedOutcome } from '../../ports/queue.ts';
import { readDue } from './due-source.ts';
import type { DueOutcome } from './due-source.ts';
import { nothingSaid } from './reading.ts';
import type { DuePoll, ReadingSession } from './reading.ts';
import type { RunContext } from '../run-context.ts';
import { recordPoll } from './record-poll.ts';
import { Gate } from '../../runtime/gate.ts';

/** What reading the sources of one run goes by, on whatever node. */
export interface ReadingTask {
  /** When the run began. */
  readonly startedAt: Date;
  /** Ignores the schedule's patience, never the publisher's. */
  readonly all: boolean;
  /** Whether local articles that are missed go at once, however many. */
  readonly acceptDeletions: boolean;
}

/** Reads sources one by one. */
export interface SourceReader {
  /** Whether it is to be read now: it is due, or something waits for it. */
  readonly isWanted: (source: Source) => boolean;
  /** Whether it is wanted, and was not polled since the run began: by a node that has ended before
   *  it could say so. */
  readonly isOrphaned: (source: Source) => boolean;
  /** Those of one lane are asked one after the other: the host, or for files, which are on none,
   *  the source. */
  readonly hostQueueOf: (source: Source) => string;
  /** When it fell due, milliseconds. */
  readonly dueAt: (source: Source) => number;
  /** Whether the run has used its time. */
  readonly isLate: () => boolean;
  /** null when it has failed for a reason that nobody foresaw. */
  readonly read: (source: Source) => Promise<DueOutcome | null>;
  /** Sets those aside that have so failed, if they are alone in that (bulkhead.ts), and records
   *  their polls as failed.
   *  @throws what the first has thrown when none was read well beside them. */
  readonly conclude: () => Promise<readonly SharedOutcome[]>;
  /** Records that it could not be read. */
  readonly fail: (source: Source, problem: Problem) => Promise<DueOutcome>;
}

/** Knows the state of sources, of all of them or only of these, as it stands now.  */
export async function createSourceReader(
  context: RunContext,
  { startedAt, all, acceptDeletions }: ReadingTask,
  options: { readonly only: readonly string[] | null; readonly isAborted: () => boolean },
): Promise<SourceReader> {
  const { store, clock, settings } = context;
  const statuses = new Map((await store.readSources(options.only)).map((status) => [status.source.id, status]));
  const holds = new Map(await store.readHolds(clock.now()));
  const own = { ids: await store.readFeedIds(), urls: settings.ownUrls };
  const waiting = await store.readWaiting(startedAt);
  const isLate = () => clock.now().getTime() - startedAt.getTime() > settings.runTimeoutMs;
  const isOver = () => isLate() || options.isAborted();
  const session: ReadingSession = { seenAt: startedAt, all, acceptDeletions, own, holds, isOver, gate: new Gate() };
  const asides = Map.groupBy(
    (await store.readSetAside(options.only)).filter(({ stage }) => readingStages.includes(stage)),
    ({ sourceId }) => sourceId,
  );
  const hasDied = (await store.countDeaths()) > 0;
  const trial = new Trial('parse');
  const hashes = new Map<string, string>();
  const failed: Source[] = [];
  const nameOf = ({ id }: Source): ItemName => ({
    what: 'source',
    no: null,
    sourceId: id,
    name: '',
    // Known once its document is there.
    get mark() {
      return hashes.get(id) ?? null;
    },
  });
  const toDue = (source: Source): DuePoll => {
    const { poll: known = neverPolled, description = nothingSaid } = statuses.get(source.id) ?? {};
    const aside = asides.get(source.id) ?? [];
    // An item that is to be tried again is in a document that is read already.
    const isAgain = aside.some(({ isOpen }) => isOpen);
    const poll = isAgain ? { ...known, etag: null, lastModified: null, bodyHash: null } : known;
    const queued = waiting.get(source.id) ?? nothingWaits;
    return {
      ...session,
      source,
      poll,
      plan: plan(source, poll),
      description,
      waiting: queued,
      isSubscribed: queued.aliveUntil !== null,
      aside,
      noteBytes: (hash) => void hashes.set(source.id, hash),
      isCareful: hasDied || aside.some(({ reason }) => reason === 'died'),
    };
  };
  const dues = new Map<string, DuePoll>();
  const dueOf = (source: Source): DuePoll => {
    const due = dues.get(source.id) ?? toDue(source);
    dues.set(source.id, due);
    return due;
  };
  const fail = async (source: Source, problem: Problem): Promise<DueOutcome> => {
    const polled = await recordPoll(context, dueOf(source), { outcome: 'failed', problems: [problem] });
    return { pushed: null, polled };
  };
  const isWanted = (source: Source) => {
    const { plan: planned, waiting: queued } = dueOf(source);
    return queued.documents > 0 || planned.isDue(startedAt, { all: all || queued.pollAskedAt !== null, holds });
  };
  return {
    isWanted,
    isOrphaned: (source) => isWanted(source) && (dueOf(source).poll.lastPollAt ?? 0) < startedAt,
    hostQueueOf: (source) => dueOf(source).plan.host || source.id,
    dueAt: (source) => dueOf(source).poll.nextPollAt?.getTime() ?? 0,
    isLate,
    async read(source) {
      const due = dueOf(source);
      const dead = due.aside.find(({ what, reason, mark, isOpen }) => what === 'source' && reason === 'died' && mark === null && !isOpen);
      if (dead) return fail(source, toAsideProblem(dead));
      const { fault, ...outcome } = await readDue(context, due);
      trial.attempt(nameOf(source), () => {
        if (fault) throw fault.error;
      });
      if (fault) {
        failed.push(source);
        return null;
      }
      // A host that asks to be left alone is so at once, not from the next run on (docs/polling.md
      // A7).
      if (outcome.polled?.hold) holds.set(outcome.polled.hold.host, outcome.polled.hold.until);
      return outcome;
    },
    async conclude() {
      const problems = new Map((await trial.conclude(context)).map((problem) => [problem.source, problem]));
      const outcomes: SharedOutcome[] = [];
      for (const source of failed.splice(0)) {
        const { code, message } = problems.get(source.id) ?? { code: 'source/set-aside', message: 'it could not be read' };
        outcomes.push({ source: source.id, ...(await fail(source, { code, message })) });
      }
      return outcomes;
    },
    fail,
  };
}

const nothingWaits: WaitingDelivery = { documents: 0, pollAskedAt: null, aliveUntil: null };
