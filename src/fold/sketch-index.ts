/** A hash that more entries share says nothing, and looking through them would cost more the more
 *  there are. */
export const MAX_SHARERS = 64;

/** Which entries have a hash in their sketches, in memory: an open-addressing table of hashes, each
 *  with a chain of entries, in typed arrays. About 20 bytes for each hash of each entry. */
export class SketchIndex {
  #hashes = new Uint32Array(1024);
  /** First link of each slot's chain, counted from 1; 0 for a free slot. */
  #heads = new Int32Array(1024);
  #lengths = new Uint8Array(1024);
  #used = 0;
  /** Place in #numbers of each link's entry. */
  #entries = new Int32Array(4096);
  #next = new Int32Array(4096);
  #links = 0;
  readonly #numbers: number[] = [];
  /** How many of the hashes asked for each entry has; zero between two questions. */
  #counts = new Uint16Array(1024);

  /** Adds an entry under its hashes, but not under one that too many have already. */
  add(entryNo: number, hashes: Iterable<number>): void {
    const place = this.#numbers.push(entryNo) - 1;
    if (place === this.#counts.length) this.#counts = new Uint16Array(2 * place);
    for (const hash of hashes) {
      const slot = this.#slotOf(hash >>> 0);
      const length = this.#lengths[slot] ?? 0;
      if (length > MAX_SHARERS) continue;
      if (length === 0) {
        this.#hashes[slot] = hash;
        this.#used++;
      }
      if (this.#links === this.#entries.length) this.#growLinks();
      this.#entries[this.#links] = place;
      this.#next[this.#links] = this.#heads[slot] ?? 0;
      this.#heads[slot] = ++this.#links;
      this.#lengths[slot] = length + 1;
      if (this.#used * 4 > this.#hashes.length * 3) this.#growSlots();
    }
  }

  /** Entries that have at least so many of these hashes, with how many they have; a hash that too
   *  many have counts for none. */
  find(hashes: readonly number[], least: number): [entryNo: number, count: number][] {
    const met: number[] = [];
    for (const hash of hashes) {
      const slot = this.#slotOf(hash >>> 0);
      if ((this.#lengths[slot] ?? 0) > MAX_SHARERS) continue;
      for (let link = this.#heads[slot] ?? 0; link > 0; link = this.#next[link - 1] ?? 0) {
        const place = this.#entries[link - 1] ?? 0;
        const count = this.#counts[place] ?? 0;
        if (count === 0) met.push(place);
        this.#counts[place] = count + 1;
      }
    }
    const found: [number, number][] = [];
    for (const place of met) {
      const count = this.#counts[place] ?? 0;
      if (count >= least) found.push([this.#numbers[place] ?? 0, count]);
      this.#counts[place] = 0;
    }
    return found;
  }

  /** How many entries have a hash; more than MAX_SHARERS are not counted. */
  countOf(hash: number): number {
    return this.#lengths[this.#slotOf(hash >>> 0)] ?? 0;
  }

  /** The slot that has this hash, or the free one where it would stand. */
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
