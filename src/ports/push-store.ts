import type { Notice, PushOffer, SourceKind } from '../model/source.ts';

/** How far a subscription has come (WebSub §5). `new`: to be asked for. `asked`: sent to the hub, which has still to ask back. `active`: verified, until
 *  its lease ends. `denied`: refused by the hub, to be asked for anew after a day. `leaving`: to be ended, or sent so and not yet asked back. `left`: ended;
 *  it stays for a while, since a hub may ask back twice. */
export type SubscriptionState = 'new' | 'asked' | 'active' | 'denied' | 'leaving' | 'left';

/** One subscription to one topic at one hub. Only the hub knows its path. */
export interface Subscription {
  /** Last part of the callback's address: 256 random bits, base64url. Never shown. */
  readonly path: string;
  readonly sourceId: string;
  readonly hub: string;
  readonly topic: string;
  /** The whole address that the hub was given. */
  readonly callback: string;
  /** Key of X-Hub-Signature; null when none could be sent (plain http): what comes is then a hint to poll, no content. Never shown. */
  readonly secret: string | null;
  readonly state: SubscriptionState;
  /** When the hub was last asked for what the state says; null before. */
  readonly askedAt: Date | null;
  /** Requests in a row that came to nothing. */
  readonly attempts: number;
  /** When something is to be done about it next. */
  readonly nextAt: Date;
  /** End of the lease; null while there is none. */
  readonly expiresAt: Date | null;
  /** Raised by every change. */
  readonly version: number;
}

/** What may change of it. */
export type SubscriptionChange = Partial<Pick<Subscription, 'state' | 'askedAt' | 'attempts' | 'nextAt' | 'expiresAt'>>;

/** A source that pushes, as its documents say. */
export interface PushSource {
  readonly sourceId: string;
  readonly kind: SourceKind;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly offer: PushOffer;
}

/** What has been pushed for a source and waits for the next run. */
export interface WaitingPush {
  /** Documents in the queue. */
  readonly documents: number;
  /** When it was last asked to be polled; null when it need not be. */
  readonly pollAskedAt: Date | null;
  /** End of its verified lease; null when it has none. */
  readonly aliveUntil: Date | null;
}

/** A pushed document, as it came. */
export interface PushedDocument {
  readonly no: number;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
  /** Its topic: what links in it are relative to. */
  readonly topic: string;
}

/** What a run has made of pushed documents. */
export interface PushRecord {
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
  readPushSources(): Promise<readonly PushSource[]>;
  /** All subscriptions, the oldest work first. */
  readSubscriptions(): Promise<readonly Subscription[]>;
  /** null when nobody was given this path. */
  readSubscription(path: string): Promise<Subscription | null>;
}

/** Writes the subscriptions at hubs elsewhere. */
export interface SubscriptionWrites {
  /** Adds one; false, and nothing is done, when its source has one already that it is not about to leave. */
  addSubscription(subscription: Subscription): Promise<boolean>;
  /** Changes one that is still at this version; false, and nothing is done, when somebody else was faster. */
  changeSubscription(path: string, version: number, change: SubscriptionChange): Promise<boolean>;
  /** Forgets one that is still at this version; false when somebody else was faster. What waits of sources that have left the configuration goes too. */
  forgetSubscription(path: string, version: number): Promise<boolean>;
  /** Notes what the owner should know of a source's pushes; null takes back what was noted of them, and nothing else. */
  notePush(sourceId: string, notice: Notice | null): Promise<void>;
}

/** Reads the queue of pushed documents. */
export interface PushQueueReads {
  /** What waits, by source; sources with nothing are not in it. */
  readWaiting(now: Date): Promise<ReadonlyMap<string, WaitingPush>>;
  /** The oldest documents of a source that wait. */
  readPushed(sourceId: string, limit: number): Promise<readonly PushedDocument[]>;
}

/** Writes the queue of pushed documents. */
export interface PushQueueWrites {
  /** Queues a document. Of one source the oldest makes room for the newest, and the source is asked to be polled, since what was in it may be in no other
   *  one; `full` when all together are too many. */
  queueDocument(
    document: { readonly sourceId: string; readonly topic: string; readonly contentType: string | null; readonly bytes: Uint8Array },
    at: Date,
    limits: QueueLimits,
  ): Promise<'queued' | 'full'>;
  /** Asks for a source to be polled in the next run; false, and nothing is done, when that was asked for less than `gapMs` ago. */
  askForPoll(sourceId: string, at: Date, gapMs: number): Promise<boolean>;
  /** Notes that a source was polled, at or after this instant: what was asked for until then is done. */
  endPollWish(sourceId: string, polledAt: Date): Promise<void>;
  /** Takes documents out of the queue, once what is in them is stored. */
  recordPush(sourceId: string, record: PushRecord): Promise<void>;
}

/** Reads all that the subscriber keeps. */
export interface SubscriberReads extends SubscriptionReads, PushQueueReads {}

/** Writes all that the subscriber keeps. */
export interface SubscriberWrites extends SubscriptionWrites, PushQueueWrites {}

export type SubscriberStore = SubscriberReads & SubscriberWrites;
