import type { Store } from '../../../src/ports/store/store.ts';

/** The death of a process, as its supervisor sees it. */
export class Killed extends Error {}

/** A store as one process sees it. The process is killed between two transactions, as by SIGKILL:
 *  nothing of it goes on, not even what follows an error. */
export interface MortalStore {
  readonly store: Store;
  /** Rejects with Killed when the process dies. */
  readonly death: Promise<never>;
  /** Ends what the system ends with a process: transactions that were under way, then its lock. */
  readonly bury: () => Promise<void>;
}

/** Methods that write nothing: a death before one of them is the same as one after it. */
const READING = /^(?:read|find|count|list|check)/;

/** Returns a store that makes `writes` more changes, and kills its process at the next one. */
export function killAfter(real: Store, writes: number): MortalStore {
  let left = writes;
  const { promise: death, reject: die } = Promise.withResolvers<never>();
  const open = new Set<Promise<unknown>>();
  const locks = new Set<() => Promise<void>>();
  const takeLock: Store['takeLock'] = async (holder) => {
    const lock = await real.takeLock(holder);
    if (lock.kind === 'held') return lock;
    const release = async () => {
      if (locks.delete(release)) await lock.release();
    };
    locks.add(release);
    // A dead process releases nothing itself.
    return { kind: 'taken', release: () => (left < 0 ? never() : release()) };
  };
  const store = new Proxy(real, {
    get(target, name, receiver) {
      const method: unknown = name === 'takeLock' ? takeLock : Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        if (left < 0) return never();
        if (!READING.test(String(name)) && left-- <= 0) {
          die(new Killed('the process was killed'));
          return never();
        }
        const result: unknown = Reflect.apply(method, target, args);
        if (result instanceof Promise) {
          open.add(result);
          const forget = () => open.delete(result);
          result.then(forget, forget);
        }
        return result;
      };
    },
  });
  return {
    store,
    death,
    async bury() {
      while (open.size > 0) await Promise.allSettled(open);
      for (const release of locks) await release();
    },
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
