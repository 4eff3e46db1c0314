import type { Document, DocumentFormat, Feed } from '../../model/feed.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HubLimits, HubStore } from '../../ports/store/hub.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { Log } from '../../ports/log.ts';
import type { ClockReads } from '../../ports/store/retention.ts';
import type { FeedStore } from '../../ports/store/feeds.ts';

/** Context of the hub. */
export interface HubContext {
  readonly store: HubStore & FeedStore & ClockReads;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly siteUrl: string;
  readonly hubUrl: string;
  /** CIDR ranges outside the public internet to which callbacks may lead. */
  readonly allowPrivateAddresses: readonly string[];
  /** Documents of public feeds by their addresses. */
  readonly topics: ReadonlyMap<string, { readonly feed: Feed; readonly format: DocumentFormat }>;
  readonly renderFeed: (feed: Feed) => Promise<readonly Document[]>;
  /** Reports whether the clock agrees with the last run. */
  readonly isClockTrusted: () => Promise<boolean>;
  /** true after the hub was told to stop: nothing new is begun. */
  readonly isStopped: () => boolean;
}

/** Limits above the needs of a large site. A subscription costs half a kilobyte, and a request at
 *  each change. A feed reader with many users has one subscription for each document. Many sites
 *  may share one address of a large hosting provider. */
export const LIMITS: HubLimits = {
  subscriptions: 20_000,
  subscriptionsPerHost: 1000,
  subscriptionsPerClient: 200,
  subscriptionsPerSite: 1000,
  subscriptionsPerAddress: 1000,
  intents: 2000,
  intentsPerHost: 60,
  intentsPerClient: 60,
  intentsPerSite: 60,
};
