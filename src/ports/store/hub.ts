import type { HubCounts, HubDelivery, HubVerification, HubNews, HubOutcome, HubResult } from '../../model/hub.ts';

/** Limits on what strangers may have stored. */
export interface HubLimits {
  /** Subscriptions in all, and of callbacks of one host. */
  readonly subscriptions: number;
  readonly subscriptionsPerHost: number;
  /** The same of intents. */
  readonly intents: number;
  readonly intentsPerHost: number;
  /** The same of both by the network of the client, and by the site of the callback, however many
   *  host names it has. */
  readonly intentsPerClient: number;
  readonly intentsPerSite: number;
  readonly subscriptionsPerClient: number;
  readonly subscriptionsPerSite: number;
  /** Subscriptions whose callbacks were last found at one address. */
  readonly subscriptionsPerAddress: number;
}

/** The origin of a request: network of the client, and site of the callback. */
export interface HubSlot {
  readonly client: string;
  readonly site: string;
}

/** Counts what the hub keeps. */
export interface HubReads {
  countHub(): Promise<HubCounts>;
}

/** Keeps intents until they are verified, and subscriptions until they end. */
export interface HubRequestWrites {
  /** Stores an intent, due at once, in place of the last request of this subscriber for this topic.
   *  Returns `full` when there is no room. */
  saveHubIntent(intent: HubVerification, limits: HubLimits, place?: HubSlot): Promise<'saved' | 'full'>;
  /** Makes an intent that could not be verified due again at an instant. */
  postponeHubIntent(intent: HubVerification, nextAt: Date): Promise<void>;
  /** Ends an intent. A subscriber that is subscribed again keeps the record of its deliveries.
   *  An intent that has taken its place meanwhile stays. `full`: it was verified, at this
   *  address (null: unknown), and there is no room any more. */
  endHubIntent(
    intent: HubVerification,
    outcome: HubOutcome,
    verified?: { readonly address: string | null; readonly limits: HubLimits },
  ): Promise<'ended' | 'full'>;
  /** Ends subscriptions whose lease is over (`endsLeases`). Denies subscriptions to topics of this
   *  site that are not among `topics`. Reports whether there were any. */
  endHubSubscriptions(
    topics: readonly string[],
    siteUrl: string,
    when: { readonly now: Date; readonly endsLeases: boolean },
  ): Promise<boolean>;
}

/** Hands out the work of the hub. Work is claimed until an instant, so that one of many nodes does
 *  it. At that instant it is due again, for instance because the node was killed over it. */
export interface HubWorkWrites {
  /** Takes at most `limit` intents that are due. */
  claimHubIntents(now: Date, until: Date, limit: number): Promise<readonly HubVerification[]>;
  /** Takes at most `limit` deliveries of news, first the ones that have not failed, and none to a
   *  host of `busy`. */
  claimHubDeliveries(
    news: readonly HubNews[],
    claim: { readonly now: Date; readonly until: Date; readonly limit: number; readonly busy: readonly string[] },
  ): Promise<readonly HubDelivery[]>;
  /** Gives claimed deliveries back that were not begun. */
  releaseHubDeliveries(ids: readonly string[], at: Date): Promise<void>;
  /** Stores the outcome of a delivery. `found`: the address of the callback's host. A subscription
   *  that finds no room at that address is ended, as if it were given up. */
  saveHubResult(
    id: string,
    result: HubResult,
    found?: { readonly address: string; readonly limits: HubLimits; readonly at: Date },
  ): Promise<void>;
  /** Claims the announcement of a feed's news to a hub elsewhere. Returns true to the one caller
   *  who is to make it. */
  claimAnnouncement(news: HubNews, now: Date, until: Date): Promise<boolean>;
  /** Notes that the hub has been told of this place in the history. */
  saveAnnounced(news: HubNews): Promise<void>;
}

/** Writes everything that the hub keeps. */
export interface HubWrites extends HubRequestWrites, HubWorkWrites {}

export type HubStore = HubReads & HubWrites;
