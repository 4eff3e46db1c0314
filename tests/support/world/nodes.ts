import type { Store } from '../../../src/ports/store/store.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { Killed, killAfter } from './killed.ts';
import type { Place } from './places.ts';

/** A process of a world: its connection to the store, and its name as holder of the lock. */
export interface Process {
  readonly store: Store;
  readonly holder: RunContext['holder'];
}

/** The nodes of a world: processes that use one store in turn, each with a connection of its
 *  own. */
export interface Nodes {
  /** The process that is in use. */
  readonly current: Process;
  /** Uses the node of this number from now on. */
  readonly use: (n: number) => Promise<void>;
  /** Ends the process in use and starts it anew. */
  readonly restart: () => Promise<void>;
  /** Lets all nodes use the store at another place. */
  readonly moveTo: (place: Place) => Promise<void>;
  /** Lets the process in use do its work; null when it was killed after `calls` calls of the
   *  store. It is started anew then. */
  readonly perform: <T>(work: (one: Process) => Promise<T>, calls: number | undefined) => Promise<{ readonly result: T } | null>;
  readonly close: () => Promise<void>;
}

/** Starts one node; others start when they are first used. */
export async function startNodes(first: Place): Promise<Nodes> {
  let place = first;
  let n = 0;
  const stores = new Map<number, Store>();
  const start = async () => {
    if (!stores.has(n)) stores.set(n, await place.open());
  };
  const close = async () => {
    for (const store of stores.values()) await store.close();
    stores.clear();
  };
  await start();
  const nodes: Nodes = {
    get current() {
      const store = stores.get(n);
      if (!store) throw new Error(`node ${n} does not run`);
      return { store, holder: { command: 'test', pid: 100 + n, host: `node-${n}` } };
    },
    async use(other) {
      n = other;
      await start();
    },
    async restart() {
      await stores.get(n)?.close();
      stores.delete(n);
      await start();
    },
    async moveTo(other) {
      await close();
      place = other;
      await start();
    },
    async perform(work, calls) {
      const { store, holder } = nodes.current;
      if (calls === undefined) return { result: await work({ store, holder }) };
      const mortal = killAfter(store, calls);
      try {
        return { result: await Promise.race([work({ store: mortal.store, holder }), mortal.death]) };
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        await mortal.bury();
        await nodes.restart();
        return null;
      }
    },
    close,
  };
  return nodes;
}
