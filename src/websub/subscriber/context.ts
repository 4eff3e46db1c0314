import type { SourceDeclaration } from '../../model/source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { Log } from '../../ports/log.ts';
import type { SubscriberStore } from '../../ports/store/subscriber.ts';

/** Settings of the subscriber (WebSub). */
export interface SubscriberSettings {
  /** true when the owner has switched it on and hubs can reach the site. */
  readonly isOn: boolean;
  /** Base URL of the callbacks, without a slash at the end. */
  readonly siteUrl: string;
  /** CIDR ranges outside the public internet in which hubs may be asked. */
  readonly allowPrivateAddresses: readonly string[];
}

/** All dependencies of the subscriber. */
export interface SubscribeContext {
  readonly store: SubscriberStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends requests to hubs. */
  readonly http: HttpClient;
  readonly settings: {
    readonly declarations: readonly SourceDeclaration[];
    /** Absolute URLs of every document that is published here, without a slash at the end. */
    readonly ownUrls: ReadonlySet<string>;
    readonly push: SubscriberSettings;
  };
}
