/** Most entries under one hash. A hash that more entries share proves nothing, and searching them
 *  would cost more with every entry. */
export const MAX_SHARERS = 64;

/** Finds entries by the hashes of their sketches, in memory. An open-addressing table of hashes
 *  with a chain of entries each, in typed arrays: about 20 bytes per hash and entry. */
export class SketchIndex {
  #hashes = new Uint32Array(1024);
  /** First link of each slot's chain, counted from 1; 0 for a free slot. */
  #heads = new Int32Array(1024);
  #lengths = new Uint8Array(1024);
  #used = 0;
  /** For each link: the index of its entry in #numbers. */
  #entries = new Int32Array(4096);
  #next = new Int32Array(4096);
  #links = 0;
  readonly #numbers: number[] = [];
  /** Number of the searched hashes that each entry has; all zero between two searches. */
  #counts = new Uint16Array(1024);

  /** Adds an entry under its hashes. Hashes with more than MAX_SHARERS entries are skipped. */
  add(entryNo: number, hashes: Iterable<number>): void {
    const entryIndex = this.#numbers.push(entryNo) - 1;
    if (entryIndex === this.#counts.length) this.#counts = new Uint16Array(2 * entryIndex);
    for (const hash of hashes) {
      const slot = this.#slotOf(hash >>> 0);
      const length = this.#lengths[slot] ?? 0;
      if (length > MAX_SHARERS) continue;
      if (length === 0) {
        this.#hashes[slot] = hash;
        this.#used++;
      }
      if (this.#links === this.#entries.length) this.#growLinks();
      this.#entries[this.#links] = entryIndex;
      this.#next[this.#links] = this.#heads[slot] ?? 0;
      this.#heads[slot] = ++this.#links;
      this.#lengths[slot] = length + 1;
      if (this.#used * 4 > this.#hashes.length * 3) this.#growSlots();
    }
  }

  /** Returns the entries with at least `least` of these hashes, and how many they have. A hash with
   *  more than MAX_SHARERS entries does not count. */
  find(hashes: readonly number[], least: number): [entryNo: number, count: number][] {
    const met: number[] = [];
    for (const hash of hashes) {
      const slot = this.#slotOf(hash >>> 0);
      if ((this.#lengths[slot] ?? 0) > MAX_SHARERS) continue;
      for (let link = this.#heads[slot] ?? 0; link > 0; link = this.#next[link - 1] ?? 0) {
        const entryIndex = this.#entries[link - 1] ?? 0;
        const count = this.#counts[entryIndex] ?? 0;
        if (count === 0) met.push(entryIndex);
        this.#counts[entryIndex] = count + 1;
      }
    }
    const found: [number, number][] = [];
    for (const entryIndex of met) {
      const count = this.#counts[entryIndex] ?? 0;
      if (count >= least) found.push([this.#numbers[entryIndex] ?? 0, count]);
      this.#counts[entryIndex] = 0;
    }
    return found;
  }

  /** Returns the number of entries under a hash; entries beyond MAX_SHARERS are not counted. */
  countOf(hash: number): number {
    return this.#lengths[this.#slotOf(hash >>> 0)] ?? 0;
  }

  /** Returns the slot of a hash, or the free slot for it. */
  #slotOf(hash: number): number {
    const mask = this.#hashes.length - 1;
    let slot = (hash ^ (hash >>> 16)) & mask;
    while ((this.#lengths[slot] ?? 0) > 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #growSlots(): void {
    const [hashes, heads, lengths] = [this.#hashes, this.#heads, this.#lengths];
    const size = hashes.length * 2;
    [this.#hashes, this.#heads, this.#lengths] = [new Uint32Array(size), new Int32Array(size), new Uint8Array(size)];
    for (let old = 0; old < hashes.length; old++) {
      if ((lengths[old] ?? 0) === 0) continue;
      const slot = this.#slotOf(hashes[old] ?? 0);
      this.#hashes[slot] = hashes[old] ?? 0;
      this.#heads[slot] = heads[old] ?? 0;
      this.#lengths[slot] = lengths[old] ?? 0;
    }
  }

  #growLinks(): void {
    const size = Math.ceil(this.#links * 1.5);
    const [entries, next] = [new Int32Array(size), new Int32Array(size)];
    entries.set(this.#entries);
    next.set(this.#next);
    [this.#entries, this.#next] = [entries, next];
  }
}
