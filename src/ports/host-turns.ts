/** Turns at hosts that all processes on one store share, so that together they ask nobody more often than one of them may (CHECKS A15). */
export interface HostTurns {
  /** Resolves when it is the caller's turn, in five minutes at most, with the function that gives it back; the next one at this host begins at least `spacingMs` milliseconds later. When the
   *  others cannot be asked, the turn is the caller's at once. */
  readonly take: (host: string, spacingMs: number) => Promise<() => void>;
  /** Whoever waits has his turn at once. */
  readonly close: () => Promise<void>;
}
