import type { Problem } from './errors.ts';

/** What a subscriber has asked of the hub (W3C WebSub §5), kept until he has said that he means
 *  it. */
export interface HubVerification {
  /** Of the pair of topic and callback. */
  readonly id: string;
  /** `denied`: nothing is asked, he is told that his subscription has ended (§5.2). */
  readonly mode: 'subscribe' | 'unsubscribe' | 'denied';
  /** Address of the document, as the subscriber wrote it. */
  readonly topic: string;
  readonly callback: string;
  /** Of the callback, without its port, of which one host has thousands: what bounds are counted
   *  by. */
  readonly host: string;
  /** Signs what is delivered; null for none. */
  readonly secret: string | null;
  /** Seconds that he wants to be told of changes for. */
  readonly leaseSeconds: number;
  /** Place in the feed's history at which he asked: what comes after it is news to him. */
  readonly seq: number;
  /** How often he was asked whether he means it, and could not be. */
  readonly attempts: number;
  readonly askedAt: Date;
}

/** What came of asking whether he means it: subscribed until an instant, no more subscribed, or
 *  nothing changes. */
export type HubOutcome =
  | { readonly kind: 'subscribed'; readonly expiresAt: Date }
  | { readonly kind: 'unsubscribed' }
  | { readonly kind: 'refused' };

/** A delivery that is due. */
export interface HubDelivery {
  /** Of the subscription. */
  readonly id: string;
  readonly topic: string;
  readonly callback: string;
  /** As that of an intent. */
  readonly host: string;
  readonly secret: string | null;
  /** Failures in a row. */
  readonly attempts: number;
  /** When the first of them was; null after a success. */
  readonly failingSince: Date | null;
}

/** What came of a delivery: received up to a place in the history, failed and due again at an
 *  instant, the subscriber wants no more, or he takes nothing and is told that his subscription has
 *  ended (§5.2). */
export type HubResult =
  | { readonly kind: 'delivered'; readonly seq: number }
  | { readonly kind: 'failed'; readonly at: Date; readonly nextAt: Date; readonly problem: Problem }
  | { readonly kind: 'ended' }
  | { readonly kind: 'givenUp'; readonly at: Date };

/** The newest place in the history of a feed whose document this is. */
export interface HubNews {
  readonly topic: string;
  readonly seq: number;
}

/** What the hub has to do with. */
export interface HubCounts {
  readonly subscriptions: number;
  /** Those whose last delivery failed. */
  readonly failing: number;
  readonly intents: number;
}

/** A subscriber's request to the hub (W3C WebSub §5.1). */
export interface Subscribing {
  readonly mode: 'subscribe' | 'unsubscribe';
  readonly topic: string;
  /** http(s) URL without userinfo and fragment. */
  readonly callback: string;
  readonly secret: string | null;
  /** null: as long as the hub likes. */
  readonly leaseSeconds: number | null;
  /** Network of the client that asks. */
  readonly client: string;
}

/** The hub's answer; verification of intent follows it. */
export type HubAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: 403 | 404 | 503; readonly reason: string };
