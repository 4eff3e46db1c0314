import type { Problem } from '../../model/errors.ts';
import type { FoundFeed, Notice, PublisherHints, HubOffer, Rhythm, SourceDescription } from '../../model/source.ts';
import type { PollHints } from '../../ports/fetcher.ts';
import type { PollRecord } from '../../ports/store/sources.ts';

/** The result of reading a source once, before it is recorded. An absent field leaves the known
 *  value as it was. */
export interface ReadResult {
  readonly outcome: PollRecord['outcome'];
  readonly problems: readonly Problem[];
  /** Entries that were new, have a new version, or were deleted. */
  readonly added?: number;
  readonly revised?: number;
  readonly deleted?: number;
  readonly description?: SourceDescription;
  /** Validators to keep from now on (RFC 9110 §8.8), byte for byte; null for none. */
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  /** SHA-256 of the document, hex; null for a delta (RFC 3229), which no later document could
   *  equal. */
  readonly bodyHash?: string | null;
  readonly bytes?: number;
  readonly hints?: PollHints;
  /** true after 410: the source is not polled again. */
  readonly gone?: boolean;
  /** true when the document ended in the middle. */
  readonly isCut?: boolean;
  /** Polls in a row, this one included, whose document ended inside its last entry. */
  readonly cutPolls?: number;
  readonly publisherHints?: PublisherHints;
  readonly rhythm?: Rhythm;
  readonly notice?: Notice;
  /** The feed that was found on the page; null when it must be looked for again. */
  readonly found?: FoundFeed | null;
  readonly hubOffer?: HubOffer | null;
  /** A host that sent Retry-After while pages of entries were fetched. */
  readonly hold?: PollRecord['hold'];
  /** An error that no reader foresaw: the document may be set aside. */
  readonly fault?: { readonly error: unknown };
}
