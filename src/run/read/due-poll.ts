import type { PolledSource } from '../../ingest/polling/poll-plan.ts';
import type { SetAsideItem } from '../../model/set-aside.ts';
import type { SourceDescription } from '../../model/source.ts';
import type { OwnFeeds } from '../../normalise/identity/own-feed-loops.ts';
import type { NormaliseContext } from '../../normalise/normalise-context.ts';
import type { WaitingDelivery } from '../../ports/store/subscriber.ts';
import type { RunContext } from '../run-context.ts';
import type { OneAtATime } from '../../runtime/one-at-a-time.ts';

/** Values shared by all sources that one process reads in one run. */
export interface ReadingSession {
  /** Start of the run. All entries of a run count as first seen then, so that the speed of an
   *  answer decides no order. */
  readonly seenAt: Date;
  /** true ignores the schedule, never the publisher's limits. */
  readonly all: boolean;
  /** true deletes local articles whose files are missing at once, however many there are. */
  readonly acceptDeletions: boolean;
  /** Our own feeds: their entries must not come back to us. */
  readonly own: OwnFeeds;
  /** Hosts that sent Retry-After, and until when. */
  readonly holds: ReadonlyMap<string, Date>;
  /** Reports whether the run's time is used up, or the run was told to stop. No request is sent
   *  then. */
  readonly isOver: () => boolean;
  /** Large documents pass this gate one at a time: twenty at once would take more memory than the
   *  machine has. */
  readonly gate: OneAtATime;
}

/** One source that is due, with all values needed to read it. The source reader makes it once;
 *  every step of the poll gets this value. */
export interface DuePoll extends PolledSource, ReadingSession {
  readonly description: SourceDescription;
  /** Delivered documents in the queue, and whether a poll was requested. */
  readonly waiting: WaitingDelivery;
  /** Items of the source that are set aside in the reading stages. */
  readonly aside: readonly SetAsideItem[];
  /** Receives the SHA-256 of a document before it is read; a document that fails is known by this
   *  hash. */
  readonly noteBytes: (hash: string) => void;
  /** true after a crash: every document is then noted in the store while it is read, one at a
   *  time. */
  readonly isCareful: boolean;
}

/** The description of a source before any document has given one. */
export const nothingSaid: SourceDescription = { title: null, homePage: null, feedId: null, language: null };

/** Returns the context for normalising the entries of a source. Without a home page in the feed,
 *  the polled address or the source's page counts as its home page. */
export function toContext({ settings }: RunContext, { source, seenAt }: DuePoll, description: SourceDescription): NormaliseContext {
  const homePage = description.homePage ?? (source.kind === 'feed' || source.kind === 'page' ? source.address : null);
  return { sourceId: source.id, homePage, language: source.language ?? description.language, zone: settings.zone, seenAt };
}
