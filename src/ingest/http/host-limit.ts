import { setTimeout } from 'node:timers/promises';

/** Turns at hosts that all processes on one store share, so that together they ask nobody more
 *  often than one of them may. */
export interface HostTurns {
  /** Resolves when it is the caller's turn, in five minutes at most, with the function that gives
   *  the turn back. The next one at this host begins at least `spacingMs` milliseconds later. When
   *  the other processes cannot be asked, the turn is the caller's at once. */
  readonly take: (host: string, spacingMs: number) => Promise<() => void>;
  /** Gives every waiting caller the turn at once. */
  readonly close: () => Promise<void>;
}

/** So many hosts are remembered before those whose time has passed are forgotten. */
const MAX_REMEMBERED = 1000;

/** Lets at most `limit` exchanges with one host run at once, each at least `spacingMs(host)`
 *  milliseconds after the one before it; the others wait in the order in which they came
 *  (docs/polling.md A15). Hosts are told apart by name alone, so http and https, or two ports, of
 *  one machine share the limit. With `turns` other processes share it too. */
export class HostLimit {
  readonly #limit: number;
  readonly #spacingMs: (host: string) => number;
  readonly #turns: HostTurns | null;
  readonly #hosts = new Map<string, { active: number; readonly waiting: (() => void)[] }>();
  /** When the next exchange with a host may begin, by performance.now(). */
  readonly #freeAt = new Map<string, number>();

  constructor(limit: number, spacingMs: (host: string) => number, turns: HostTurns | null = null) {
    this.#limit = limit;
    this.#spacingMs = spacingMs;
    this.#turns = turns;
  }

  /** Resolves when it is this caller's turn, with the function that gives the place back. Calling
   *  that twice gives back one place. */
  async enter(host: string): Promise<() => void> {
    const leave = await this.#takePlace(host);
    const now = performance.now();
    const at = Math.max(now, this.#freeAt.get(host) ?? 0);
    const spacingMs = this.#spacingMs(host);
    this.#freeAt.set(host, at + spacingMs);
    if (this.#freeAt.size > MAX_REMEMBERED) for (const [name, freeAt] of this.#freeAt) if (freeAt < now) this.#freeAt.delete(name);
    if (at > now) await setTimeout(at - now);
    if (this.#turns === null) return leave;
    const endTurn = await this.#turns.take(host, spacingMs);
    let left = false;
    return () => {
      if (!left) endTurn();
      left = true;
      leave();
    };
  }

  async #takePlace(host: string): Promise<() => void> {
    const state = this.#hosts.get(host) ?? { active: 0, waiting: [] };
    this.#hosts.set(host, state);
    // The place of the one that leaves passes straight to the one that waits: `active` stays as it
    // is, and nobody slips in between.
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
