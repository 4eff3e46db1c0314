import type { FindReads } from '../find-store.ts';
import type { HubReads, HubWrites } from '../hub-store.ts';
import type { RetentionReads, RetentionWrites } from '../keep-store.ts';
import type { OwnReads, OwnWrites } from '../own-store.ts';
import type { SubscriberReads, SubscriberWrites } from '../push-store.ts';
import type { SetAsideReads, SetAsideWrites } from '../set-aside-store.ts';
import type { AlertReads, AlertWrites } from './alerts.ts';
import type { CountReads } from './counts.ts';
import type { ClusterReads, ClusterWrites } from './cluster.ts';
import type { EntryReads, EntryWrites } from './entries.ts';
import type { FeedReads, FeedWrites } from './feeds.ts';
import type { FoldReads, FoldWrites } from './folding.ts';
import type { RunReads, RunWrites } from './runs.ts';
import type { PageReads, PageWrites, SourceReads, SourceWrites } from './sources.ts';
import type { StoryReads, StoryWrites } from './stories.ts';
import type { TransferReads, TransferWrites } from './transfer.ts';

/** Most entries that one transaction writes: a run that is killed loses no more than that, and
 *  nobody waits longer for the store. */
export const BATCH_SIZE = 500;

/** Everything that can be read. Instants come out as `Date`. */
export interface Reads
  extends
    SourceReads,
    PageReads,
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

/** Everything that can be written. Text is freed of U+0000 and lone surrogates on the way in. Every
 *  method is a transaction of its own: after a crash it has happened whole or not at all. */
export interface Writes
  extends
    SourceWrites,
    PageWrites,
    EntryWrites,
    OwnWrites,
    FoldWrites,
    StoryWrites,
    FeedWrites,
    RunWrites,
    SetAsideWrites,
    HubWrites,
    SubscriberWrites,
    RetentionWrites,
    TransferWrites,
    ClusterWrites,
    AlertWrites {}

/** The whole store. A caller names one or two topics instead, where it does with them. */
export interface Store extends Reads, Writes {}
