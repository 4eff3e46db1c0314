import type { Clock } from '../../ports/clock.ts';
import type { RetentionStore } from '../../ports/store/retention.ts';
import type { FeedStore } from '../../ports/store/feeds.ts';

/** The context of changing stored archives. */
export interface ArchiveContext {
  readonly store: FeedStore & RetentionStore;
  readonly clock: Clock;
}
