import type { Problem } from '../model/errors.ts';
import type { PollRecord } from './store/sources.ts';

/** What the nodes of one run are told. */
export interface SharedTask {
  readonly startedAt: Date;
  readonly all: boolean;
}

/** What a node is told that reads a lane of it. */
export interface HostTask extends SharedTask {
  /** Nodes that have ended over this lane before, or failed: it is given to three at most. */
  readonly tries: number;
}

/** Sources that are asked one after the other. */
export interface SharedHostQueue {
  /** Their host. */
  readonly name: string;
  readonly sources: readonly string[];
}

/** What came of one source, as it crosses from node to node. */
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

/** Lanes that wait, and that are being read. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
}

/** What a node does for all. */
export interface NodeWork {
  /** A run; what it gives back is what whoever has asked for it is told. */
  readonly run: (signal: AbortSignal) => Promise<object>;
  readonly readLane: (task: HostTask, sources: readonly string[], isStopped: () => boolean) => Promise<readonly SharedOutcome[]>;
  /** This lane could be read to its end by no node. */
  readonly giveUp: (task: SharedTask, sources: readonly string[]) => Promise<void>;
}

/** Shares the work of runs among the nodes of one store and one configuration. A node that ends
 *  over a piece of work is missed after half a minute, and the work given to another. */
export interface Queue {
  /** Has a run made. Of a slot of the schedule there is one, whoever asks; without a slot, one that
   *  begins after this. Resolves with what the node that has made it says; null when somebody else
   *  had asked.
   *  @throws NewsfoldError `run/failed` when the work failed, or ended every node that tried it. */
  requestRun(slot: Date | null): Promise<object | null>;
  /** Begins to work, until it is closed. */
  work(work: NodeWork): Promise<void>;
  /** Has lanes read, each by one node at a time; `onOutcome` is told of each source. Resolves when
   *  that is done, or soon after `isStopped` says so. */
  distribute(
    task: SharedTask,
    lanes: readonly SharedHostQueue[],
    onOutcome: (outcome: SharedOutcome) => void,
    isStopped: () => boolean,
  ): Promise<void>;
  /** Lanes that wait, and that are being read. */
  count(): Promise<QueueCounts>;
  /** Lets the work at hand end, and takes no more. */
  close(): Promise<void>;
}
