import { collect, freeMemory } from './memory.ts';

/** Admits one piece of work at a time; the others wait in the order of their arrival. It is for
 *  work that takes much memory: one piece frees its memory before the next begins. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` after all earlier work has ended, whether it succeeded or failed. `collects`: the
   *  work takes so much memory that garbage is collected right after it. */
  async pass<T>(work: () => Promise<T>, { collects }: { readonly collects: boolean } = { collects: true }): Promise<T> {
    const before = this.#last;
    const end = Promise.withResolvers<void>();
    this.#last = end.promise;
    await before;
    freeMemory();
    try {
      return await work();
    } finally {
      if (collects) collect();
      end.resolve();
    }
  }
}
