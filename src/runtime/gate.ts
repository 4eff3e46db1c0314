import { collect, freeMemory } from './memory.ts';

/** Lets one piece of work in at a time; the others wait in the order in which they came. It is for
 *  work that takes much memory: the memory of one is freed before the next begins. */
export class Gate {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` after all work that came before it has ended, well or not. `collects`: the work
   *  takes so much memory that its garbage is collected at once. */
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
