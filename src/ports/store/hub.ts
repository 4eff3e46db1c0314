import type { HubCounts, HubDelivery, HubVerification, HubNews, HubOutcome, HubResult } from '../../model/hub.ts';

/** Limits on how much strangers may store in the hub. */
export interface HubLimits {
  /** Most subscriptions in all, and per host of their callbacks. */
  readonly subscriptions: number;
  readonly subscriptionsPerHost: number;
  /** Most intents in all, and per host of their callbacks. */
  readonly intents: number;
  readonly intentsPerHost: number;
  /** Most intents, and most subscriptions, per network of the client. The same limit holds per
   *  site of the callback, however many host names the site has. */
  readonly intentsPerClient: number;
  readonly intentsPerSite: number;
  readonly subscriptionsPerClient: number;
  readonly subscriptionsPerSite: number;
  /** Most subscriptions whose callbacks last resolved to the same IP address. */
  readonly subscriptionsPerAddress: number;
}

/** The origin of a request: the network of the client and the site of the callback. */
export interface HubSlot {
  readonly client: string;
  readonly site: string;
}

/** Counts the subscriptions and intents of the hub. */
export interface HubReads {
  /** Returns the numbers of subscriptions, of failing subscriptions and of intents. */
  countHub(): Promise<HubCounts>;
}

/** Stores intents until they are verified, and subscriptions until they end. */
export interface HubRequestWrites {
  /** Stores an intent, due at once. It replaces the last request of this subscriber for this
   *  topic. Returns `full` when a limit is reached. */
  saveHubIntent(intent: HubVerification, limits: HubLimits, place?: HubSlot): Promise<'saved' | 'full'>;
  /** Makes an intent that could not be verified due again at `nextAt`. */
  postponeHubIntent(intent: HubVerification, nextAt: Date): Promise<void>;
  /** Ends an intent. A renewed subscription keeps the record of its deliveries. An intent that
   *  has replaced this one meanwhile stays. Returns `full` when the intent was verified at this
   *  address (null: unknown) but a limit has been reached meanwhile. */
  endHubIntent(
    intent: HubVerification,
    outcome: HubOutcome,
    verified?: { readonly address: string | null; readonly limits: HubLimits },
  ): Promise<'ended' | 'full'>;
  /** Ends subscriptions whose lease is over (`endsLeases`). Denies subscriptions to topics of
   *  this site that are not among `topics`. Reports whether there were any. */
  endHubSubscriptions(
    topics: readonly string[],
    siteUrl: string,
    when: { readonly now: Date; readonly endsLeases: boolean },
  ): Promise<boolean>;
}

/** Gives out the work of the hub. Work is claimed until a given time, so that one of many nodes
 *  does it. It is due again at that time, for instance because the node was killed. */
export interface HubWorkWrites {
  /** Claims at most `limit` due intents. */
  claimHubIntents(now: Date, until: Date, limit: number): Promise<readonly HubVerification[]>;
  /** Claims at most `limit` due deliveries; the ones that have not failed come first, and hosts
   *  in `busy` are skipped. */
  claimHubDeliveries(
    news: readonly HubNews[],
    claim: { readonly now: Date; readonly until: Date; readonly limit: number; readonly busy: readonly string[] },
  ): Promise<readonly HubDelivery[]>;
  /** Gives back claimed deliveries that were not started. */
  releaseHubDeliveries(ids: readonly string[], at: Date): Promise<void>;
  /** Stores the outcome of a delivery. `found` is the IP address of the callback's host. A
   *  subscription beyond the limit of that address is ended, as if its subscriber had given it
   *  up. */
  saveHubResult(
    id: string,
    result: HubResult,
    found?: { readonly address: string; readonly limits: HubLimits; readonly at: Date },
  ): Promise<void>;
  /** Claims the announcement of a feed's news to a foreign hub. Returns true to exactly one
   *  caller, who must make it. */
  claimAnnouncement(news: HubNews, now: Date, until: Date): Promise<boolean>;
  /** Notes that the foreign hub knows the feed's history up to this position. */
  saveAnnounced(news: HubNews): Promise<void>;
}

/** Writes everything that the hub stores. */
interface HubWrites extends HubRequestWrites, HubWorkWrites {}

export type HubStore = HubReads & HubWrites;
