import type { Site } from '../../../model/feed.ts';
import type { SourceStatus } from '../../../model/source.ts';
import { isLocal } from '../../../publish/api/json.ts';
import type { Markup } from '../frame/layout.ts';
import { toMinute } from '../words/times.ts';

/** Returns the state of a source in words. */
export function nameState(status: SourceStatus): string {
  const { poll } = status;
  if (poll.gone) return 'ended: its publisher says that it is gone, so it is no longer polled';
  if (poll.failures > 0) return poll.failures === 1 ? 'failed at the last poll' : `failed ${poll.failures} times in a row`;
  if (poll.lastSuccessAt === null) return 'not read yet';
  return isLocal(status) ? 'read' : 'working';
}

/** Returns the time of a source's next poll in words. */
export function sayNext(status: SourceStatus, site: Site): Markup | string {
  const { poll } = status;
  if (isLocal(status)) return 'at every run';
  if (poll.gone) return 'never';
  return poll.nextPollAt === null ? 'at the next run' : toMinute(poll.nextPollAt, site);
}
