import type { Notice, HubOffer, SourceKind } from '../../model/source.ts';

/** The state of a subscription at a hub (WebSub §5). `new`: to be requested. `asked`: requested,
 *  the hub has not verified it yet. `active`: verified, until its lease ends. `denied`: refused
 *  by the hub; requested again after a day. `leaving`: the end is to be requested, or is not
 *  verified yet. `left`: ended; kept for a while, because a hub may verify twice. */
type SubscriptionState = 'new' | 'asked' | 'active' | 'denied' | 'leaving' | 'left';

/** One subscription to one topic at one hub. Its path is secret between this store and the hub. */
export interface Subscription {
  /** Last segment of the callback's path: 256 random bits in base64url. Never shown. */
  readonly path: string;
  readonly sourceId: string;
  readonly hub: string;
  readonly topic: string;
  /** Callback URL that the hub was given. */
  readonly callback: string;
  /** Key of X-Hub-Signature. null: none could be sent, because the hub has plain http. A
   *  delivery is then only a hint to poll. Never shown. */
  readonly secret: string | null;
  readonly state: SubscriptionState;
  /** Time of the last request to the hub in this state; null before the first. */
  readonly askedAt: Date | null;
  /** Number of failed requests in a row. */
  readonly attempts: number;
  /** Time when this subscription needs its next action. */
  readonly nextAt: Date;
  /** End of the lease; null before the hub has granted one. */
  readonly expiresAt: Date | null;
  /** Increased by every change. */
  readonly version: number;
}

/** The fields of a subscription that may change. */
export type SubscriptionChange = Partial<Pick<Subscription, 'state' | 'askedAt' | 'attempts' | 'nextAt' | 'expiresAt'>>;

/** A source whose documents name a hub. */
export interface SubscribableSource {
  readonly sourceId: string;
  readonly kind: SourceKind;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly offer: HubOffer;
}

/** The deliveries for a source that the next run will read. */
export interface WaitingDelivery {
  /** Number of documents in the queue. */
  readonly documents: number;
  /** Time when a poll was last requested; null when none is needed. */
  readonly pollAskedAt: Date | null;
  /** End of the verified lease; null when the source has none. */
  readonly aliveUntil: Date | null;
}

/** A delivered document, byte for byte. */
export interface DeliveredDocument {
  readonly no: number;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
  /** URL of the topic; links in the document are resolved against it. */
  readonly topic: string;
}

/** The outcome of the delivered documents that a run has read. */
interface DeliveryRecord {
  /** Numbers of the documents to remove from the queue. */
  readonly documents: readonly number[];
  readonly at: Date;
  readonly hasNewEntry: boolean;
  /** Date of the newest entry; null when no entry has a date. */
  readonly newestAt: Date | null;
}

/** Limits of the queue. */
export interface QueueLimits {
  readonly perSource: number;
  readonly total: number;
  readonly bytes: number;
}

/** Reads our subscriptions at hubs of sources. */
export interface SubscriptionReads {
  /** Returns configured sources that name a hub and are not gone, by id. */
  readSubscribableSources(): Promise<readonly SubscribableSource[]>;
  /** Returns all subscriptions, the earliest `nextAt` first. */
  readSubscriptions(): Promise<readonly Subscription[]>;
  /** Returns the subscription with this callback path; null when there is none. */
  readSubscription(path: string): Promise<Subscription | null>;
}

/** Writes our subscriptions at hubs of sources. */
export interface SubscriptionWrites {
  /** Adds a subscription. Returns false and does nothing when its source has another one that is
   *  not about to end. */
  addSubscription(subscription: Subscription): Promise<boolean>;
  /** Changes a subscription if it still has this version. Returns false and does nothing when
   *  another process changed it first. */
  changeSubscription(path: string, version: number, change: SubscriptionChange): Promise<boolean>;
  /** Removes a subscription if it still has this version, and the queues of sources that are no
   *  longer configured. Returns false when another process changed it first. */
  forgetSubscription(path: string, version: number): Promise<boolean>;
  /** Stores a message for the owner about the deliveries of a source. null removes such a
   *  message, but no message of another kind. */
  noteSubscription(sourceId: string, notice: Notice | null): Promise<void>;
}

/** Reads the queue of delivered documents. */
export interface DeliveryQueueReads {
  /** Returns the waiting deliveries by source. Sources without any are left out. */
  readWaiting(now: Date): Promise<ReadonlyMap<string, WaitingDelivery>>;
  /** Returns the oldest waiting documents of a source. */
  readDelivered(sourceId: string, limit: number): Promise<readonly DeliveredDocument[]>;
}

/** Writes the queue of delivered documents. */
export interface DeliveryQueueWrites {
  /** Adds a document to the queue. When its source has too many, the oldest is dropped. The
   *  source is then due for a poll, because the dropped entries may be in no other document.
   *  Returns `full` when the queue of all sources together has reached its limit. */
  queueDocument(
    document: { readonly sourceId: string; readonly topic: string; readonly contentType: string | null; readonly bytes: Uint8Array },
    at: Date,
    limits: QueueLimits,
  ): Promise<'queued' | 'full'>;
  /** Requests a poll of a source in the next run. Returns false and does nothing when one was
   *  requested less than `gapMs` milliseconds ago. */
  askForPoll(sourceId: string, at: Date, gapMs: number): Promise<boolean>;
  /** Notes that a source was polled at `polledAt`. Requests up to that time are done. */
  endPollRequest(sourceId: string, polledAt: Date): Promise<void>;
  /** Removes documents from the queue after their entries were stored. */
  recordDelivery(sourceId: string, record: DeliveryRecord): Promise<void>;
}

/** Reads our subscriptions and their deliveries. */
export interface SubscriberReads extends SubscriptionReads, DeliveryQueueReads {}

/** Writes our subscriptions and their deliveries. */
interface SubscriberWrites extends SubscriptionWrites, DeliveryQueueWrites {}

export type SubscriberStore = SubscriberReads & SubscriberWrites;
