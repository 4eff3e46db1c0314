import type { Profile } from './profile.ts';

/** The phrases of one entry in an open-addressing table, so that the phrases of many others can be
 *  looked up. */
export class PhraseSet {
  readonly #phrases: Uint32Array;
  /** For each slot: the number of the last count that met it, counted from 1; 0 for a free slot. */
  readonly #met: Uint32Array;
  #counts = 1;

  constructor(profile: Profile) {
    const size = 2 ** Math.ceil(Math.log2(2 * profile.phraseCount + 2));
    this.#phrases = new Uint32Array(size);
    this.#met = new Uint32Array(size);
    profile.forEachPhrase((phrase) => {
      const slot = this.#slotOf(phrase);
      this.#phrases[slot] = phrase;
      this.#met[slot] = 1;
    });
  }

  /** Returns the number of different phrases that another entry shares with this one. */
  countShared(other: Profile): number {
    const count = ++this.#counts;
    let shared = 0;
    other.forEachPhrase((phrase) => {
      const slot = this.#slotOf(phrase);
      const met = this.#met[slot] ?? 0;
      if (met === 0 || met === count) return;
      this.#met[slot] = count;
      shared++;
    });
    return shared;
  }

  /** Returns the slot of a phrase, or the free slot for it. */
  #slotOf(phrase: number): number {
    const mask = this.#phrases.length - 1;
    let slot = phrase & mask;
    while ((this.#met[slot] ?? 0) > 0 && this.#phrases[slot] !== phrase) slot = (slot + 1) & mask;
    return slot;
  }
}
