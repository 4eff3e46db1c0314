import { addressOf, hostOf, isDue } from './ingest/due.ts';
import { Gate } from './memory.ts';
import type { Problem } from './model/errors.ts';
import type { PollState, Source } from './model/source.ts';
import type { WaitingPush } from './ports/push-store.ts';
import { readDue } from './read-due.ts';
import type { DueOutcome } from './read-due.ts';
import { finish } from './read-source.ts';
import { nothingSaid } from './reading.ts';
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
  readonly read: (source: Source) => Promise<DueOutcome>;
  /** Records that it could not be read. */
  readonly fail: (source: Source, problem: Problem) => Promise<void>;
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
  const toGiven = (source: Source) => {
    const description = polls.get(source.id)?.description ?? nothingSaid;
    return { poll: pollOf(source), description, acceptDeletions, seenAt: startedAt, own, gate, holds, isOver };
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
      const isDueWhen = (how: { readonly isAsked: boolean }) => isPolled(source, how);
      const outcome = await readDue(parts, source, given, { waiting: waitingOf(source), isDueWhen });
      // Who asks to be left alone is so at once, not from the next run on (CHECKS A7).
      if (outcome.polled?.hold) holds.set(outcome.polled.hold.host, outcome.polled.hold.until);
      return outcome;
    },
    async fail(source, problem) {
      await finish(parts, source, { ...toGiven(source), isPushed: false }, { outcome: 'failed', problems: [problem] });
    },
  };
}

const nothingWaits: WaitingPush = { documents: 0, pollAskedAt: null, aliveUntil: null };

const neverPolled: PollState = {
  etag: null,
  lastModified: null,
  bodyHash: null,
  lastPollAt: null,
  lastSuccessAt: null,
  lastEntryAt: null,
  nextPollAt: null,
  notBeforeAt: null,
  failures: 0,
  history: '',
  gone: false,
  problem: null,
  wishes: null,
  rhythm: { gapMs: null, newestAt: null },
  move: null,
  notice: null,
  cutPolls: 0,
  found: null,
  push: null,
};
