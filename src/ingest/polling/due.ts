import type { Notice, PollState, RequestOptions, Source } from '../../model/source.ts';
import { hostOf } from '../../model/values/address.ts';
import { addressOf } from '../../model/values/next-poll.ts';
import type { FetchRequest, PollHints } from '../../ports/fetcher.ts';
import type { PollRecord } from '../../ports/store/sources.ts';
import { isSkipped, planNext } from './interval.ts';
import type { DueSettings } from './interval.ts';
import { followMove } from './move.ts';
import type { Reading } from './reading.ts';
import { staysWith } from '../http/redirects.ts';

/** The plan of polling one source: the address, the request and the time. */
export interface PollPlan {
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
export function plan(source: Source, poll: PollState): PollPlan {
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

/** Returns the record of a poll at `at`: the state after it, the reason for the next poll's time,
 *  and the facts to be logged. */
export function advance(
  { source, poll, plan: asked, isSubscribed }: PolledSource,
  reading: Reading,
  at: Date,
  settings: DueSettings,
): PollRecord {
  const { outcome, added = 0, revised = 0, hints = noHints } = reading;
  const isFailed = outcome === 'failed';
  const mark = isFailed ? 'f' : added + revised > 0 ? 'c' : 's';
  const failures = isFailed ? poll.failures + 1 : 0;
  // The evidence of a move concerns the feed that was requested, not another feed of the same page.
  const move = reading.found === undefined ? followMove(poll.move, { isFailed, failures, movedTo: hints.movedTo, at }) : null;
  const after = {
    etag: reading.etag === undefined ? poll.etag : reading.etag,
    lastModified: reading.lastModified === undefined ? poll.lastModified : reading.lastModified,
    history: `${mark}${poll.history}`.slice(0, 10),
    failures,
    publisherHints: reading.publisherHints ?? poll.publisherHints,
    rhythm: reading.rhythm ?? poll.rhythm,
  };
  const { notBeforeAt, nextPollAt, reason } = planNext(source, { ...after, isSubscribed }, hints, at, settings);
  // A page whose feed is gone may have another one.
  const gone = source.kind !== 'page' && (reading.gone ?? poll.gone);
  const isAdopted = move?.isAdopted === true && poll.move?.isAdopted !== true;
  const state: PollState = {
    ...after,
    notBeforeAt,
    nextPollAt,
    bodyHash: reading.bodyHash === undefined ? poll.bodyHash : reading.bodyHash,
    lastPollAt: at,
    lastSuccessAt: isFailed ? poll.lastSuccessAt : at,
    lastEntryAt: added > 0 ? at : poll.lastEntryAt,
    gone,
    problem: isFailed ? (reading.problems[0] ?? null) : null,
    move,
    notice: reading.notice ?? (isAdopted ? toMovedNotice(source, move.to, at) : poll.notice),
    cutPolls: reading.cutPolls ?? poll.cutPolls,
    found: reading.found === undefined ? poll.found : reading.found,
    hubOffer: reading.hubOffer === undefined ? poll.hubOffer : reading.hubOffer,
    // A source that has never had an entry does not count as read: its first entries may be its
    // author's whole archive.
    firstReadAt: poll.firstReadAt ?? (isWhole(poll, reading) && (added > 0 || poll.lastEntryAt !== null) ? at : null),
  };
  return {
    state,
    description: reading.description ?? null,
    at,
    status: hints.status,
    outcome,
    sentEtag: poll.etag,
    sentLastModified: poll.lastModified,
    bytes: reading.bytes ?? null,
    movedAddress: asked.address === source.address ? null : asked.address,
    reason: gone ? 'gone' : reason,
    hold: hints.retryAfter ? { host: hostOf(hints.finalUrl), until: hints.retryAfter } : (reading.hold ?? null),
  };
}

/** Reports whether a whole document was read. A truncated document is requested again; if it is
 *  truncated again, it counts as whole. */
function isWhole({ lastSuccessAt }: PollState, { outcome, isCut }: Reading): boolean {
  return outcome !== 'failed' && (isCut !== true || lastSuccessAt !== null);
}

function toMovedNotice(source: Source, to: string, at: Date): Notice {
  const where = source.private ? 'another address' : to;
  const message = `it has moved permanently to ${where} and is requested there from now on: put the new address into the configuration`;
  return { code: 'source/moved', message, at };
}

const noHints: PollHints = { status: null, retryAfter: null, freshUntil: null, finalUrl: '', movedTo: null };
