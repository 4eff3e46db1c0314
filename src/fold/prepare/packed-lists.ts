/** Numbers in one piece of memory: one megabyte, which the system takes back as a whole. */
const CHUNK = 262_144;

/** Keeps many short lists of numbers in few pieces of memory. A buffer for each list would double
 *  the cost and leave holes when it is freed. */
export class Arena {
  #chunk = new Uint32Array(0);
  #used = 0;

  /** Returns a copy of a list. Its piece of memory is freed when neither the arena nor any list
   *  refers to it. */
  keep(list: Uint32Array): Uint32Array {
    if (list.length > CHUNK) return list.slice();
    if (this.#used + list.length > this.#chunk.length) {
      this.#chunk = new Uint32Array(CHUNK);
      this.#used = 0;
    }
    const kept = this.#chunk.subarray(this.#used, this.#used + list.length);
    kept.set(list);
    this.#used += list.length;
    return kept;
  }
}
