/** Lets at most `limit` exchanges with one host run at once; the others wait in the order in which they came (CHECKS A15). Hosts are
 *  told apart by name alone, so http and https, or two ports, of one machine share the limit. Nothing is kept of a host that nobody
 *  uses or waits for. */
export class HostLimit {
  readonly #limit: number;
  readonly #hosts = new Map<string, { active: number; readonly waiting: (() => void)[] }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when it is this caller's turn, with the function that gives the place back. Calling that twice gives back one place. */
  async enter(host: string): Promise<() => void> {
    const state = this.#hosts.get(host) ?? { active: 0, waiting: [] };
    this.#hosts.set(host, state);
    // The place of the one that leaves passes straight to the one that waits: `active` stays as it is, and nobody slips in between.
    if (state.active < this.#limit) state.active += 1;
    else await new Promise<void>((resolve) => state.waiting.push(resolve));
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = state.waiting.shift();
      if (next !== undefined) next();
      else if (--state.active === 0) this.#hosts.delete(host);
    };
  }
}
