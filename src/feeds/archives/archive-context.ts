import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** The context of changing stored archives. */
export interface ArchiveContext {
  readonly store: Store;
  readonly clock: Clock;
}
