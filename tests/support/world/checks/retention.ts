import type { Story } from '../../../../src/model/story.ts';
import type { Truth } from '../truth.ts';
import { DAY } from '../world.ts';
import type { World } from '../world.ts';
import { articlesOf } from './stories.ts';

/** Removed entries are recognised for this long after their source has dropped them. */
const REMEMBERED = 180 * DAY;

/** Checks that only old articles are removed, and that none comes back as new. */
export function createRetentionCheck(world: World, truth: Truth) {
  /** By article, when the program was first given it. */
  const firstGiven = new Map<number, number>();
  const removed = new Map<number, { readonly at: number; readonly names: string }>();
  /** Purged articles that may have been removed since: their source may bring them back, or not. */
  const mayBeRemoved = new Set<number>();
  // A removed article is recognised by what is kept of it, and its text is not.
  const namesOf = (article: number) =>
    JSON.stringify(
      [...truth.shown.values()].map((items) => {
        const { guid, link, title, date } = items.get(article)?.at(-1) ?? {};
        return [guid, link, title, date];
      }),
    );
  return {
    check(stories: readonly Story[]): string[] {
      const { days, perSource } = world.retention;
      const now = world.now.getTime();
      const homes = new Map(stories.flatMap((story) => articlesOf(story).map((article): [number, Story] => [article, story])));
      const found: string[] = [];
      for (const articles of [truth.owed, ...truth.shown.values()])
        for (const article of articles.keys()) if (!firstGiven.has(article)) firstGiven.set(article, now);
      if (days !== null || perSource !== null)
        for (const article of truth.owed) {
          if (homes.has(article) || removed.has(article)) continue;
          const isOld = perSource !== null || (days !== null && (firstGiven.get(article) ?? now) <= now - days * DAY);
          if (!isOld && !world.clock.isEverSet) found.push(`article ${article} was removed before its time`);
          removed.set(article, { at: now, names: namesOf(article) });
          truth.owed.delete(article);
        }
      if (days !== null || perSource !== null) for (const article of world.owner.purged) if (!homes.has(article)) mayBeRemoved.add(article);
      for (const article of mayBeRemoved) truth.owed.delete(article);
      for (const [article, { at, names }] of removed) {
        const story = homes.get(article);
        const isDoubtful = world.doubtful.has(article) || truth.lookalikes.has(article) || names !== namesOf(article);
        if (story && now - at < REMEMBERED && !isDoubtful && !world.clock.isEverSet)
          found.push(`article ${article} was removed, and is back as ${story.id}`);
        // Otherwise nobody could tell that it is the same, so it may have another id.
        else if (story) world.doubtful.add(article);
        // It is never owed again, though its source may show it for ever.
        truth.owed.delete(article);
      }
      return found;
    },
  };
}
