import type { Feed } from './feed.ts';

/** Reports whether a feed has ended: it is retired, or the end that its last entry announced has
 *  passed. */
export function hasEnded({ retired, endsAt }: Pick<Feed, 'retired' | 'endsAt'>, now: Date): boolean {
  return retired || (endsAt !== null && endsAt <= now);
}
