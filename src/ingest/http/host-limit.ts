import { setTimeout } from 'node:timers/promises';

/** Turns at hosts, shared by all processes on one store, so that together they send a host no more
 *  requests than a single one may. */
export interface HostTurns {
  /** Resolves with the function that gives the turn back, when the caller's turn has come, in five
   *  minutes at most. The next turn at this host begins at least `spacingMs` milliseconds later. If
   *  the other processes cannot be reached, the caller gets its turn at once. */
  readonly take: (host: string, spacingMs: number) => Promise<() => void>;
  /** Gives every waiting caller its turn at once. */
  readonly close: () => Promise<void>;
}

/** Number of remembered hosts above which those whose pause is over are forgotten. */
const MAX_REMEMBERED = 1000;

/** Lets at most `limit` exchanges with one host run at once, each at least `spacingMs(host)`
 *  milliseconds after the previous one. The others wait in the order of their arrival
 *  (docs/polling.md A15). Only host names count, so http and https, or two ports, of one machine
 *  share the limit. With `turns` other processes share it too. */
export class HostLimit {
  readonly #limit: number;
  readonly #spacingMs: (host: string) => number;
  readonly #turns: HostTurns | null;
  readonly #hosts = new Map<string, { active: number; readonly waiting: (() => void)[] }>();
  /** Earliest start of the next exchange with a host, by performance.now(). */
  readonly #freeAt = new Map<string, number>();

  constructor(limit: number, spacingMs: (host: string) => number, turns: HostTurns | null = null) {
    this.#limit = limit;
    this.#spacingMs = spacingMs;
    this.#turns = turns;
  }

  /** Resolves when it is this caller's turn, with the function that gives the turn back. Calling
   *  that function twice has the effect of one call. */
  async enter(host: string): Promise<() => void> {
    const release = await this.#takePlace(host);
    const now = performance.now();
    const at = Math.max(now, this.#freeAt.get(host) ?? 0);
    const spacingMs = this.#spacingMs(host);
    this.#freeAt.set(host, at + spacingMs);
    if (this.#freeAt.size > MAX_REMEMBERED) for (const [name, freeAt] of this.#freeAt) if (freeAt < now) this.#freeAt.delete(name);
    if (at > now) await setTimeout(at - now);
    if (this.#turns === null) return release;
    const endTurn = await this.#turns.take(host, spacingMs);
    let isReleased = false;
    return () => {
      if (!isReleased) endTurn();
      isReleased = true;
      release();
    };
  }

  async #takePlace(host: string): Promise<() => void> {
    const state = this.#hosts.get(host) ?? { active: 0, waiting: [] };
    this.#hosts.set(host, state);
    // The turn passes straight to the next waiting caller: `active` stays unchanged, and no other
    // caller can slip in between.
    if (state.active < this.#limit) state.active += 1;
    else await new Promise<void>((resolve) => state.waiting.push(resolve));
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = state.waiting.shift();
      if (next !== undefined) next();
      else if (--state.active === 0) this.#hosts.delete(host);
    };
  }
}
