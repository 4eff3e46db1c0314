import type { HubCounts, HubDelivery, HubIntent, HubNews, HubOutcome, HubResult } from '../model/hub.ts';

/** Bounds of what strangers may have kept. */
export interface HubLimits {
  /** Subscriptions in all, and of callbacks of one host. */
  readonly subscriptions: number;
  readonly subscriptionsPerHost: number;
  /** Of intents the same. */
  readonly intents: number;
  readonly intentsPerHost: number;
  /** Of both, those that clients of one network have asked for, and those of callbacks of one site, whatever names it has for its hosts. */
  readonly intentsPerClient: number;
  readonly intentsPerSite: number;
  readonly subscriptionsPerClient: number;
  readonly subscriptionsPerSite: number;
  /** Subscriptions whose callbacks were last found at one address. */
  readonly subscriptionsPerAddress: number;
}

/** The asker, and for whom: network of the client, and site of the callback. */
export interface HubPlace {
  readonly client: string;
  readonly site: string;
}

/** Counts what the hub keeps. */
export interface HubReads {
  countHub(): Promise<HubCounts>;
}

/** Keeps intents until they are verified, and subscriptions until they end. */
export interface HubRequestWrites {
  /** Keeps an intent, due at once, in the place of what the same subscriber last asked of the same topic. `full` when there is no room for more. */
  saveHubIntent(intent: HubIntent, limits: HubLimits, place?: HubPlace): Promise<'saved' | 'full'>;
  /** One that could not be verified is due again at an instant. */
  postponeHubIntent(intent: HubIntent, nextAt: Date): Promise<void>;
  /** Ends an intent. A subscriber that is subscribed again keeps the record of its deliveries.
   *  An intent that has taken its place meanwhile stays. `full`: it was verified, at this
   *  address (null: unknown), and there is no room any more. */
  endHubIntent(
    intent: HubIntent,
    outcome: HubOutcome,
    verified?: { readonly address: string | null; readonly limits: HubLimits },
  ): Promise<'ended' | 'full'>;
  /** Ends subscriptions whose lease is over (`endsLeases`), and has those denied that are of other topics of this site than these; whether anything was. */
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
  claimHubIntents(now: Date, until: Date, limit: number): Promise<readonly HubIntent[]>;
  /** Takes at most `limit` deliveries of news, first those that have not failed; none to a host of `busy`. */
  claimHubDeliveries(
    news: readonly HubNews[],
    claim: { readonly now: Date; readonly until: Date; readonly limit: number; readonly busy: readonly string[] },
  ): Promise<readonly HubDelivery[]>;
  /** Gives deliveries back that were taken and not begun. */
  releaseHubDeliveries(ids: readonly string[], at: Date): Promise<void>;
  /** `found`: the address that the callback was found at. A subscription that finds no room there is ended, as if it were given up. */
  saveHubResult(
    id: string,
    result: HubResult,
    found?: { readonly address: string; readonly limits: HubLimits; readonly at: Date },
  ): Promise<void>;
  /** Takes the announcement of news of a feed to a hub elsewhere: true for the one who is to make it. */
  claimAnnouncement(news: HubNews, now: Date, until: Date): Promise<boolean>;
  /** A hub has been told of this place in the history. */
  saveAnnounced(news: HubNews): Promise<void>;
}

/** Writes everything that the hub keeps. */
export interface HubWrites extends HubRequestWrites, HubWorkWrites {}

export type HubStore = HubReads & HubWrites;
