import type { Document, DocumentFormat, Feed, Representation, Site } from '../model/feed.ts';
import type { SiteCounts } from '../model/counts.ts';
import type { HubAnswer, Subscribing } from '../model/hub.ts';
import type { Correction, CorrectionOutcome } from '../model/story.ts';
import type { ListView, ListSelection, SourcesView, StoryAnswer, StoryView } from '../model/view.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Callbacks } from './routes/websub-callback.ts';
import type { Metrics, RunsAfter } from './metrics/metrics.ts';
import type { FrameOptions } from './pages/frame/frame.ts';

/** What the server is made from: functions that give it what to show, and never a store or a
 *  renderer. */
export interface ServerContext {
  readonly site: Site;
  readonly feeds: readonly Feed[];
  readonly log: Log;
  readonly clock: Clock;
  /** Seconds that a document stays fresh. */
  readonly maxAgeSeconds: number;
  /** Requests an hour that one client is answered on documents, archives and OPML, at least 1;
   *  as many on pages and the API. null for any number. */
  readonly limitRequests: number | null;
  /** true when all requests come through the owner's own proxy: clients are then told apart by the
   *  last address of X-Forwarded-For. */
  readonly trustProxy: boolean;
  /** The hub that documents of public feeds name; null for none. */
  readonly hubUrl: string | null;
  /** Asks our own hub; null when there is none. */
  readonly askHub: ((request: Subscribing) => Promise<HubAnswer>) | null;
  /** false until the first run of a new store has ended: what there is to see then looks empty, and
   *  is not. */
  readonly hasPublished: () => boolean;
  readonly readDocument: (feed: Feed, format: DocumentFormat) => Promise<Document>;
  /** An archive document (RFC 5005 §4); `later` while it cannot be made, since a run goes on; null
   *  when there is none of that number. */
  readonly readArchive: (feed: Feed, n: number) => Promise<Representation | 'later' | null>;
  /** The list of public sources (OPML 2.0). */
  readonly readOpml: () => Promise<Representation>;
  /** A page of the stories that stand in these feeds; null when there is none, or no such tag. */
  readonly readList: (feeds: readonly Feed[], selection: ListSelection) => Promise<ListView | null>;
  /** Tags that a feed's stories can be narrowed by. */
  readonly readTags: (feed: Feed) => Promise<readonly string[]>;
  /** What stands at a story's address for one who may see these feeds beside the public ones. */
  readonly readStory: (key: string, mayRead: (feed: Feed) => boolean) => Promise<StoryAnswer>;
  /** Number of what was published last: while it stays, so do pages. */
  readonly readPublished: () => Promise<number>;
  /** Shows long stories elsewhere than on this thread; null: there is no such place. */
  readonly showLong: ShowLong | null;
  /** The sources that these feeds take from, and the state of the feeds. */
  readonly readSources: (feeds: readonly Feed[]) => Promise<SourcesView>;
  /** The owner's token for what changes something; null: nobody may. */
  readonly token: string | null;
  /** Does what the owner asks for, elsewhere than on this thread.
   *  @throws NewsfoldError `run/locked` at once while a run goes on. */
  readonly correct: (correction: Correction) => Promise<CorrectionOutcome>;
  /** Says what became of an article, elsewhere than on this thread; names what is held back. */
  readonly askWhy: (question: string) => Promise<object>;
  /** Starts a run, and does not wait for it. */
  readonly startRun: () => void;
  readonly callbacks: Callbacks;
  /** The faults that keep the server from being ready, a line each; none when all is well. A
   *  line that begins with `warning: ` keeps it from nothing. */
  readonly checkReady: () => Promise<readonly string[]>;
  /** Whether each request is logged, at level debug. */
  readonly logsRequests: boolean;
  /** What is counted; it outlives this server. */
  readonly metrics: Metrics;
  /** What the store says in numbers.
   *  @throws whatever the store throws that cannot be read. */
  readonly readFigures: (runs: RunsAfter) => Promise<SiteCounts>;
}

/** Shows long stories. Both functions throw NewsfoldError when that cannot be had now. */
export interface ShowLong {
  /** Returns the page as HTML. */
  readonly page: (view: StoryView, frame: FrameOptions) => Promise<string>;
  /** Returns the story as the API gives it. */
  readonly detail: (view: StoryView) => Promise<object>;
}
