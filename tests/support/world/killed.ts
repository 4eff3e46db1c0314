import type { Store } from '../../../src/ports/store/store.ts';

/** The error with which a killed process ends: nothing can be written any more. */
export class Killed extends Error {}

/** Returns a store that performs `calls` more calls and refuses every later one, as if its process
 *  had been killed between two transactions. */
export function killAfter(store: Store, calls: number): Store {
  let left = calls;
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        if (left-- <= 0) return Promise.reject(new Killed('the process was killed'));
        return Reflect.apply(method, target, args);
      };
    },
  });
}
