import { planPoll } from '../../ingest/polling/poll-plan.ts';
import { toAsideProblem } from '../../model/set-aside.ts';
import { Trial } from '../../runtime/set-aside-failing.ts';
import type { ItemName } from '../../runtime/set-aside-failing.ts';
import type { Problem } from '../../model/errors.ts';
import { readingStages } from '../../model/set-aside.ts';
import { neverPolled } from '../../model/source.ts';
import type { Source } from '../../model/source.ts';
import type { WaitingDelivery } from '../../ports/store/subscriber.ts';
import type { SharedOutcome } from '../../ports/queue.ts';
import { readDue } from './due-source.ts';
import type { DueOutcome } from './due-source.ts';
import { nothingSaid } from './due-poll.ts';
import type { DuePoll, ReadingSession } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { recordPoll } from './record-poll.ts';
import { OneAtATime } from '../../runtime/one-at-a-time.ts';

/** The task of reading the sources of one run, the same on every node. */
interface ReadingTask {
  /** Start of the run. */
  readonly startedAt: Date;
  /** true ignores the schedule, never the publisher's limits. */
  readonly all: boolean;
  /** true deletes local articles whose files are missing at once, however many there are. */
  readonly acceptDeletions: boolean;
}

/** Reads sources one by one. */
export interface SourceReader {
  /** Reports whether a source must be read now: it is due, or something waits for it. */
  readonly isWanted: (source: Source) => boolean;
  /** True when the source is due and nobody has polled it since this run began, for instance
   *  because the node that took it crashed. */
  readonly isOrphaned: (source: Source) => boolean;
  /** Returns the name of the source's host queue: the host, or the source itself if it is a local
   *  one. Sources of one queue are read one after the other. */
  readonly hostQueueOf: (source: Source) => string;
  /** Time at which the source fell due, milliseconds. */
  readonly dueAt: (source: Source) => number;
  /** Reports whether the run's time is used up. */
  readonly isLate: () => boolean;
  /** Reads a source; null when it failed for an unforeseen reason. */
  readonly read: (source: Source) => Promise<DueOutcome | null>;
  /** Sets aside the sources that failed for an unforeseen reason, if no other cause is likely
   *  (runtime/set-aside-failing.ts), and records their polls as failed.
   *  @throws the first of those errors when no source succeeded beside them. */
  readonly conclude: () => Promise<readonly SharedOutcome[]>;
  /** Records that the source could not be read. */
  readonly fail: (source: Source, problem: Problem) => Promise<DueOutcome>;
}

/** Reads the present state of all sources, or only of those in `only`, and returns their reader. */
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
  const session: ReadingSession = { seenAt: startedAt, all, acceptDeletions, own, holds, isOver, gate: new OneAtATime() };
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
    // The hash is known once the document has been fetched.
    get mark() {
      return hashes.get(id) ?? null;
    },
  });
  const toDue = (source: Source): DuePoll => {
    const { poll: known = neverPolled, description = nothingSaid } = statuses.get(source.id) ?? {};
    const aside = asides.get(source.id) ?? [];
    // An item to be tried again is in a document that was read before, so the validators are not
    // sent.
    const isAgain = aside.some(({ isOpen }) => isOpen);
    const poll = isAgain ? { ...known, etag: null, lastModified: null, bodyHash: null } : known;
    const queued = waiting.get(source.id) ?? nothingWaits;
    return {
      ...session,
      source,
      poll,
      plan: planPoll(source, poll),
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
      // Retry-After holds at once, not from the next run on (docs/polling.md A7).
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
