import type { Notice, PollState, Source } from '../../model/source.ts';
import { hostOf } from '../../model/values/address.ts';
import type { PollHints } from '../../ports/fetcher.ts';
import type { PollRecord } from '../../ports/store/sources.ts';
import { planNext } from './next-poll.ts';
import type { DueSettings } from './next-poll.ts';
import { followMove } from './moved-address.ts';
import type { PolledSource } from './poll-plan.ts';
import type { ReadResult } from './read-result.ts';

/** Returns the record of a poll at `at`: the state after it, the reason for the next poll's time,
 *  and the facts to be logged. */
export function toPollRecord(
  { source, poll, plan: asked, isSubscribed }: PolledSource,
  reading: ReadResult,
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
function isWhole({ lastSuccessAt }: PollState, { outcome, isCut }: ReadResult): boolean {
  return outcome !== 'failed' && (isCut !== true || lastSuccessAt !== null);
}

function toMovedNotice(source: Source, to: string, at: Date): Notice {
  const where = source.private ? 'another address' : to;
  const message = `it has moved permanently to ${where} and is requested there from now on: put the new address into the configuration`;
  return { code: 'source/moved', message, at };
}

const noHints: PollHints = { status: null, retryAfter: null, freshUntil: null, finalUrl: '', movedTo: null };
