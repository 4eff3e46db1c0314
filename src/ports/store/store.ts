import type { FindReads } from './finds.ts';
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

/** Most entries that one transaction writes: a run that is killed loses no more than that, and
 *  nobody waits longer for the store. */
export const BATCH_SIZE = 500;

/** Everything that can be read. Instants come out as `Date`. */
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
  close(): Promise<void>;
}

/** The whole store, reading and writing. Text is freed of U+0000 and lone surrogates on the way in.
 *  Every method is a transaction of its own: after a crash it has happened whole or not at all. A
 *  caller names one or two topics instead, where they are enough. */
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
