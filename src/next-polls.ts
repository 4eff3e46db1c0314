import { addressOf, hostOf } from './ingest/due.ts';
import type { SourceStatus } from './model/source.ts';
import type { Clock } from './ports/clock.ts';
import type { SourceReads } from './ports/store/sources.ts';

/** All sources as `readSources` has them, with the next poll that holds. A source is not asked
 *  before its host's Retry-After has passed. It makes no difference which source of the host was
 *  told. For all that shows it; a run goes by the parts (ingest/due.ts). */
export async function readShownSources({
  store,
  clock,
}: {
  readonly store: SourceReads;
  readonly clock: Clock;
}): Promise<readonly SourceStatus[]> {
  const statuses = await store.readSources();
  const holds = await store.readHolds(clock.now());
  if (holds.size === 0) return statuses;
  return statuses.map((status) => {
    const { source, poll } = status;
    const until = holds.get(hostOf(addressOf(source, poll)));
    if (until === undefined || (poll.nextPollAt !== null && poll.nextPollAt >= until)) return status;
    return { ...status, poll: { ...poll, nextPollAt: until } };
  });
}
