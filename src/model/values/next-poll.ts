import type { PollState, Source, SourceStatus } from '../source.ts';
import { hostOf } from './address.ts';

/** Returns the address at which a source is asked: as configured, at the feed that was found on its
 *  page, or where repeated permanent redirects lead. */
export function addressOf(source: Source, poll: PollState): string {
  return poll.move?.isAdopted === true ? poll.move.to : (poll.found?.url ?? source.address);
}

/** Returns sources with the next poll that people are shown: no source is asked before the
 *  Retry-After of its host has passed, whichever source of the host received it. `holds` has the
 *  hosts, and until when. A run does not go by this: it knows both facts apart (ingest/due.ts). */
export function toShownPolls(statuses: readonly SourceStatus[], holds: ReadonlyMap<string, Date>): readonly SourceStatus[] {
  if (holds.size === 0) return statuses;
  return statuses.map((status) => {
    const { source, poll } = status;
    const until = holds.get(hostOf(addressOf(source, poll)));
    if (until === undefined || (poll.nextPollAt !== null && poll.nextPollAt >= until)) return status;
    return { ...status, poll: { ...poll, nextPollAt: until } };
  });
}
