import type { Notice, HubOffer, SourceKind } from '../../model/source.ts';

/** The progress of a subscription (WebSub §5). `new`: to be requested. `asked`: sent to the hub,
 *  which has still to verify it. `active`: verified, until its lease ends. `denied`: refused by the
 *  hub, to be requested anew after a day. `leaving`: to be ended, or sent so and not yet verified.
 *  `left`: ended; it stays for a while, since a hub may verify twice. */
export type SubscriptionState = 'new' | 'asked' | 'active' | 'denied' | 'leaving' | 'left';

/** One subscription to one topic at one hub. Only the hub knows its path. */
export interface Subscription {
  /** Last part of the callback's address: 256 random bits, base64url. Never shown. */
  readonly path: string;
  readonly sourceId: string;
  readonly hub: string;
  readonly topic: string;
  /** The whole address of the callback that the hub was given. */
  readonly callback: string;
  /** Key of X-Hub-Signature. null when none could be sent (plain http): a delivery is then a hint
   *  to poll, no content. Never shown. */
  readonly secret: string | null;
  readonly state: SubscriptionState;
  /** The time of the last request to the hub for this state; null before. */
  readonly askedAt: Date | null;
  /** Failed requests in a row. */
  readonly attempts: number;
  /** The time of the next work on it. */
  readonly nextAt: Date;
  /** End of the lease; null while there is none. */
  readonly expiresAt: Date | null;
  /** Raised by every change. */
  readonly version: number;
}

/** The fields of a subscription that may change. */
export type SubscriptionChange = Partial<Pick<Subscription, 'state' | 'askedAt' | 'attempts' | 'nextAt' | 'expiresAt'>>;

/** A source that pushes, as its documents say. */
export interface SubscribableSource {
  readonly sourceId: string;
  readonly kind: SourceKind;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly offer: HubOffer;
}

/** The deliveries for a source that wait for the next run. */
export interface WaitingDelivery {
  /** Documents in the queue. */
  readonly documents: number;
  /** The time when a poll was last requested; null when none is needed. */
  readonly pollAskedAt: Date | null;
  /** End of its verified lease; null when it has none. */
  readonly aliveUntil: Date | null;
}

/** A pushed document, as it came. */
export interface DeliveredDocument {
  readonly no: number;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
  /** Its topic: the base of links in it. */
  readonly topic: string;
}

/** The outcome of pushed documents in a run. */
export interface DeliveryRecord {
  /** Numbers of the documents, which leave the queue. */
  readonly documents: readonly number[];
  readonly at: Date;
  readonly hasNewEntry: boolean;
  /** Date of the newest entry; null when none is dated. */
  readonly newestAt: Date | null;
}

/** Bounds of the queue. */
export interface QueueLimits {
  readonly perSource: number;
  readonly total: number;
  readonly bytes: number;
}

/** Reads the subscriptions at hubs elsewhere. */
export interface SubscriptionReads {
  /** Sources of the configuration that offer pushes and are not gone, by id. */
  readSubscribableSources(): Promise<readonly SubscribableSource[]>;
  /** All subscriptions, the oldest work first. */
  readSubscriptions(): Promise<readonly Subscription[]>;
  /** null when nobody was given this path. */
  readSubscription(path: string): Promise<Subscription | null>;
}

/** Writes the subscriptions at hubs elsewhere. */
export interface SubscriptionWrites {
  /** Adds a subscription. Returns false, and does nothing, when its source has another one that is
   *  not about to end. */
  addSubscription(subscription: Subscription): Promise<boolean>;
  /** Changes a subscription that is still at this version. Returns false, and does nothing, when
   *  another process was faster. */
  changeSubscription(path: string, version: number, change: SubscriptionChange): Promise<boolean>;
  /** Removes a subscription that is still at this version, with the queue of sources that are no
   *  longer configured. Returns false when another process was faster. */
  forgetSubscription(path: string, version: number): Promise<boolean>;
  /** Notes a message to the owner about a source's pushes. null takes that message back, and no
   *  other. */
  noteSubscription(sourceId: string, notice: Notice | null): Promise<void>;
}

/** Reads the queue of pushed documents. */
export interface PushQueueReads {
  /** The waiting deliveries by source; sources without any are not in it. */
  readWaiting(now: Date): Promise<ReadonlyMap<string, WaitingDelivery>>;
  /** The oldest waiting documents of a source. */
  readDelivered(sourceId: string, limit: number): Promise<readonly DeliveredDocument[]>;
}

/** Writes the queue of pushed documents. */
export interface PushQueueWrites {
  /** Queues a document. When its source has too many, the oldest makes room and the source is to be
   *  polled, since entries of the lost document may be in no other one. Returns `full` when all
   *  sources together have too many. */
  queueDocument(
    document: { readonly sourceId: string; readonly topic: string; readonly contentType: string | null; readonly bytes: Uint8Array },
    at: Date,
    limits: QueueLimits,
  ): Promise<'queued' | 'full'>;
  /** Requests a poll of a source in the next run. Returns false, and does nothing, when that was
   *  done less than `gapMs` ago. */
  askForPoll(sourceId: string, at: Date, gapMs: number): Promise<boolean>;
  /** Notes a poll of a source at this instant or later: requests until then are done. */
  endPollRequest(sourceId: string, polledAt: Date): Promise<void>;
  /** Removes documents from the queue once their entries are stored. */
  recordDelivery(sourceId: string, record: DeliveryRecord): Promise<void>;
}

/** Reads all that the subscriber keeps. */
export interface SubscriberReads extends SubscriptionReads, PushQueueReads {}

/** Writes all that the subscriber keeps. */
export interface SubscriberWrites extends SubscriptionWrites, PushQueueWrites {}

export type SubscriberStore = SubscriberReads & SubscriberWrites;
