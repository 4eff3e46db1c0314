import type { FindReads } from './find-articles.ts';
import type { HubReads, HubStore } from './hub.ts';
import type { RetentionReads, RetentionStore } from './retention.ts';
import type { OwnReads, OwnStore } from './own-files.ts';
import type { SubscriberReads, SubscriberStore } from './subscriber.ts';
import type { SetAsideReads, SetAsideStore } from './set-aside.ts';
import type { AlertReads, AlertStore } from './alerts.ts';
import type { CountReads } from './counts.ts';
import type { ClusterReads, ClusterStore } from './cluster.ts';
import type { EntryReads, EntryStore } from './entries.ts';
import type { FeedReads, FeedStore } from './feeds.ts';
import type { FoldReads, FoldStore } from './folding.ts';
import type { RunReads, RunStore } from './runs.ts';
import type { PageReads, PageStore, RobotsReads, RobotsStore, SourceReads, SourceStore } from './sources.ts';
import type { StoryReads, StoryStore } from './stories.ts';
import type { TransferReads, TransferStore } from './transfer.ts';

/** Most entries per transaction. A killed run loses at most this many, and no other writer waits
 *  long. */
export const BATCH_SIZE = 500;

/** All reading methods. Instants are returned as `Date`. */
export interface Reads
  extends
    SourceReads,
    PageReads,
    RobotsReads,
    EntryReads,
    OwnReads,
    FoldReads,
    StoryReads,
    FindReads,
    FeedReads,
    CountReads,
    RunReads,
    SetAsideReads,
    HubReads,
    SubscriberReads,
    RetentionReads,
    TransferReads,
    ClusterReads,
    AlertReads {
  /** Path or URL without credentials, for messages. */
  readonly name: string;
  /** Closes all connections. No method may be called afterwards. */
  close(): Promise<void>;
}

/** All methods, reading and writing. U+0000 and lone surrogates are removed from every stored
 *  text. Every method is one transaction: after a crash it has happened completely or not at
 *  all. A caller should ask for the one or two topics that it needs instead. */
export interface Store
  extends
    Reads,
    SourceStore,
    PageStore,
    RobotsStore,
    EntryStore,
    OwnStore,
    FoldStore,
    StoryStore,
    FeedStore,
    RunStore,
    SetAsideStore,
    HubStore,
    SubscriberStore,
    RetentionStore,
    TransferStore,
    ClusterStore,
    AlertStore {}
