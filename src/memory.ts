import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 lets garbage grow to gigabytes on a machine that has them; a planet's server has other things to do with its memory. */
const WANTED_BYTES = 300 * 1_048_576;
/** A collection of what a run holds takes a tenth of a second. */
const EVERY_MS = 2000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let collectedAt = -Infinity;

/** Frees what nobody needs any more, if the process has grown beyond what it should have and that was not tried just now. To be called between
 *  the steps of a run. */
export function freeMemory(): void {
  const now = performance.now();
  if (now - collectedAt < EVERY_MS || process.memoryUsage.rss() < WANTED_BYTES) return;
  collect();
  collectedAt = performance.now();
}

/** Lets one piece of work in at a time; the others wait in the order in which they came. For work that takes much memory: what it leaves behind is
 *  freed before the next begins. */
export class Gate {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` when all that came before is done, whatever came of it. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const end = Promise.withResolvers<void>();
    this.#last = end.promise;
    await before;
    try {
      return await work();
    } finally {
      collect();
      end.resolve();
    }
  }
}
