import type { Document, DocumentFormat, Feed, Representation, Site } from '../model/feed.ts';
import type { Story } from '../model/story.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** What the server is made from: functions that give it what to show, and never a store or a renderer. */
export interface ServeParts {
  readonly site: Site;
  readonly feeds: readonly Feed[];
  readonly log: Log;
  readonly clock: Clock;
  /** Seconds that a document stays fresh. */
  readonly maxAgeSeconds: number;
  /** Requests an hour that one client is answered on documents, archives and OPML, at least 1; null for any number. */
  readonly limitRequests: number | null;
  /** true when all requests come through the owner's own proxy: clients are then told apart by the last address of X-Forwarded-For. */
  readonly trustProxy: boolean;
  readonly readDocument: (feed: Feed, format: DocumentFormat) => Promise<Document>;
  /** An archive document (RFC 5005 §4); `later` while it cannot be made, since a run goes on; null when there is none of that number. */
  readonly readArchive: (feed: Feed, n: number) => Promise<Representation | 'later' | null>;
  /** The list of public sources (OPML 2.0). */
  readonly readOpml: () => Promise<Representation>;
  /** The stories that a feed shows now. */
  readonly readFeedStories: (feed: Feed) => Promise<readonly Story[]>;
  /** A story by its key, if a public feed may show it; null otherwise. */
  readonly readStory: (key: string) => Promise<Story | null>;
  /** The nearest stories on the same event that a public feed may show. */
  readonly readRelated: (story: Story) => Promise<readonly Story[]>;
  /** null when all is well, else what is wrong. */
  readonly checkReady: () => Promise<string | null>;
}
