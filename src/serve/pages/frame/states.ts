import type { Site } from '../../../model/feed.ts';
import type { SourceStatus } from '../../../model/source.ts';
import { isLocal } from '../../../publish/api/json-forms.ts';
import type { Markup } from './layout.ts';
import { toMinute } from '../words/times.ts';

/** How a source is doing, in words. */
export function nameState(status: SourceStatus): string {
  const { poll } = status;
  if (poll.gone) return 'gone for good: its publisher says so, and it is not asked again';
  if (poll.failures > 0) return poll.failures === 1 ? 'failed the last time' : `failed ${poll.failures} times in a row`;
  if (poll.lastSuccessAt === null) return 'not read yet';
  return isLocal(status) ? 'read' : 'well';
}

/** When a source is asked next, in words. */
export function sayNext(status: SourceStatus, site: Site): Markup | string {
  const { poll } = status;
  if (isLocal(status)) return 'with every run';
  if (poll.gone) return 'never';
  return poll.nextPollAt === null ? 'with the next run' : toMinute(poll.nextPollAt, site);
}
