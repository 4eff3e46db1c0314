/** setTimeout takes no longer delays: it would fire at once. 24 days are as good as for ever. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A budget of milliseconds for one exchange with all its redirects (docs/design.md §72). It runs
 *  only between `start` and `pause`, so that waiting for a busy host costs an exchange nothing
 *  (docs/polling.md A15). When it is used up, `signal` aborts, once and for ever. Real time, not
 *  the Clock: it guards sockets, and nothing is computed from it. */
export class Deadline {
  readonly #controller = new AbortController();
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(limitMs: number) {
    this.#leftMs = Math.min(limitMs, MAX_TIMER_MS);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins `work` and settles with it, or rejects the moment the budget is used up, whatever
   *  `work` does about the signal then; it is not begun when nothing is left. */
  async race<T>(work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const late = Promise.withResolvers<never>();
    const expire = () => late.reject(this.signal.reason);
    this.signal.addEventListener('abort', expire);
    try {
      return await Promise.race([work(), late.promise]);
    } finally {
      this.signal.removeEventListener('abort', expire);
    }
  }

  /** Goes on counting. Without effect while it counts already. */
  start(): void {
    if (this.#timer !== null) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.#controller.abort(), Math.max(0, this.#leftMs));
  }

  /** Stops counting; also the end of its use: no timer is left behind. */
  pause(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#leftMs -= performance.now() - this.#startedAt;
  }
}
