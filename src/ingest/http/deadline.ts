/** setTimeout fires at once for a longer delay. 24 days are as good as for ever. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A budget of milliseconds for one exchange with all its redirects (docs/design.md §72). Time
 *  counts only between `start` and `pause`, so that waiting for a busy host costs an exchange
 *  nothing (docs/polling.md A15). `signal` aborts for good when the budget is used up. Real time is
 *  used instead of the Clock: the deadline guards sockets, and no result depends on it. */
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

  /** Begins `work` and settles with it. Rejects as soon as the budget is used up, whatever `work`
   *  does about the signal. An empty budget rejects without beginning `work`. */
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

  /** Continues counting. Has no effect while time counts already. */
  start(): void {
    if (this.#timer !== null) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.#controller.abort(), Math.max(0, this.#leftMs));
  }

  /** Stops counting. Also call it after the last use, so that no timer is left behind. */
  pause(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#leftMs -= performance.now() - this.#startedAt;
  }
}
