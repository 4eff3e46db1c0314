import type { PollState, RequestOptions, Source } from '../../model/source.ts';
import { hostOf } from '../../model/values/address.ts';
import { addressOf } from '../../model/values/shown-polls.ts';
import type { FetchRequest } from '../../ports/fetcher.ts';
import { isSkipped } from './next-poll.ts';
import { staysWith } from '../http/redirects.ts';

/** The plan of polling one source: the address, the request and the time. */
interface PollPlan {
  /** Address to request: as configured, or where the feed was found or has moved to. */
  readonly address: string;
  /** Host and port of the address; empty for a local source. */
  readonly host: string;
  /** The request for a source on the web. */
  readonly request: FetchRequest;
  /** Reports whether the source may be read at `now`. `all` ignores the schedule; `holds` are the
   *  hosts that sent Retry-After, and until when. */
  readonly isDue: (now: Date, options: DueOptions) => boolean;
}

interface DueOptions {
  readonly all: boolean;
  readonly holds: ReadonlyMap<string, Date>;
}

/** A source to be polled, with its state before the poll. */
export interface PolledSource {
  readonly source: Source;
  readonly poll: PollState;
  readonly plan: PollPlan;
  /** true while a verified subscription delivers its documents (WebSub): it is polled less
   *  often. */
  readonly isSubscribed: boolean;
}

/** Plans the next poll of a source by its state. */
export function planPoll(source: Source, poll: PollState): PollPlan {
  const address = addressOf(source, poll);
  const host = hostOf(address);
  const { etag, lastModified } = poll;
  const policy = requestPolicy(source, address);
  return {
    address,
    host,
    request: {
      url: address,
      etag,
      lastModified,
      // After a failure the whole document is requested: an unreadable delta would stay unreadable.
      acceptsDelta: poll.failures === 0,
      accept: 'feed',
      mayFollow: null,
      options: policy.options,
      publicOnly: source.kind !== 'feed' && policy.publicOnly,
    },
    isDue: (now, options) => isDue(source, poll, now, { ...options, host }),
  };
}

/** Reports whether a source must be read now. Local sources always are; a source that is gone never
 *  is, nor is one whose host sent Retry-After. `all` ignores the schedule, but none of the
 *  publisher's limits or docs/polling.md A5. */
function isDue(source: Source, poll: PollState, now: Date, options: DueOptions & Pick<PollPlan, 'host'>): boolean {
  if (source.kind === 'file' || source.kind === 'articles') return true;
  if (poll.gone) return false;
  const hold = options.holds.get(options.host);
  if (hold && hold > now) return false;
  // A late run must not poll in an hour that the publisher has excluded (docs/polling.md A9).
  if (!options.all && source.intervalMs === null && poll.publisherHints && isSkipped(now.getTime(), poll.publisherHints)) return false;
  const from = options.all ? poll.notBeforeAt : poll.nextPollAt;
  return from === null || from <= now;
}

/** Returns the request policy for an address to which a source leads. The owner's fields and
 *  credentials are sent to the source's own site alone. A stranger's page must not lead into the
 *  owner's network (docs/polling.md A18). */
export function requestPolicy(
  source: Pick<Source, 'address' | 'request'>,
  address: string,
): { readonly options: RequestOptions; readonly publicOnly: boolean } {
  const [own, other] = [URL.parse(source.address), URL.parse(address)];
  const isOwn = own !== null && other !== null && staysWith(own, other);
  return {
    options: isOwn ? source.request : { ...source.request, headers: {}, auth: null },
    publicOnly: own?.hostname !== other?.hostname,
  };
}
