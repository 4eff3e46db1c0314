import type { Document, DocumentFormat, Feed, Representation, Site } from '../model/feed.ts';
import type { SiteCounts } from '../model/counts.ts';
import type { HubAnswer, SubscriptionRequest } from '../model/hub.ts';
import type { Correction, CorrectionOutcome } from '../model/story.ts';
import type { ListView, ListSelection, SourcesView, StoryAnswer, StoryView } from '../model/view.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Callbacks } from './routes/websub-callback.ts';
import type { Metrics, RunsAfter } from './metrics/metrics.ts';
import type { FrameOptions } from './pages/frame/frame.ts';

/** Everything that the server needs, as functions that return the data to show. It holds no
 *  store and no renderer. */
export interface ServerContext {
  readonly site: Site;
  readonly feeds: readonly Feed[];
  readonly log: Log;
  readonly clock: Clock;
  /** Seconds for which a document stays fresh. */
  readonly maxAgeSeconds: number;
  /** Requests an hour that one client may make for documents, archives and OPML, at least 1. The
   *  same number applies to pages and the API. null: no limit. */
  readonly limitRequests: number | null;
  /** true when all requests come through the owner's own proxy: clients are then distinguished
   *  by the last address of X-Forwarded-For. */
  readonly trustProxy: boolean;
  /** The hub that documents of public feeds name; null for none. */
  readonly hubUrl: string | null;
  /** Passes a request to our own hub; null when there is none. */
  readonly askHub: ((request: SubscriptionRequest) => Promise<HubAnswer>) | null;
  /** Returns false until the first run of a new store has ended: an empty page would then
   *  mislead. */
  readonly hasPublished: () => boolean;
  readonly readDocument: (feed: Feed, format: DocumentFormat) => Promise<Document>;
  /** Returns an archive document (RFC 5005 §4); `later` while a run keeps it from being made;
   *  null when no archive has that number. */
  readonly readArchive: (feed: Feed, n: number) => Promise<Representation | 'later' | null>;
  /** Returns the list of public sources (OPML 2.0). */
  readonly readOpml: () => Promise<Representation>;
  /** Returns a page of the stories that these feeds show; null when there is no such page or
   *  tag. */
  readonly readList: (feeds: readonly Feed[], selection: ListSelection) => Promise<ListView | null>;
  /** Returns the tags by which a feed's stories can be filtered. */
  readonly readTags: (feed: Feed) => Promise<readonly string[]>;
  /** Returns the story at an address for a reader who may see these feeds besides the public
   *  ones. */
  readonly readStory: (key: string, mayRead: (feed: Feed) => boolean) => Promise<StoryAnswer>;
  /** Returns the number of the last publication: rendered pages stay valid while it is the same. */
  readonly readPublished: () => Promise<number>;
  /** Renders long stories in another thread; null when there is none. */
  readonly showLong: ShowLong | null;
  /** Returns the sources of these feeds, and the state of the feeds. */
  readonly readSources: (feeds: readonly Feed[]) => Promise<SourcesView>;
  /** The owner's token for requests that change something; null: nobody may. */
  readonly token: string | null;
  /** Applies the owner's correction in another thread.
   *  @throws NewsfoldError `run/locked` at once while a run goes on. */
  readonly correct: (correction: Correction) => Promise<CorrectionOutcome>;
  /** Explains what became of an article, in another thread, and includes what is held back. */
  readonly askWhy: (question: string) => Promise<object>;
  /** Starts a run without waiting for it. */
  readonly startRun: () => void;
  readonly callbacks: Callbacks;
  /** Returns the faults that keep the server from being ready, a line each; none when all is
   *  well. A line that begins with `warning: ` does not count as a fault. */
  readonly checkReady: () => Promise<readonly string[]>;
  /** true when each request is logged, at level debug. */
  readonly logsRequests: boolean;
  /** Metrics; they outlive this server. */
  readonly metrics: Metrics;
  /** Returns the counts of the store.
   *  @throws the error of a store that cannot be read. */
  readonly readFigures: (runs: RunsAfter) => Promise<SiteCounts>;
}

/** Renders long stories. Both functions throw NewsfoldError when no thread is available now. */
export interface ShowLong {
  /** Returns the page as HTML. */
  readonly page: (view: StoryView, frame: FrameOptions) => Promise<string>;
  /** Returns the story as the API gives it. */
  readonly detail: (view: StoryView) => Promise<object>;
}
