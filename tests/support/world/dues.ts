import type { FetchResult } from '../../../src/ports/fetcher.ts';
import { DAY, isAdaptive, MINUTE } from './world.ts';
import type { Outlet, World } from './world.ts';

/** The last answer of a source, as far as the next poll depends on it. */
interface Answered {
  readonly at: number;
  /** Every run from this time on must ask the source. */
  readonly dueBy: number;
  /** Answers in a row that may have counted as failures. */
  readonly failures: number;
}

/** Follows when each source must be asked again: after a minute, a bounded backoff, and what its
 *  own headers ask for. No other source may delay it. */
export function createDues(world: World) {
  const answered = new Map<string, Answered>();
  return {
    note({ id, kind }: Outlet, { hints }: FetchResult, mayHaveFailed: boolean): void {
      const at = world.now.getTime();
      const failures = mayHaveFailed ? (answered.get(id)?.failures ?? 0) + 1 : 0;
      const wait = failures === 0 ? MINUTE : Math.min(MINUTE * 2 ** failures, DAY) * 1.25;
      // A page on which no feed was found is searched again after a day.
      const searched = kind === 'page' && mayHaveFailed ? at + DAY : 0;
      const asked = Math.max(hints.freshUntil?.getTime() ?? 0, hints.retryAfter?.getTime() ?? 0, searched);
      answered.set(id, { at, failures, dueBy: Math.max(at + wait, asked) });
    },
    /** Returns, in words, the sources that a run at this time should have asked and has not. */
    findWaiting(): string[] {
      const now = world.now.getTime();
      return world.outlets.flatMap((outlet) => {
        const { id, isDeclared } = outlet;
        if (!isDeclared || isAdaptive(world, outlet) || world.clock.isEverSet) return [];
        const last = answered.get(id);
        if (last?.at === now || (last?.dueBy ?? 0) > now) return [];
        return [`source ${id} was not asked, although it was due ${last ? new Date(last.dueBy).toISOString() : 'at once'}`];
      });
    },
  };
}
