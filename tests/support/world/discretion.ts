import { takesFrom } from '../../../src/publish/selection/select.ts';
import type { Fates } from './fates.ts';
import type { Truth } from './truth.ts';
import { originOf } from './world.ts';
import type { World } from './world.ts';

/** Follows which articles strangers may read: those that a feed for everybody has ever taken, by
 *  itself or through a copy. `note` is called after each run and says what is secret. */
export function createDiscretion(world: World, truth: Truth, fates: Fates) {
  const open = new Set<number>();
  return {
    note(): void {
      const isOpen = (source: string) => world.feeds.some((feed) => !feed.private && takesFrom(feed, source, []));
      const closed = new Set<number>();
      const sort = (source: string, articles: Iterable<number>) => {
        for (const article of articles) (isOpen(source) ? open : closed).add(article);
      };
      for (const [source, items] of truth.shown) sort(source, items.keys());
      for (const [article, { folder, edits }] of fates.all) if (fates.isReleased(article)) sort(folder.id, [article, ...edits]);
      const origins = new Set([...open].map((article) => originOf(world, article)));
      world.secrets.clear();
      for (const article of fates.held) world.secrets.add(article);
      for (const article of closed) if (!origins.has(originOf(world, article))) world.secrets.add(article);
    },
  };
}
