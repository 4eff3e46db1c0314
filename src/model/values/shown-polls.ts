import type { PollState, Source, SourceStatus } from '../source.ts';
import { hostOf } from './address.ts';

/** Returns the address that polls use: as configured, or the feed found on the page, or the target
 *  of repeated permanent redirects. */
export function addressOf(source: Source, poll: PollState): string {
  return poll.move?.isAdopted === true ? poll.move.to : (poll.found?.url ?? source.address);
}

/** Returns sources with the time of the next poll that people see. A source is not polled before
 *  the Retry-After of its host has passed, whichever source of the host received it. `holds`: the
 *  end of Retry-After, by host. Runs do not use this function; they read both times
 *  (ingest/polling/poll-plan.ts). */
export function toShownPolls(statuses: readonly SourceStatus[], holds: ReadonlyMap<string, Date>): readonly SourceStatus[] {
  if (holds.size === 0) return statuses;
  return statuses.map((status) => {
    const { source, poll } = status;
    const until = holds.get(hostOf(addressOf(source, poll)));
    if (until === undefined || (poll.nextPollAt !== null && poll.nextPollAt >= until)) return status;
    return { ...status, poll: { ...poll, nextPollAt: until } };
  });
}
