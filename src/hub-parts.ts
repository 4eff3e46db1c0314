import type { Document, DocumentFormat, Feed } from './model/feed.ts';
import type { Clock } from './ports/clock.ts';
import type { HttpClient } from './ports/http.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';

/** What the hub works with. */
export interface HubParts {
  readonly store: Store;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly siteUrl: string;
  readonly hubUrl: string;
  /** CIDR ranges outside the public internet that may be called back all the same. */
  readonly allowPrivateAddresses: readonly string[];
  /** Documents of public feeds by their addresses. */
  readonly topics: ReadonlyMap<string, { readonly feed: Feed; readonly format: DocumentFormat }>;
  readonly renderFeed: (feed: Feed) => Promise<readonly Document[]>;
  /** true once it has been told to stop: nothing new is begun. */
  readonly isStopped: () => boolean;
}
