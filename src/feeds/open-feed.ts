import type { ItemName, Trial } from '../runtime/set-aside-failing.ts';
import type { Feed } from '../model/feed.ts';
import type { Candidate, FeedState } from '../model/listing.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SetAsideStore } from '../ports/store/set-aside.ts';
import type { CountReads } from '../ports/store/counts.ts';
import type { FeedStore } from '../ports/store/feeds.ts';
import type { SourceReads } from '../ports/store/sources.ts';

/** The context of updating feeds. */
export interface FeedsContext {
  readonly store: FeedStore & SourceReads & SetAsideStore & CountReads;
  readonly clock: Clock;
  readonly log?: Log;
  readonly settings: { readonly feeds: readonly Feed[] };
}

/** A feed that is being updated. */
export interface OpenFeed {
  readonly feed: Feed;
  readonly state: FeedState;
  /** Reports whether a story belongs to the feed by its rules. */
  readonly isSelected: (candidate: Candidate) => boolean;
}

/** Tries the stories of one update; `conclude` sets aside the stories that failed. */
export interface FeedTrial {
  readonly trial: Trial;
  readonly conclude: () => Promise<void>;
}

/** Returns the name of a story for a trial. */
export function toStoryName({ no }: Pick<Candidate, 'no'>): ItemName {
  return { what: 'story', no };
}
