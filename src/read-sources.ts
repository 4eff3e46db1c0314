import { toAsideProblem } from './model/set-aside.ts';
import { addressOf, hostOf, isDue } from './ingest/due.ts';
import { Trial } from './bulkhead.ts';
import type { ItemName } from './bulkhead.ts';
import { Gate } from './memory.ts';
import type { Problem } from './model/errors.ts';
import { readingStages } from './model/set-aside.ts';
import { neverPolled } from './model/source.ts';
import type { Source } from './model/source.ts';
import type { WaitingPush } from './ports/push-store.ts';
import type { SharedOutcome } from './ports/queue.ts';
import { readDue } from './read-due.ts';
import type { DueOutcome } from './read-due.ts';
import { finish } from './read-source.ts';
import { nothingSaid, ReadFault } from './reading.ts';
import type { RunParts } from './run-parts.ts';

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
  /** Whether it is wanted, and was not polled since the run began: by a node that has ended before it could say so. */
  readonly isLeft: (source: Source) => boolean;
  /** Those of one lane are asked one after the other: the host, or for files, which are on none, the source. */
  readonly laneOf: (source: Source) => string;
  /** When it fell due, milliseconds. */
  readonly dueAt: (source: Source) => number;
  /** Whether the run has used its time. */
  readonly isLate: () => boolean;
  /** null when it has failed for a reason that nobody foresaw. */
  readonly read: (source: Source) => Promise<DueOutcome | null>;
  /** Sets those aside that have so failed, if they are alone in that (bulkhead.ts), and records their polls as failed.
   *  @throws what the first has thrown when none was read well beside them. */
  readonly conclude: () => Promise<readonly SharedOutcome[]>;
  /** Records that it could not be read. */
  readonly fail: (source: Source, problem: Problem) => Promise<DueOutcome>;
}

/** Knows the state of sources, of all of them or only of these, as it stands now.  */
export async function createSourceReader(
  parts: RunParts,
  { startedAt, all, acceptDeletions }: ReadingTask,
  options: { readonly only: readonly string[] | null; readonly isAborted: () => boolean },
): Promise<SourceReader> {
  const { store, clock, settings } = parts;
  const statuses = await store.readSources(options.only);
  const polls = new Map(statuses.map((status) => [status.source.id, status]));
  const holds = new Map(await store.readHolds(clock.now()));
  const own = { ids: await store.readFeedIds(), urls: settings.ownUrls };
  const pollOf = (source: Source) => polls.get(source.id)?.poll ?? neverPolled;
  const waiting = await store.readWaiting(startedAt);
  const waitingOf = (source: Source) => waiting.get(source.id) ?? nothingWaits;
  // A push that asks for a poll hurries nobody more than the owner may by hand (`all`).
  const isPolled = (source: Source, { isAsked }: { readonly isAsked: boolean }) =>
    isDue(source, pollOf(source), startedAt, { all: all || isAsked, holds });
  const gate = new Gate();
  const isLate = () => clock.now().getTime() - startedAt.getTime() > settings.runTimeoutMs;
  const isOver = () => isLate() || options.isAborted();
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
  const toGiven = (source: Source) => {
    const description = polls.get(source.id)?.description ?? nothingSaid;
    const aside = asides.get(source.id) ?? [];
    const noteBytes = (hash: string) => void hashes.set(source.id, hash);
    // An item that is to be tried again is in a document that is read already.
    const isAgain = aside.some(({ isOpen }) => isOpen);
    const poll = isAgain ? { ...pollOf(source), etag: null, lastModified: null, bodyHash: null } : pollOf(source);
    const given = { poll, aside, noteBytes, isCareful: hasDied || aside.some(({ reason }) => reason === 'died') };
    return { ...given, description, acceptDeletions, seenAt: startedAt, own, gate, holds, isOver };
  };
  const fail = async (source: Source, problem: Problem): Promise<DueOutcome> => {
    const polled = await finish(parts, source, { ...toGiven(source), isPushed: false }, { outcome: 'failed', problems: [problem] });
    return { pushed: null, polled };
  };
  const isWanted = (source: Source) => {
    const { documents, pollAskedAt } = waitingOf(source);
    return documents > 0 || isPolled(source, { isAsked: pollAskedAt !== null });
  };
  return {
    isWanted,
    isLeft: (source) => isWanted(source) && (pollOf(source).lastPollAt ?? 0) < startedAt,
    laneOf: (source) => hostOf(addressOf(source, pollOf(source))) || source.id,
    dueAt: (source) => pollOf(source).nextPollAt?.getTime() ?? 0,
    isLate,
    async read(source) {
      const given = toGiven(source);
      const dead = given.aside.find(({ what, reason, mark, isOpen }) => what === 'source' && reason === 'died' && mark === null && !isOpen);
      if (dead) return fail(source, toAsideProblem(dead));
      const isDueWhen = (how: { readonly isAsked: boolean }) => isPolled(source, how);
      const reading = readDue(parts, source, given, { waiting: waitingOf(source), isDueWhen });
      const fault = await reading.then(
        () => null,
        (error: unknown) => {
          if (error instanceof ReadFault) return error;
          throw error;
        },
      );
      const outcome = await trial.attemptLater(nameOf(source), async () => {
        if (fault !== null) throw fault.cause;
        return reading;
      });
      if (outcome === undefined) failed.push(source);
      // A host that asks to be left alone is so at once, not from the next run on (CHECKS A7).
      if (outcome?.polled?.hold) holds.set(outcome.polled.hold.host, outcome.polled.hold.until);
      return outcome ?? null;
    },
    async conclude() {
      const problems = new Map((await trial.conclude(parts)).map((problem) => [problem.source, problem]));
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

const nothingWaits: WaitingPush = { documents: 0, pollAskedAt: null, aliveUntil: null };
