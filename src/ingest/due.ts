import type { FoundFeed, Notice, PollReason, PollState, PollWishes, PushOffer, RequestOptions, Rhythm, Source } from '../model/source.ts';
import type { Problem } from '../model/errors.ts';
import { hostOf } from '../model/values/address.ts';
import type { PollHints } from '../ports/fetcher.ts';
import { isSkipped, planNext } from './interval.ts';
import type { DueSettings } from './interval.ts';
import { followMove } from './move.ts';
import { staysWith } from './redirects.ts';

/** Whether a source is to be read now. Local sources always are; a source that is gone never is; a host that asked to be left alone is.
 *  `all` ignores the schedule's own patience, but nothing that the publisher or CHECKS A5 asks for. */
export function isDue(
  source: Source,
  poll: PollState,
  now: Date,
  options: { readonly all: boolean; readonly holds: ReadonlyMap<string, Date> },
): boolean {
  if (source.kind === 'file' || source.kind === 'articles') return true;
  if (poll.gone) return false;
  const hold = options.holds.get(hostOf(addressOf(source, poll)));
  if (hold && hold > now) return false;
  // A run that comes late must not fall into an hour that the publisher has asked to be spared (CHECKS A9).
  if (!options.all && source.intervalMs === null && poll.wishes && isSkipped(now.getTime(), poll.wishes)) return false;
  const from = options.all ? poll.notBeforeAt : poll.nextPollAt;
  return from === null || from <= now;
}

/** Where a source is asked: as configured, at the feed that was found on its page, or where repeated proof says that it has moved (CHECKS A10). */
export function addressOf(source: Source, poll: PollState): string {
  return poll.move?.isAdopted === true ? poll.move.to : (poll.found?.url ?? source.address);
}

/** How an address that a source leads to is asked: the owner's fields and credentials are for its own site alone, and no page of others leads into
 *  the owner's network (CHECKS A18). */
export function manner(
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

/** What one poll brought, as far as the next ones depend on it. What is absent stays as it was. */
export interface PollResult {
  readonly isFailed: boolean;
  /** true when it brought an entry, or a new version of one. */
  readonly isNews: boolean;
  readonly hasNewEntry: boolean;
  readonly problem: Problem | null;
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  readonly bodyHash?: string | null;
  readonly hints?: PollHints;
  readonly isGone?: boolean;
  readonly wishes?: PollWishes;
  readonly rhythm?: Rhythm;
  readonly notice?: Notice;
  readonly found?: FoundFeed | null;
  readonly push?: PushOffer | null;
  readonly cutPolls?: number;
  /** true when its document ended in the middle. */
  readonly isCut?: boolean;
  /** Whether a subscription to it is alive. */
  readonly isPushed: boolean;
}

/** The state after a poll at `at`, and why the next one comes when it does. */
export function advance(
  source: Source,
  poll: PollState,
  result: PollResult,
  at: Date,
  settings: DueSettings,
): { readonly state: PollState; readonly reason: PollReason } {
  const { isFailed, hints = noHints } = result;
  const mark = isFailed ? 'f' : result.isNews ? 'c' : 's';
  const failures = isFailed ? poll.failures + 1 : 0;
  // What is known of a move is about the feed that was asked, not about another one of the same page.
  const move = result.found === undefined ? followMove(poll.move, { isFailed, failures, movedTo: hints.movedTo, at }) : null;
  const after = {
    etag: result.etag === undefined ? poll.etag : result.etag,
    lastModified: result.lastModified === undefined ? poll.lastModified : result.lastModified,
    history: `${mark}${poll.history}`.slice(0, 10),
    failures,
    wishes: result.wishes ?? poll.wishes,
    rhythm: result.rhythm ?? poll.rhythm,
  };
  const { notBeforeAt, nextPollAt, reason } = planNext(source, { ...after, isPushed: result.isPushed }, hints, at, settings);
  // A page whose feed is gone may have another one.
  const gone = source.kind !== 'page' && (result.isGone ?? poll.gone);
  const isAdopted = move?.isAdopted === true && poll.move?.isAdopted !== true;
  const state: PollState = {
    ...after,
    notBeforeAt,
    nextPollAt,
    bodyHash: result.bodyHash === undefined ? poll.bodyHash : result.bodyHash,
    lastPollAt: at,
    lastSuccessAt: isFailed ? poll.lastSuccessAt : at,
    lastEntryAt: result.hasNewEntry ? at : poll.lastEntryAt,
    gone,
    problem: isFailed ? result.problem : null,
    move,
    notice: result.notice ?? (isAdopted ? toMovedNotice(source, move.to, at) : poll.notice),
    cutPolls: result.cutPolls ?? poll.cutPolls,
    found: result.found === undefined ? poll.found : result.found,
    push: result.push === undefined ? poll.push : result.push,
    // One that has never had an entry has not been read: what fills it may be all that its author ever wrote.
    firstReadAt: poll.firstReadAt ?? (isWhole(poll, result) && (result.hasNewEntry || poll.lastEntryAt !== null) ? at : null),
  };
  return { state, reason: gone ? 'gone' : reason };
}

/** Whether a reading was a whole one. A document that ends in the middle is asked for again; one that does so again has no more to say. */
function isWhole({ lastSuccessAt }: PollState, { isFailed, isCut }: PollResult): boolean {
  return !isFailed && (isCut !== true || lastSuccessAt !== null);
}

function toMovedNotice(source: Source, to: string, at: Date): Notice {
  const where = source.private ? 'another address' : to;
  const message = `it has moved to ${where} for good and is asked there from now on: put the new address into the configuration`;
  return { code: 'source/moved', message, at };
}

const noHints: PollHints = { status: null, retryAfter: null, freshUntil: null, finalUrl: '', movedTo: null };
