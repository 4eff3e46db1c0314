import type { Problem } from './errors.ts';

/** A subscriber's request to the hub (W3C WebSub §5), stored until the subscriber has confirmed
 *  it. */
export interface HubVerification {
  /** Id of the pair of topic and callback. */
  readonly id: string;
  /** `denied`: nothing is verified; the subscriber is told that the subscription has ended
   *  (§5.2). */
  readonly mode: 'subscribe' | 'unsubscribe' | 'denied';
  /** Address of the document, as the subscriber wrote it. */
  readonly topic: string;
  /** Address to which the hub delivers. */
  readonly callback: string;
  /** Host of the callback without its port, by which limits are counted: one host has thousands of
   *  ports. */
  readonly host: string;
  /** Key of the signature of deliveries; null for none. */
  readonly secret: string | null;
  /** Wanted duration of the subscription, in seconds. */
  readonly leaseSeconds: number;
  /** Position in the feed's history at the time of the request. Later positions are new to the
   *  subscriber. */
  readonly seq: number;
  /** Number of failed attempts to verify the request. */
  readonly attempts: number;
  /** Time of the request. */
  readonly askedAt: Date;
}

/** Result of the verification: subscribed until an instant, unsubscribed, or refused and nothing
 *  changes. */
export type HubOutcome =
  | { readonly kind: 'subscribed'; readonly expiresAt: Date }
  | { readonly kind: 'unsubscribed' }
  | { readonly kind: 'refused' };

/** A delivery that is due. */
export interface HubDelivery {
  /** Id of the subscription. */
  readonly id: string;
  readonly topic: string;
  readonly callback: string;
  /** As HubVerification.host. */
  readonly host: string;
  /** Key of the signature; null for none. */
  readonly secret: string | null;
  /** Failures in a row. */
  readonly attempts: number;
  /** Time of the first of these failures; null after a success. */
  readonly failingSince: Date | null;
}

/** Result of a delivery. `delivered`: up to a position in the history. `failed`: due again at
 *  `nextAt`. `ended`: the subscriber wants no more. `givenUp`: the subscriber accepts nothing and
 *  is told that the subscription has ended (§5.2). */
export type HubResult =
  | { readonly kind: 'delivered'; readonly seq: number }
  | { readonly kind: 'failed'; readonly at: Date; readonly nextAt: Date; readonly problem: Problem }
  | { readonly kind: 'ended' }
  | { readonly kind: 'givenUp'; readonly at: Date };

/** The newest position in the history of the feed with this document. */
export interface HubNews {
  readonly topic: string;
  readonly seq: number;
}

/** Counts for the hub's metrics. */
export interface HubCounts {
  /** Number of subscriptions. */
  readonly subscriptions: number;
  /** Number of subscriptions whose last delivery failed. */
  readonly failing: number;
  /** Number of requests that wait for verification. */
  readonly intents: number;
}

/** A subscriber's request as it arrives at the hub (W3C WebSub §5.1). */
export interface SubscriptionRequest {
  readonly mode: 'subscribe' | 'unsubscribe';
  /** Address of the document. */
  readonly topic: string;
  /** http(s) URL without userinfo and fragment. */
  readonly callback: string;
  /** Key of the signature of deliveries; null for none. */
  readonly secret: string | null;
  /** Wanted duration in seconds; null: the hub chooses. */
  readonly leaseSeconds: number | null;
  /** Network of the client that sent the request. */
  readonly client: string;
}

/** The hub's answer to a request. Verification of intent follows an `accepted` one. */
export type HubAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: 403 | 404 | 503; readonly reason: string };
