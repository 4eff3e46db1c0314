import type { Problem } from '../model/errors.ts';
import type { PollRecord } from './store/sources.ts';

/** A run whose work several nodes share. */
export interface SharedTask {
  readonly startedAt: Date;
  readonly all: boolean;
}

/** One host queue of a run, as a node receives it. */
export interface HostTask extends SharedTask {
  /** Number of nodes that failed or crashed over this host queue before. It is given to three
   *  nodes at most. */
  readonly tries: number;
}

/** The sources of one host, which are polled one after the other. */
export interface SharedHostQueue {
  /** Host name. */
  readonly name: string;
  readonly sources: readonly string[];
}

/** The outcome of one source, sent from the node that read it to the node that runs. */
export interface SharedOutcome {
  readonly source: string;
  readonly pushed: {
    readonly documents: number;
    readonly entriesNew: number;
    readonly entriesRevised: number;
    readonly problems: readonly Problem[];
  } | null;
  readonly polled: {
    readonly outcome: PollRecord['outcome'];
    readonly entriesNew: number;
    readonly entriesRevised: number;
    readonly entriesDeleted: number;
    readonly problems: readonly Problem[];
  } | null;
}

/** Numbers of host queues that wait and that are being read. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
}

/** The work that a node does for the whole cluster. */
export interface NodeWork {
  /** Makes a run. Its result goes to the node that requested the run. */
  readonly run: (signal: AbortSignal) => Promise<object>;
  /** Reads one host queue. Resolves with the outcomes of its sources, or of those that were read
   *  before `isStopped` returned true. */
  readonly readHostQueue: (task: HostTask, sources: readonly string[], isStopped: () => boolean) => Promise<readonly SharedOutcome[]>;
  /** Called for a host queue that no node could read to its end. */
  readonly giveUp: (task: SharedTask, sources: readonly string[]) => Promise<void>;
}

/** Shares the work of runs among the nodes of one store and one configuration. When a node
 *  crashes over a piece of work, another node gets that work after half a minute. */
export interface Queue {
  /** Requests a run. A slot of the schedule gets one run, however many nodes request it. null as
   *  slot: a run that begins after this call. Resolves with the result of the run; null when
   *  another node had requested the same run.
   *  @throws NewsfoldError `run/failed` when the run failed, or every node that tried it
   *  crashed. */
  requestRun(slot: Date | null): Promise<object | null>;
  /** Takes work until `close` is called. */
  work(work: NodeWork): Promise<void>;
  /** Has host queues read, each by one node at a time. `onOutcome` is called once for each
   *  source. Resolves when all are read, or soon after `isStopped` returns true. */
  distribute(
    task: SharedTask,
    hostQueues: readonly SharedHostQueue[],
    onOutcome: (outcome: SharedOutcome) => void,
    isStopped: () => boolean,
  ): Promise<void>;
  /** Counts the host queues that wait and that are being read. */
  count(): Promise<QueueCounts>;
  /** Lets the present work end and takes no more. */
  close(): Promise<void>;
}
